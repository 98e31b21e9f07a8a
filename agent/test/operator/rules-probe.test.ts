import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { askDigest } from '#agent/operator/ask-pod.ts';
import { RulesProbe } from '#agent/operator/rules-probe.ts';
import { simulatedAnnotation } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';

test('a pod is asked in the background, its router comes back, and what is in force is not asked again', async () => {
  const world = new Pods({ '10.0.0.1': 'new' });
  expect(world.state('a', 'new')).toBe('asking');
  expect(world.state('a', 'new')).toBe('asking');
  await world.answers();
  expect(world.news).toEqual(['demo/a']);
  expect(world.state('a', 'new')).toBe('inForce');
  world.nowMs += 3_600_000;
  expect(world.state('a', 'new')).toBe('inForce');
  expect(world.asked).toEqual(['10.0.0.1']);
});

test('a pod with earlier rules is asked again after a while, until it has the present ones', async () => {
  const world = new Pods({ '10.0.0.1': 'old' });
  world.state('a', 'new');
  await world.answers();
  expect(world.state('a', 'new')).toBe('pending');
  await world.answers();
  expect(world.asked).toHaveLength(1);
  world.nowMs += 2_000;
  expect(world.state('a', 'new')).toBe('pending');
  await world.answers();
  expect(world.news, 'the same answer is no news').toEqual(['demo/a']);
  world.nowMs += 2_000;
  world.inForce['10.0.0.1'] = 'new';
  world.state('a', 'new');
  await world.answers();
  expect(world.news).toEqual(['demo/a', 'demo/a']);
  expect(world.state('a', 'new')).toBe('inForce');
  expect(world.state('a', 'newer'), 'what was in force says nothing of a later edit').toBe('asking');
});

test('rules that come back are asked for anew: those in between may be in force by now', async () => {
  const world = new Pods({ '10.0.0.1': 'first' });
  world.state('a', 'first');
  await world.answers();
  world.state('a', 'second');
  await world.answers();
  expect(world.state('a', 'second')).toBe('pending');
  world.inForce['10.0.0.1'] = 'second';
  expect(world.state('a', 'first')).toBe('asking');
  await world.answers();
  expect(world.state('a', 'first')).toBe('pending');
});

test('rules that come back before the pod has told of those in between are asked for anew', async () => {
  const world = new Pods({ '10.0.0.1': 'first' });
  world.state('a', 'first');
  await world.answers();
  expect(world.state('a', 'second')).toBe('asking');
  expect(world.state('a', 'first')).toBe('asking');
  world.inForce['10.0.0.1'] = 'second';
  await world.answers();
  expect(world.state('a', 'first')).toBe('asking');
  await world.answers();
  expect(world.state('a', 'first')).toBe('pending');
});

test('a pod that does not answer is unknown, and left alone for a minute', async () => {
  const world = new Pods({});
  world.state('a', 'new');
  await world.answers();
  expect(world.state('a', 'new')).toBe('unknown');
  world.nowMs += 30_000;
  world.state('a', 'new');
  await world.answers();
  expect(world.asked).toHaveLength(1);
  world.nowMs += 31_000;
  world.state('a', 'new');
  await world.answers();
  expect(world.asked).toHaveLength(2);
});

test('no more than a few pods are asked at once, and a simulated one never', async () => {
  const world = new Pods({});
  for (let index = 0; index < 40; index += 1) world.state(`a${index}`, 'new');
  expect(world.asked).toHaveLength(16);
  await world.answers();
  expect(world.asked).toHaveLength(40);
  const annotations = { [simulatedAnnotation]: 'why' };
  expect(world.probe.stateOf({ ...podOf('b'), metadata: { name: 'b', annotations } }, 'new', 'demo/b')).toBe(
    'inForce',
  );
});

const digest = '0123456789abcdef';

test.each<readonly [string, RequestListener, string | undefined]>([
  ['an answer', (_, response) => response.end(JSON.stringify({ digest })), digest],
  ['indented', (_, response) => response.end(JSON.stringify({ digest }, undefined, 2)), digest],
  ['no digest', (_, response) => response.end('{}'), undefined],
  ['something else', (_, response) => response.end('<html>'.repeat(10_000)), undefined],
  ['not ready', (_, response) => response.writeHead(503).end(JSON.stringify({ digest })), undefined],
  [
    'another place',
    (_, response) =>
      response.writeHead(302, { location: 'http://192.0.2.1/' }).end(JSON.stringify({ digest })),
    undefined,
  ],
  ['a cut', (_, response) => response.destroy(), undefined],
  ['silence', () => undefined, undefined],
])('of a pod that answers with %s', async (_what, answer, wanted) => {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  expect(await askDigest({ host: '127.0.0.1', port }, { kind: 'direct' }, AbortSignal.timeout(300))).toBe(
    wanted,
  );
  server.close();
  server.closeAllConnections();
});

test('through a proxy a pod is named by its address, and a proxy that cannot reach it is no answer', async () => {
  const asked: (string | undefined)[] = [];
  const folder = await mkdtemp(path.join(tmpdir(), 'ert-proxy-'));
  const access = { kind: 'proxy', socket: path.join(folder, 'pods.sock') } as const;
  const server = createServer(({ url, headers }, response) => {
    asked.push(url, headers.host);
    response.writeHead(url?.includes('fd00') === true ? 502 : 200).end(JSON.stringify({ digest }));
  });
  server.listen(access.socket);
  await once(server, 'listening');
  const signal = AbortSignal.timeout(5_000);
  expect(await askDigest({ host: '10.0.0.1', port: 9410 }, access, signal)).toBe(digest);
  expect(await askDigest({ host: 'fd00::1', port: 9410 }, access, signal)).toBeUndefined();
  expect(asked).toEqual([
    'http://10.0.0.1:9410/config',
    '10.0.0.1:9410',
    'http://[fd00::1]:9410/config',
    '[fd00::1]:9410',
  ]);
  server.close();
  await rm(folder, { recursive: true });
});

class Pods {
  nowMs = 0;
  readonly asked: string[] = [];
  readonly news: string[] = [];
  readonly probe: RulesProbe;
  readonly inForce: Record<string, string>;

  constructor(inForce: Record<string, string>) {
    this.inForce = inForce;
    this.probe = new RulesProbe({
      ask: async (ip) => {
        this.asked.push(ip);
        return this.inForce[ip];
      },
      onNews: (key) => this.news.push(key),
      monotonicMs: () => this.nowMs,
      signal: new AbortController().signal,
    });
  }

  state(name: string, wanted: string): string {
    return this.probe.stateOf(podOf(name), wanted, `demo/${name}`);
  }

  async answers(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

function podOf(name: string): KubernetesObject {
  const metadata = { name, uid: `uid-of-${name}` };
  return { apiVersion: 'v1', kind: 'Pod', metadata, status: { podIP: '10.0.0.1' } };
}
