import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { askPod, type PodReport } from '#agent/operator/ask-pod.ts';
import { type PodFaults, PodProbe } from '#agent/operator/pod-probe.ts';
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

test('a pod that does not answer is unknown, and asked again at once, then less often, for as long as it is looked at', async () => {
  const world = new Pods({});
  world.state('a', 'new');
  await world.answers();
  expect(world.state('a', 'new')).toBe('unknown');
  const askedAfterMs: number[] = [];
  for (let asked = world.asked.length; world.nowMs < 60_000; asked = world.asked.length) {
    await world.pass(100);
    if (world.asked.length > asked) askedAfterMs.push(world.nowMs);
    expect(world.state('a', 'new'), 'its conditions stay as they are').toBe('unknown');
  }
  expect(askedAfterMs).toEqual([1_000, 3_000, 7_000, 15_000, 30_000, 45_000, 60_000]);
  world.inForce['10.0.0.1'] = 'new';
  await world.pass(15_000);
  expect(world.state('a', 'new')).toBe('inForce');
  expect(world.asked).toHaveLength(9);
  await world.pass(60_000);
  expect(world.asked).toHaveLength(9);
});

test('a pod that was silent once is known a second later, and its next silence is as the first', async () => {
  const world = new Pods({});
  for (const digest of ['first', 'second']) {
    world.inForce['10.0.0.1'] = undefined;
    world.state('a', digest);
    await world.answers();
    expect(world.state('a', digest)).toBe('unknown');
    world.inForce['10.0.0.1'] = digest;
    await world.pass(1_000);
    expect(world.state('a', digest)).toBe('inForce');
  }
});

test('changed rules of a silent pod are asked for without a pause, and once', async () => {
  const world = new Pods({});
  world.state('a', 'first');
  await world.answers();
  expect(world.state('a', 'second')).toBe('asking');
  await world.answers();
  expect(world.asked).toHaveLength(2);
  await world.pass(900);
  expect(world.asked).toHaveLength(2);
  await world.pass(100);
  expect(world.asked).toHaveLength(3);
});

test('a silent pod that is gone is not asked again', async () => {
  const world = new Pods({});
  world.state('a', 'new');
  await world.answers();
  world.gone.add('demo/a');
  await world.pass(600_000);
  expect(world.asked).toHaveLength(1);
});

test('once the term is over no silent pod is waited for', async () => {
  const world = new Pods({});
  for (const name of ['a', 'c']) world.state(name, 'new');
  await world.answers();
  expect(world.timers).toBe(2);
  world.term.abort();
  expect(world.timers).toBe(0);
});

test('pods that were silent let the others go first', async () => {
  const world = new Pods({});
  const names = Array.from({ length: 40 }, (_, index) => `a${index}`);
  for (const name of names) world.state(name, 'new');
  await world.answers();
  world.hold();
  await world.pass(1_000);
  expect(world.asked).toHaveLength(56);
  world.state('b', 'new');
  world.letGo(1);
  await world.answers();
  expect(world.asked).toHaveLength(57);
  expect(world.asked.at(-1)).toBe('address of b');
  world.letGo(40);
  await world.answers();
});

test('a pod that is not ready is asked why, told of when that changes, and asked again while it is looked at', async () => {
  const world = new Pods({ '10.0.0.1': 'new' });
  const why = (): PodFaults => world.probe.faultsOf(podOf('a'), 'demo/a');
  world.faults.push(silentGateway);
  expect(why()).toBe('asking');
  await world.answers();
  expect(world.news).toEqual(['demo/a']);
  expect(why()).toEqual([silentGateway]);
  for (let looks = 0; looks < 3; looks += 1) {
    world.nowMs += 5_000;
    expect(why(), 'while it is asked, what it said last holds').toEqual([silentGateway]);
    await world.answers();
  }
  expect(world.asked).toHaveLength(4);
  expect(world.news, 'the same answer is no news').toEqual(['demo/a']);
  world.faults.splice(0, 1, 'Interface net1 is down.');
  world.nowMs += 5_000;
  why();
  await world.answers();
  expect(world.news).toEqual(['demo/a', 'demo/a']);
  expect(why()).toEqual(['Interface net1 is down.']);
  expect(world.state('a', 'new'), 'what it said of that says nothing of its rules').toBe('asking');
});

test('a pod that says something else each time is heard ever less often', async () => {
  const world = new Pods({ '10.0.0.1': 'new' });
  const heard: unknown[] = [];
  for (let seconds = 0; seconds < 600; seconds += 5) {
    world.faults.splice(0, 1, `It is ${seconds} s past.`);
    heard.push(world.probe.faultsOf(podOf('a'), 'demo/a'));
    await world.answers();
    world.nowMs += 5_000;
  }
  expect(world.asked).toHaveLength(120);
  expect(new Set(heard.map(String)).size).toBeLessThan(18);
  expect(world.news.length).toBeLessThan(18);
});

