import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createAuthority } from '#sandbox/api/certificates.ts';
import { LocalContainer } from '#sandbox/node/local-container.ts';
import { type KubeletServer, startKubeletServer } from '#sandbox/node/server.ts';

let server: KubeletServer;
let login: { readonly key: string; readonly cert: string; readonly ca: string };

beforeEach(async () => {
  const authority = await createAuthority('test-ca');
  login = { ...(await authority.issueClient({ user: 'tester', groups: [] })), ca: authority.caCert };
  const container = await startContainer();
  server = await startKubeletServer({
    ...(await authority.issueServer('localhost')),
    clientCa: authority.caCert,
    findContainer: () => container,
  });
});
afterEach(() => server.close());

/** A container that runs nothing; commands in it run on this machine. */
async function startContainer(): Promise<LocalContainer> {
  const forever = new Promise<never>(() => undefined);
  const container = new LocalContainer({
    spec: { name: 'c', image: 'x:1' },
    pod: 'client_demo(u)',
    sandbox: {
      id: 'test',
      ips: [],
      networkStatus: [],
      start: async () => ({
        ended: forever,
        execCommand: (argv) => ['env', ...argv],
        stop: async () => undefined,
      }),
      probe: () => forever,
      destroy: async () => undefined,
    },
    runtimeName: 'test',
    restarts: 'Never',
    onChange: () => undefined,
    onEvent: () => undefined,
  });
  await container.start({ volumes: new Map(), hosts: '' });
  return container;
}

/** Runs a command and tells all that came back, each message as its channel and its text. */
async function exec(
  query: string,
  onOpen: (socket: WebSocket) => void = () => undefined,
): Promise<readonly string[]> {
  const address = `wss://localhost:${server.port}/exec/demo/client/c?${query}`;
  const socket = new WebSocket(address, ['v5.channel.k8s.io'], login);
  const said: string[] = [];
  socket.on('message', (data: Buffer) => void said.push(`${data[0]} ${data.subarray(1).toString()}`));
  socket.on('open', () => onOpen(socket));
  await once(socket, 'close');
  return said;
}

const works = async () => expect(await exec('command=echo&command=hi')).toContain('1 hi\n');

test('a command that cannot even be started is told as a failure', async () => {
  const said = await exec('command=echo&command=a%00b');
  expect(said).toEqual([expect.stringContaining('"message":"cannot run the command: ')]);
  await works();
});

test('a client that does not keep to the WebSocket protocol loses its own connection only', async () => {
  const reserved = Buffer.from([0xff, 0x80, 0, 0, 0, 0]);
  const raw = connect({ ...login, port: server.port, host: 'localhost' });
  const upgrade = [
    'GET /exec/demo/client/c?command=sleep&command=60 HTTP/1.1',
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol: v5.channel.k8s.io',
  ];
  raw.write(`${upgrade.join('\r\n')}\r\n\r\n`);
  await once(raw, 'data');
  raw.write(reserved);
  raw.resume();
  await once(raw, 'close');
  await works();
});

test('a path that is none is not found', async () => {
  for (const more of ['', 'Connection: Upgrade\r\nUpgrade: websocket\r\n']) {
    const raw = connect({ ...login, port: server.port, host: 'localhost' });
    raw.write(`GET // HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`);
    const [answer] = await once(raw, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 404 /);
    raw.destroy();
  }
  await works();
});
