import { once } from 'node:events';
import type { Server } from 'node:http';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveHealth } from '#agent/operator/health-server.ts';

let server: Server;
let reason: string | undefined;

beforeAll(async () => {
  server = await serveHealth(0, { notReady: () => reason, metrics: () => 'leader 1\n' });
});

afterAll(() => {
  server.close();
});

function portOf(): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

async function ask(path: string): Promise<string> {
  const request = get({ port: portOf(), path, agent: false });
  const [response] = await once(request, 'response');
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return `${response.statusCode} ${body.trim()}`;
}

test('health says that the operator is there, readiness whether it works', async () => {
  reason = undefined;
  expect(await ask('/healthz')).toBe('200 ok');
  expect(await ask('/readyz?verbose')).toBe('200 ok');
  reason = 'cannot watch egressrouters';
  expect(await ask('/healthz')).toBe('200 ok');
  expect(await ask('/readyz')).toBe('503 cannot watch egressrouters');
});

test('metrics are given as they are at the moment', async () => {
  expect(await ask('/metrics')).toBe('200 leader 1');
});

test('no request ends the operator', async () => {
  for (const path of ['//', '/%', '///healthz', '*', 'http://', '/metrics/']) {
    expect(await ask(path), path).toBe('404 There is /healthz, /readyz and /metrics.');
  }
});

test('whoever holds connections open makes room for the next one, and the probes are answered', async () => {
  const held: Socket[] = [];
  for (let count = 0; count < 200; count += 1) {
    const socket = connect(portOf());
    held.push(socket.on('error', () => {}));
    await once(socket, 'connect');
    socket.write('GET /healthz HTTP/1.1\r\nX: y\r\n');
  }
  expect(await ask('/healthz')).toBe('200 ok');
  const count = await new Promise<number>((resolve) => server.getConnections((_, open) => resolve(open)));
  expect(count).toBeLessThanOrEqual(128);
  for (const socket of held) socket.destroy();
});
