import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { Ip } from '#core/net/ip.ts';

export const httpPorts = [80, 8080] as const;
export const echoPorts = [53, 8053] as const;

/** A server outside of the cluster, which tells whoever asks by which address it sees them. */
export interface OutsideServer {
  close(): Promise<void>;
}

/**
 * Answers HTTP on TCP 80 and 8080 and every datagram on UDP 53 and 8053 with one line of JSON. A datagram is
 * answered from the address it was sent to, hence one socket for each address.
 */
export async function startOutsideServer(addresses: readonly Ip[]): Promise<OutsideServer> {
  const closers: (() => Promise<void>)[] = [];
  for (const address of addresses) {
    for (const port of httpPorts) closers.push(await listenHttp(address, port));
    for (const port of echoPorts) closers.push(await listenEcho(address, port));
  }
  return {
    close: async () => {
      await Promise.all(closers.map((close) => close()));
    },
  };
}

async function listenHttp(address: Ip, port: number): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    const { remoteAddress, localAddress, localPort } = request.socket;
    response.setHeader('content-type', 'application/json');
    response.end(answer(remoteAddress, localAddress, localPort));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port }, resolve);
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

async function listenEcho(address: Ip, port: number): Promise<() => Promise<void>> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (_message, peer) => {
    // A lost answer is what UDP clients must live with.
    socket.send(answer(peer.address, address, port), peer.port, peer.address, () => undefined);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address, port }, resolve);
  });
  return () => new Promise((resolve) => socket.close(() => resolve()));
}

function answer(peer: string | undefined, address: string | undefined, port: number | undefined): string {
  const host = address?.includes(':') === true ? `[${address}]` : address;
  return `${JSON.stringify({ peer, server: `${host}:${port}` })}\n`;
}