test('pods that are not ready wait behind the others, and what else is known of them is not kept back', async () => {
  const world = new Pods({ '10.0.0.1': 'new' });
  world.hold();
  const why = (name: string): PodFaults => world.probe.faultsOf(podOf(name), `demo/${name}`);
  for (let index = 0; index < 40; index += 1) why(`a${index}`);
  world.state('b', 'new');
  world.letGo(1);
  await world.answers();
  expect(world.asked.at(-1)).toBe('address of b');
  expect(why('a39')).toBe('asking');
  world.nowMs += 2_000;
  expect(why('a39')).toBeUndefined();
  world.letGo(100);
  await world.answers();
});

test('a pod that has just begun to redirect is given the time in which its kubelet sees that', async () => {
  const world = new Pods({ '10.0.0.1': 'new' });
  const why = (): PodFaults => world.probe.faultsOf(podOf('a'), 'demo/a');
  world.faults.push(silentGateway);
  why();
  await world.answers();
  world.faults.splice(0);
  const said: PodFaults[] = [];
  for (let seconds = 0; seconds <= 25; seconds += 5) {
    said.push(why());
    await world.answers();
    world.nowMs += 5_000;
  }
  const recovering = 'recovering' as const;
  expect(said).toEqual([[silentGateway], [silentGateway], recovering, recovering, [], []]);
});

test('a pod that is not ready and silent cannot be asked why, and is asked again', async () => {
  const world = new Pods({});
  const why = (): PodFaults => world.probe.faultsOf(podOf('a'), 'demo/a');
  why();
  await world.answers();
  expect(why()).toBeUndefined();
  world.inForce['10.0.0.1'] = 'new';
  await world.pass(1_000);
  expect(world.news).toEqual(['demo/a', 'demo/a']);
  why();
  await world.answers();
  expect(why()).toBe('recovering');
  expect(new Pods(undefined).probe.faultsOf(podOf('a'), 'demo/a')).toBeUndefined();
});

test('where no pod can be reached, none is waited for', async () => {
  const world = new Pods(undefined);
  expect(world.state('a', 'new')).toBe('unknown');
  await world.pass(60_000);
  expect(world.news).toEqual([]);
});

test('no more than a few pods are asked at once, and a simulated one never', async () => {
  const world = new Pods({});
  for (let index = 0; index < 40; index += 1) world.state(`a${index}`, 'new');
  expect(world.asked).toHaveLength(16);
  await world.answers();
  expect(world.asked).toHaveLength(40);
  const annotations = { [simulatedAnnotation]: 'why' };
  expect(world.probe.rulesOf({ ...podOf('b'), metadata: { name: 'b', annotations } }, 'new', 'demo/b')).toBe(
    'inForce',
  );
});

const digest = '0123456789abcdef';

const ready = { ready: true, digest, faults: [], warnings: [] };
const silentGateway = 'The gateway 192.168.12.1 does not answer the router.';

