import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { serve } from '#agent/router/server.ts';

test('whoever only holds connections open keeps no probe out, and not all of them', async () => {
  const server = await serve(() => Promise.reject(new Error('nobody asks')), 0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const { port } = address;
  const held: Socket[] = [];
  for (let count = 0; count < 300; count += 1) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write('GET /metrics HTTP/1.1\r\nX-Endless: ');
    held.push(socket);
  }
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  const open = await new Promise<number>((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
  expect(open).toBeLessThanOrEqual(128);
  for (const socket of held) socket.destroy();
  server.closeAllConnections();
  server.close();
});
