import { type ChildProcess, spawn } from 'node:child_process';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { loopback } from '../addressing.ts';
import type { LocalContainer } from './local-container.ts';
import type { LogPart } from './log-buffer.ts';

export interface KubeletCertificates {
  readonly key: string;
  readonly cert: string;
  /** Only clients with a certificate of this authority are served: whoever may exec here is root in a pod. */
  readonly clientCa: string;
}

export interface KubeletServerOptions extends KubeletCertificates {
  readonly findContainer: (pod: string, container: string) => LocalContainer | undefined;
}

export interface KubeletServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Protocols of `exec`, best first. In v5 a client can also close stdin. */
const execProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;
const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, close: 255 } as const;

/** The part of a kubelet's own API that an API server passes on: logs and exec. */
export async function startKubeletServer(options: KubeletServerOptions): Promise<KubeletServer> {
  const { key, cert, clientCa } = options;
  const tls = { key, cert, ca: clientCa, requestCert: true, rejectUnauthorized: true };
  const server = createServer(tls, (request, response) => {
    // A client that has gone misses the rest of the log, and nothing else.
    response.on('error', () => response.destroy());
    serve(options, request, response);
  });
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => execProtocols.find((protocol) => offered.has(protocol)) ?? false,
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const target = parseTarget(request.url ?? '', 'exec');
    const container = target === undefined ? undefined : options.findContainer(target.pod, target.container);
    const argv = target?.query.getAll('command') ?? [];
    const command = argv.length === 0 ? undefined : container?.execCommand(argv);
    if (target === undefined || command === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const hasInput = target.query.get('input') === '1' || target.query.get('stdin') === 'true';
    sockets.handleUpgrade(request, socket, head, (ws) => exec(ws, command, hasInput));
  });
  // Of upgraded connections the server knows nothing any more.
  const connections = new Set<Duplex>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: loopback, port: 0 }, resolve);
  });
  return {
    port: portOf(server.address()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of connections) socket.destroy();
      }),
  };
}

function serve(options: KubeletServerOptions, request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/healthz') {
    response.end('ok');
    return;
  }
  const target = parseTarget(request.url ?? '', 'containerLogs');
  if (target === undefined) {
    response.statusCode = 404;
    response.end('404 page not found\n');
    return;
  }
  const { query } = target;
  const pod = target.pod.replace(/^.*\//, '');
  const container = options.findContainer(target.pod, target.container);
  const log =
    container?.findLog(pod, query.get('previous') === 'true') ??
    `container "${target.container}" in pod "${pod}" is waiting to start: ContainerCreating`;
  if (typeof log === 'string') {
    response.statusCode = 400;
    response.end(log);
    return;
  }
  response.setHeader('content-type', 'text/plain');
  response.write(log.read(partOf(query)));
  if (query.get('follow') !== 'true') {
    response.end();
    return;
  }
  const stop = log.follow({
    onLine: (line) => response.write(line),
    onEnd: () => response.end(),
  });
  response.on('close', stop);
}

function partOf(query: URLSearchParams): LogPart {
  const [tailLines, seconds] = ['tailLines', 'sinceSeconds'].map((name) => {
    const text = query.get(name) ?? '';
    return /^[0-9]+$/.test(text) ? Number(text) : undefined;
  });
  const sinceMs =
    seconds === undefined ? Date.parse(query.get('sinceTime') ?? '') : Date.now() - seconds * 1000;
  return {
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(Number.isNaN(sinceMs) ? {} : { sinceMs }),
    timestamps: query.get('timestamps') === 'true',
  };
}

interface Target {
  /** `namespace/name` */
  readonly pod: string;
  readonly container: string;
  readonly query: URLSearchParams;
}

function parseTarget(url: string, action: 'exec' | 'containerLogs'): Target | undefined {
  if (!URL.canParse(url, 'https://kubelet')) return undefined;
  const { pathname, searchParams } = new URL(url, 'https://kubelet');
  const [, first, namespace, pod, container, ...rest] = pathname.split('/');
  if (first !== action || namespace === undefined || pod === undefined || container === undefined)
    return undefined;
  return rest.length > 0 ? undefined : { pod: `${namespace}/${pod}`, container, query: searchParams };
}

/** One command in a container: its streams over the socket, then how it ended as a `Status`. */
function exec(ws: WebSocket, command: readonly [string, ...string[]], hasInput: boolean): void {
  // Of a message that is no WebSocket message; the socket closes after it.
  ws.on('error', () => undefined);
  const child = tryToSpawn(command, hasInput);
  if (child instanceof Error) {
    finish(ws, failure(`cannot run the command: ${child.message}`));
    return;
  }
  child.stdout?.on('data', (chunk: Buffer) => send(ws, channels.stdout, chunk));
  child.stderr?.on('data', (chunk: Buffer) => send(ws, channels.stderr, chunk));
  // A command that does not read to the end closes its stdin; that is its own affair.
  child.stdin?.on('error', () => undefined);
  child.on('error', (error) => finish(ws, failure(`cannot run the command: ${error.message}`)));
  child.on('close', (code, signal) => finish(ws, statusOf(code, signal)));
  ws.on('message', (data) => onMessage(child, toBuffer(data)));
  ws.on('close', () => child.kill('SIGKILL'));
}

/** An argument with a NUL in it is thrown at once; all else that can be wrong comes as an event. */
function tryToSpawn(
  [program, ...args]: readonly [string, ...string[]],
  hasInput: boolean,
): ChildProcess | Error {
  try {
    return spawn(program, args, { stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'], env: execEnv });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const execEnv = {
  PATH: '/opt/sandbox/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/',
};

function onMessage(child: ChildProcess, message: Buffer): void {
  if (message[0] === channels.stdin) child.stdin?.write(message.subarray(1));
  if (message[0] === channels.close && message[1] === channels.stdin) child.stdin?.end();
}

function send(ws: WebSocket, channel: number, chunk: Buffer | string): void {
  if (ws.readyState === ws.OPEN) ws.send(Buffer.concat([Buffer.of(channel), Buffer.from(chunk)]));
}

function finish(ws: WebSocket, status: object): void {
  send(ws, channels.error, JSON.stringify(status));
  ws.close(1000);
}

function statusOf(code: number | null, signal: NodeJS.Signals | null): object {
  if (code === 0) return { metadata: {}, status: 'Success' };
  if (code === null) return failure(`command terminated by ${signal}`);
  return {
    ...failure(`command terminated with non-zero exit code: exit status ${code}`),
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}

function failure(message: string) {
  return { metadata: {}, status: 'Failure', message, reason: 'InternalError' };
}

function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the kubelet server has no port');
  return address.port;
}
