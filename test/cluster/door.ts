import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net';

/** A door in front of an API server that can be slammed and closed. */
export interface Door extends AsyncDisposable {
  readonly port: number;
  /** Cuts the connections there are; new ones get through. */
  slam(): void;
  close(): Promise<void>;
  reopen(): Promise<void>;
}

export async function openDoor(server: string): Promise<Door> {
  const { hostname, port } = new URL(server);
  const sockets = new Set<Socket>();
  const make = (): Server =>
    createServer((inside) => {
      const outside = connectTcp({ host: hostname, port: Number(port) });
      for (const socket of [inside, outside]) {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => {
          sockets.delete(socket);
          inside.destroy();
          outside.destroy();
        });
      }
      inside.pipe(outside).pipe(inside);
    });
  const listen = (listener: Server, at: number): Promise<void> =>
    new Promise((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(at, '127.0.0.1', resolve);
    });
  let listener = make();
  await listen(listener, 0);
  const address = listener.address();
  const own = typeof address === 'object' && address !== null ? address.port : 0;
  const slam = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const close = (): Promise<void> => {
    const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
    slam();
    return closed;
  };
  return {
    port: own,
    slam,
    close,
    reopen: async () => {
      listener = make();
      await listen(listener, own);
    },
    [Symbol.asyncDispose]: close,
  };
}
