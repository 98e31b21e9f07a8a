import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect as connectTcp, createServer as createTcpServer, type Socket } from 'node:net';
import type { KeyPair } from '#sandbox/api/certificates.ts';

/** A proxy that leads everywhere to one port of this machine, whatever host is asked for. */
export interface ForwardProxy extends AsyncDisposable {
  readonly port: number;
  /** What was asked for, as `api.example:6443`. */
  readonly asked: readonly string[];
}

export interface HttpProxyOptions {
  readonly to: number;
  /** Of who may use it, `user:password`. Absent: everybody. */
  readonly login?: string;
  /** What every CONNECT is answered. Absent: 200. */
  readonly refuses?: number;
  /** Absent: it is asked without TLS. */
  readonly certificate?: KeyPair;
}

export async function startHttpProxy({
  to,
  login,
  refuses,
  certificate,
}: HttpProxyOptions): Promise<ForwardProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = certificate === undefined ? createHttpServer() : createHttpsServer(certificate);
  server.on('request', (_, response) => response.writeHead(405).end());
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    const wanted = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
    const isLet = wanted === undefined || request.headers['proxy-authorization'] === wanted;
    const code = isLet ? (refuses ?? 200) : 407;
    socket.write(`HTTP/1.1 ${code} So\r\n\r\n`);
    if (code === 200) join(socket, to, sockets);
    else socket.end();
  });
  return listen(server, sockets, asked);
}

export interface SocksProxyOptions {
  readonly to: number;
  /** As `HttpProxyOptions.login`. */
  readonly login?: string;
  /** The reply code of RFC 1928 §6. Absent: 0, succeeded. */
  readonly replies?: number;
}

/** SOCKS 5 (RFC 1928, RFC 1929): CONNECT to a name or an address. */
export async function startSocksProxy({ to, login, replies }: SocksProxyOptions): Promise<ForwardProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    socket.on('error', () => socket.destroy());
    void serveSocks(socket).catch(() => socket.destroy());
  });

  async function serveSocks(socket: Socket): Promise<void> {
    const methods = [...(await next(socket)).subarray(2)];
    const method = login === undefined ? 0 : 2;
    socket.write(Buffer.from([5, methods.includes(method) ? method : 255]));
    if (!methods.includes(method)) return void socket.end();
    if (login !== undefined) {
      const said = await next(socket);
      const split = 2 + (said[1] ?? 0);
      const isRight =
        `${said.subarray(2, split).toString()}:${said.subarray(split + 1).toString()}` === login;
      socket.write(Buffer.from([1, isRight ? 0 : 1]));
      if (!isRight) return void socket.end();
    }
    asked.push(socksTarget(await next(socket)));
    socket.write(Buffer.from([5, replies ?? 0, 0, 1, 0, 0, 0, 0, 0, 0]));
    if (replies === undefined) join(socket, to, sockets);
    else socket.end();
  }

  return listen(server, sockets, asked);
}

/** Each step of the protocol comes in one piece on loopback. */
async function next(socket: Socket): Promise<Buffer> {
  const [chunk]: Buffer[] = await once(socket, 'data');
  if (chunk === undefined) throw new Error('Nothing came.');
  return chunk;
}

function socksTarget(request: Buffer): string {
  const isName = request[3] === 3;
  const length = request[3] === 4 ? 16 : isName ? (request[4] ?? 0) : 4;
  const start = isName ? 5 : 4;
  const host = request.subarray(start, start + length);
  const text = isName ? host.toString() : length === 4 ? [...host].join('.') : ipv6Text(host);
  return `${text}:${request.readUInt16BE(start + length)}`;
}

/** As it stands in a URL. */
function ipv6Text(bytes: Buffer): string {
  const words = bytes.toString('hex').match(/.{4}/g) ?? [];
  return new URL(`http://[${words.join(':')}]`).hostname;
}

function join(
  inside: NodeJS.ReadWriteStream & { destroy(): void },
  port: number,
  sockets: Set<Socket>,
): void {
  const outside = connectTcp(port, '127.0.0.1');
  sockets.add(outside);
  outside.on('error', () => inside.destroy());
  inside.on('error', () => outside.destroy());
  outside.on('close', () => {
    sockets.delete(outside);
    inside.destroy();
  });
  inside.on('close', () => outside.destroy());
  inside.pipe(outside).pipe(inside);
}

async function listen(
  server: ReturnType<typeof createTcpServer>,
  sockets: ReadonlySet<Socket>,
  asked: readonly string[],
): Promise<ForwardProxy> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    asked,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