test.each<readonly [string, RequestListener, PodReport | undefined]>([
  ['an answer', (_, response) => response.end(JSON.stringify(ready)), { digest, faults: [] }],
  ['indented', (_, response) => response.end(JSON.stringify(ready, undefined, 2)), { digest, faults: [] }],
  ['no digest', (_, response) => response.end('{"ready": true}'), { faults: [] }],
  ['a digest that is none', (_, response) => response.end('{"ready": true, "digest": "0x"}'), { faults: [] }],
  [
    'faults',
    (_, response) =>
      response
        .writeHead(503)
        .end(JSON.stringify({ ...ready, ready: false, faults: [silentGateway, 7, { of: 'another' }] })),
    { digest, faults: [silentGateway] },
  ],
  [
    'what a terminal would obey',
    (_, response) =>
      response
        .writeHead(503)
        .end(JSON.stringify({ ready: false, faults: ['\u001b]0;x\u0007a \ud800\r\n b\u202e\u2028'] })),
    { faults: [']0;x a b'] },
  ],
  [
    'characters that are cut between two packets',
    (_, response) => {
      const bytes = Buffer.from(JSON.stringify({ ready: false, faults: ['x … y'] }));
      const cut = bytes.indexOf(0xe2) + 1;
      response
        .writeHead(503)
        .write(bytes.subarray(0, cut), () => setTimeout(() => response.end(bytes.subarray(cut)), 20));
    },
    { faults: ['x … y'] },
  ],
  ['other JSON', (_, response) => response.end('{}'), undefined],
  ['something else', (_, response) => response.end('<html>'.repeat(10_000)), undefined],
  [
    'more than it has to say',
    (_, response) => response.end(JSON.stringify({ ...ready, faults: ['x'.repeat(70_000)] })),
    undefined,
  ],
  ['another status', (_, response) => response.writeHead(404).end(JSON.stringify(ready)), undefined],
  [
    'another place',
    (_, response) => response.writeHead(302, { location: 'http://192.0.2.1/' }).end(JSON.stringify(ready)),
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
  const told = await askPod({ host: '127.0.0.1', port }, { kind: 'direct' }, AbortSignal.timeout(300));
  expect(told).toEqual(wanted);
  server.close();
  server.closeAllConnections();
});

test('through a proxy a pod is named by its address, and a proxy that cannot reach it is no answer', async () => {
  const asked: (string | undefined)[] = [];
  const folder = await mkdtemp(path.join(tmpdir(), 'ert-proxy-'));
  const access = { kind: 'proxy', socket: path.join(folder, 'pods.sock') } as const;
  const server = createServer(({ url, headers }, response) => {
    asked.push(url, headers.host, headers.accept);
    response.writeHead(url?.includes('fd00') === true ? 502 : 200).end(JSON.stringify(ready));
  });
  server.listen(access.socket);
  await once(server, 'listening');
  const signal = AbortSignal.timeout(5_000);
  expect(await askPod({ host: '10.0.0.1', port: 9410 }, access, signal)).toEqual({ digest, faults: [] });
  expect(await askPod({ host: 'fd00::1', port: 9410 }, access, signal)).toBeUndefined();
  expect(asked).toEqual([
    'http://10.0.0.1:9410/readyz',
    '10.0.0.1:9410',
    'application/json',
    'http://[fd00::1]:9410/readyz',
    '[fd00::1]:9410',
    'application/json',
  ]);
  server.close();
  await rm(folder, { recursive: true });
});

/** Pods that tell what is in force, each by its address. */
class Pods {
  nowMs = 0;
  readonly asked: string[] = [];
  readonly news: string[] = [];
  readonly gone = new Set<string>();
  readonly term = new AbortController();
  readonly probe: PodProbe;
  readonly inForce: Record<string, string | undefined>;
  /** What each of them says that is not ready. */
  readonly faults: string[] = [];
  readonly #wanted = new Map<string, string>();
  readonly #timers = new Set<{ readonly atMs: number; readonly go: () => void }>();
  #held: (() => void)[] | undefined;

  /** @param inForce undefined: nobody can be asked */
  constructor(inForce: Record<string, string> | undefined) {
    this.inForce = inForce ?? {};
    this.probe = new PodProbe({
      ask: inForce === undefined ? undefined : (ip) => this.#answer(ip),
      onNews: (key) => this.news.push(key),
      clock: {
        monotonicMs: () => this.nowMs,
        after: (delayMs, go) => {
          const timer = { atMs: this.nowMs + delayMs, go };
          this.#timers.add(timer);
          return () => this.#timers.delete(timer);
        },
      },
      signal: this.term.signal,
    });
  }

  get timers(): number {
    return this.#timers.size;
  }

  state(name: string, wanted: string): string {
    this.#wanted.set(`demo/${name}`, wanted);
    return this.probe.rulesOf(podOf(name), wanted, `demo/${name}`);
  }

  async answers(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Time goes by, and a router of which there is news is looked at again. */
  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    while (this.nowMs < endMs) {
      this.nowMs += 100;
      for (const timer of [...this.#timers].filter(({ atMs }) => atMs <= this.nowMs)) {
        const known = this.news.length;
        if (this.#timers.delete(timer)) timer.go();
        for (const key of this.news.slice(known)) this.#lookAt(key);
      }
      await this.answers();
    }
  }

  #lookAt(key: string): void {
    const wanted = this.#wanted.get(key);
    if (wanted !== undefined && !this.gone.has(key)) this.state(key.slice('demo/'.length), wanted);
  }

  /** From now on nobody answers before `letGo`. */
  hold(): void {
    this.#held = [];
  }

  letGo(count: number): void {
    for (const go of this.#held?.splice(0, count) ?? []) go();
  }

  async #answer(ip: string): Promise<PodReport | undefined> {
    this.asked.push(ip);
    const held = this.#held;
    if (held !== undefined) await new Promise<void>((resolve) => held.push(resolve));
    const inForce = this.inForce[ip];
    return inForce === undefined ? undefined : { digest: inForce, faults: [...this.faults] };
  }
}

function podOf(name: string): KubernetesObject {
  const metadata = { name, uid: `uid-of-${name}` };
  const podIP = name === 'b' ? 'address of b' : '10.0.0.1';
  return { apiVersion: 'v1', kind: 'Pod', metadata, status: { podIP } };
}
