import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { askPod } from '#agent/operator/ask-pod.ts';
import type { Inspection } from '#agent/router/inspection.ts';
import { toNftState } from '#agent/router/nft-state.ts';
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

test('a hundred who ask for the metrics of ten thousand rules at once, and do not read them, are given the same', async () => {
  const server = await serve(() => Promise.resolve(ofManyRules), 0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const url = `http://127.0.0.1:${address.port}/metrics`;
  const text = await (await fetch(url)).text();
  expect(text.length).toBeGreaterThan(2_000_000);
  const before = memory();
  const answers = await Promise.all(Array.from({ length: 100 }, () => fetch(url)));
  expect(memory() - before).toBeLessThan(20 * text.length);
  expect(await answers.at(-1)?.text()).toBe(text);
  server.closeAllConnections();
  server.close();
});

test('whoever accepts JSON is told which rules are in force and why the pod is not ready, of many faults a few', async () => {
  const faults = Array.from({ length: 10_000 }, (_, index) => `Port ${index + 1}/TCP is not redirected.`);
  let inspection: Inspection = { ...ofManyRules, faults, digest: '0123456789abcdef' };
  const server = await serve(() => Promise.resolve(inspection), 0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const ask = () =>
    fetch(`http://127.0.0.1:${address.port}/readyz`, { headers: { accept: 'application/json' } });
  const notReady = await ask();
  expect(notReady.status).toBe(503);
  expect(await notReady.json()).toEqual({
    ready: false,
    digest: '0123456789abcdef',
    faults: [...faults.slice(0, 20), '… and 9980 more.'],
    warnings: [],
  });
  inspection = { ...ofManyRules, faults: Array.from({ length: 30 }, () => '\u0007'.repeat(100_000)) };
  const where = { host: '127.0.0.1', port: address.port };
  const report = await askPod(where, { kind: 'direct' }, AbortSignal.timeout(5_000));
  expect(report?.faults).toHaveLength(21);
  inspection = { ...ofManyRules, warnings: ['A setting drifted.'] };
  const ready = await ask();
  expect(ready.status).toBe(200);
  expect(await ready.json()).toEqual({ ready: true, faults: [], warnings: ['A setting drifted.'] });
  server.closeAllConnections();
  server.close();
});

const ports = Array.from({ length: 10_000 }, (_, index) => index + 1);
const markOf = (port: number): number => (1 << 18) | port;
const absent = { kind: 'absent' } as const;
const ofManyRules: Inspection = {
  faults: [],
  warnings: [],
  events: { reloads: 0, failedReloads: 0, endedConnections: 0, repairs: new Map() },
  gateways: [],
  seen: {
    links: absent,
    rules: absent,
    routes: absent,
    neighbors: absent,
    sysctls: new Map(),
    nft: {
      kind: 'read',
      value: toNftState({
        nftables: [
          {
            map: {
              name: 'dnat4',
              elem: ports.map((port) => [{ concat: ['tcp', port] }, { concat: ['203.0.113.25', 80] }]),
            },
          },
          { map: { name: 'rule4', elem: ports.map((port) => [{ concat: ['tcp', port] }, markOf(port)]) } },
          { set: { name: 'passing', elem: ports.map(markOf) } },
          ...['taken', 'sent', 'received'].map((name) => ({ set: { name } })),
        ],
      }),
    },
  },
};

function memory(): number {
  const { arrayBuffers, heapUsed, external } = process.memoryUsage();
  return arrayBuffers + heapUsed + external;
}
