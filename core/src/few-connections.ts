/** As much of a server of Node as is needed here. */
export interface Listening {
  on(event: 'connection', take: (connection: Connected) => void): unknown;
}

export interface Connected {
  once(event: 'close', run: () => void): unknown;
  destroy(): unknown;
}

/**
 * Any pod may connect. Whoever only holds connections open shall neither fill the memory nor keep the probes out: the
 * one that is open for longest makes room.
 */
export function keepFewConnections(server: Listening): void {
  const open = new Set<Connected>();
  server.on('connection', (connection) => {
    connection.once('close', () => open.delete(connection));
    const [oldest] = open.add(connection);
    if (open.size <= mostConnections || oldest === undefined) return;
    open.delete(oldest);
    oldest.destroy();
  });
}

const mostConnections = 128;
