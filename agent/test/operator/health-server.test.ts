import { once } from 'node:events';
import type { Server } from 'node:http';
import { get } from 'node:http';
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

async function ask(path: string): Promise<string> {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const request = get({ port: address.port, path, agent: false });
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
