import { createServer, type Server } from 'node:https';
import { PassThrough } from 'node:stream';
import { Log } from '@kubernetes/client-node';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { KubeletCertificates } from '#sandbox/node/server.ts';
import { type ApiWorld, onEachTarget, until } from './api-world.ts';

/** As much of a kubelet as an API server meets: it writes down what it was asked, and echoes. */
async function startKubelet({ key, cert, clientCa }: KubeletCertificates): Promise<{
  readonly port: number;
  readonly asked: string[];
  close(): void;
}> {
  const asked: string[] = [];
  const tls = { key, cert, ca: clientCa, requestCert: true, rejectUnauthorized: true };
  const server: Server = createServer(tls, (request, response) => {
    asked.push(request.url ?? '');
    if (request.url?.includes('/starting/')) {
      response.writeHead(400);
      response.end('container "c" in pod "starting" is waiting to start: ContainerCreating');
      return;
    }
    response.write('first line\n');
    response.end('second line\n');
  });
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => [...offered][0] ?? false,
  });
  server.on('upgrade', (request, socket, head) => {
    asked.push(request.url ?? '');
    sockets.handleUpgrade(request, socket, head, (ws) => {
      ws.on('message', (data: Buffer) => {
        const text = data.subarray(1).toString();
        if (data[0] !== 0 || text === '') return;
        ws.send(Buffer.concat([Buffer.from([1]), Buffer.from(text.toUpperCase())]));
        ws.send(Buffer.concat([Buffer.from([3]), Buffer.from('{"status":"Success"}')]));
        ws.close();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    asked,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function startPod({ client, path }: ApiWorld, name: string, port: number): Promise<void> {
  const node = {
    metadata: { name: `node-${name}` },
    status: {
      addresses: [{ type: 'Hostname', address: 'localhost' }],
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
    },
  };
  await client.must('POST /api/v1/nodes', { body: node });
  const containers = [{ name: 'c', image: 'x:1' }];
  await client.must(`POST ${path('pods')}`, { body: { metadata: { name }, spec: { containers } } });
  await client.must(`POST ${path('pods')}/${name}/binding`, {
    body: {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name },
      target: { kind: 'Node', name: `node-${name}` },
    },
  });
}

onEachTarget((world) => {
  let kubelet: Awaited<ReturnType<typeof startKubelet>> | undefined;
  afterEach(() => kubelet?.close());

  test('logs come from the kubelet of the node, as they are written', async () => {
    const { client, namespace, target } = world();
    kubelet = await startKubelet(target.kubelet);
    await startPod(world(), 'talker', kubelet.port);
    const out = new PassThrough();
    const text: string[] = [];
    out.on('data', (chunk: Buffer) => text.push(chunk.toString()));
    await new Log(client.config).log(namespace, 'talker', 'c', out, { follow: true, tailLines: 5 });
    await until(async () => text.join('').endsWith('second line\n'));
    expect(text.join('')).toBe('first line\nsecond line\n');
    const [asked] = kubelet.asked;
    const { pathname, searchParams } = new URL(asked ?? '', 'https://localhost');
    expect([pathname, searchParams.get('follow'), searchParams.get('tailLines')]).toEqual([
      `/containerLogs/${namespace}/talker/c`,
      'true',
      '5',
    ]);
  });

  test('what the kubelet refuses, and a kubelet that is not there, are told', async () => {
    const { client, path, target } = world();
    kubelet = await startKubelet(target.kubelet);
    await startPod(world(), 'starting', kubelet.port);
    const refused = await client.send(`GET ${path('pods')}/starting/log`);
    expect([refused.code, refused.body['message']]).toEqual([
      400,
      'container "c" in pod "starting" is waiting to start: ContainerCreating',
    ]);
    kubelet.close();
    const gone = await client.send(`GET ${path('pods')}/starting/log`);
    expect([gone.code, String(gone.body['message']).includes('connection refused')]).toEqual([500, true]);
    const wrong = await client.send(`GET ${path('pods')}/starting/log?container=nope`);
    expect([wrong.code, wrong.body['message']]).toEqual([
      400,
      'container nope is not valid for pod starting',
    ]);
  });

  test('exec joins the streams of client and container', async () => {
    const { client, namespace, path, target } = world();
    kubelet = await startKubelet(target.kubelet);
    await startPod(world(), 'worker', kubelet.port);
    const command = ['sh', '-c', 'echo a b'];
    const query = new URLSearchParams({ container: 'c', stdin: 'true', stdout: 'true' });
    for (const word of command) query.append('command', word);
    const options = {};
    await client.config.applyToHTTPSOptions(options);
    const server = client.config.getCurrentCluster()?.server.replace('https:', 'wss:');
    // kube-apiserver passes v4 on as it is; v5 it turns into SPDY, which this kubelet does not speak.
    const socket = new WebSocket(
      `${server}${path('pods')}/worker/exec?${query}`,
      ['v4.channel.k8s.io'],
      options,
    );
    const said: string[] = [];
    socket.on('message', (data: Buffer) => void said.push(`${data[0]} ${data.subarray(1).toString()}`));
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('close', () => resolve());
      socket.on('open', () => socket.send(Buffer.concat([Buffer.from([0]), Buffer.from('hello')])));
    });
    expect([socket.protocol, said]).toEqual(['v4.channel.k8s.io', ['1 HELLO', '3 {"status":"Success"}']]);
    const { pathname, searchParams } = new URL(kubelet.asked[0] ?? '', 'https://localhost');
    expect([
      pathname,
      searchParams.getAll('command'),
      searchParams.get('input'),
      searchParams.get('output'),
    ]).toEqual([`/exec/${namespace}/worker/c`, command, '1', '1']);
  });

  test('an exec that is refused is told before any stream opens', async () => {
    const { client, path } = world();
    const options = {};
    await client.config.applyToHTTPSOptions(options);
    const server = client.config.getCurrentCluster()?.server.replace('https:', 'wss:');
    const socket = new WebSocket(
      `${server}${path('pods')}/nobody/exec?command=ls`,
      ['v4.channel.k8s.io'],
      options,
    );
    const code = await new Promise<number | undefined>((resolve) => {
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    });
    expect(code).toBe(404);
  });
});
