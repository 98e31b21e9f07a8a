import { expect, test } from 'vitest';
import { type Clock, type ElectionState, lead, type Term } from '#agent/operator/leader-election.ts';
import type { Lease, LeaseSpec, LeaseStore } from '#agent/operator/lease.ts';
import { ClusterError } from '#cluster/errors.ts';
import { randomFrom } from '../../../test/cluster/random.ts';

const durationMs = 15_000;

test('the first one leads, the second waits for as long as the Lease is renewed', async () => {
  const world = new LeaseWorld();
  const [a, b] = [world.start('a'), world.start('b')];
  await world.pass(60_000);
  expect(world.leaders()).toEqual(['a']);
  expect(b.states).toEqual(['waiting for a']);
  await a.stop();
  expect(world.store.spec?.holderIdentity).toBe('');
  await world.pass(3_000);
  expect(world.leaders()).toEqual(['b']);
  expect(world.store.spec?.leaseTransitions).toBe(1);
  await b.stop();
});

test('a dead leader is followed when its Lease has not changed for as long as it says, not before', async () => {
  const world = new LeaseWorld();
  const a = world.start('a');
  const b = world.start('b');
  await world.pass(2_500);
  a.die();
  const diedAtMs = world.nowMs;
  await world.until(() => world.leaders().includes('b'));
  expect(world.nowMs - diedAtMs).toBeGreaterThan(12_000);
  expect(world.nowMs - diedAtMs).toBeLessThan(durationMs + 3_000);
  await b.stop();
});

test('nobody believes the time that stands in a Lease', async () => {
  for (const renewTime of ['1970-01-01T00:00:00.000000Z', '2999-01-01T00:00:00.000000Z']) {
    const world = new LeaseWorld();
    world.store.write({ ...held('stranger'), renewTime });
    const b = world.start('b');
    await world.pass(14_000);
    expect(world.leaders(), renewTime).toEqual([]);
    await world.pass(4_000);
    expect(world.leaders(), renewTime).toEqual(['b']);
    await b.stop();
  }
});

test('a leader that cannot renew stops before anyone else can start, and may lead again', async () => {
  const world = new LeaseWorld();
  const a = world.start('a');
  await world.pass(2_500);
  world.store.isDown = true;
  const lastRenewalMs = Date.parse(world.store.spec?.renewTime ?? '');
  await world.pass(7_000);
  expect(world.leaders()).toEqual(['a']);
  await world.until(() => world.leaders().length === 0);
  expect(world.nowMs).toBeLessThanOrEqual(lastRenewalMs + (durationMs * 2) / 3);
  expect(a.states).toContain('lost: It could not be renewed for 10 s.');
  world.store.isDown = false;
  await world.pass(3_000);
  expect(world.leaders()).toEqual(['a']);
  await a.stop();
});

test('a process that was asleep past its time does not write though no timer has run yet', async () => {
  const world = new LeaseWorld();
  const a = world.start('a');
  await world.pass(2_500);
  expect(a.term?.isHeld()).toBe(true);
  world.nowMs += 60_000;
  expect(a.term?.isHeld()).toBe(false);
  await a.stop();
});

test('a write of which the answer is lost costs nothing', async () => {
  const world = new LeaseWorld();
  world.store.losesAnswers = 1;
  const a = world.start('a');
  await world.pass(5_000);
  expect(world.leaders()).toEqual(['a']);
  world.store.losesAnswers = 1;
  await world.pass(60_000);
  expect(a.states.filter((state) => state === 'leading')).toHaveLength(1);
  await a.stop();
});

test('a Lease that another one took, or somebody deleted, ends the term at once', async () => {
  for (const [take, why] of [
    [(store: MemoryLease) => store.write(held('b')), 'b holds it.'],
    [(store: MemoryLease) => store.remove(), 'It was taken away.'],
  ] as const) {
    const world = new LeaseWorld();
    const a = world.start('a');
    await world.pass(2_500);
    take(world.store);
    await world.until(() => a.states.includes(`lost: ${why}`));
    expect(world.nowMs).toBeLessThan(5_000);
    await a.stop();
  }
});

test('of many that start at once exactly one leads, whatever fails', async () => {
  const world = new LeaseWorld();
  const all = Array.from({ length: 8 }, (_, index) => world.start(`c${index}`));
  for (let round = 0; round < 40; round += 1) {
    world.store.isDown = round % 5 === 0;
    world.store.losesAnswers = round % 3;
    if (round % 8 === 7) all.find((one) => one.term?.isHeld() === true)?.die();
    await world.pass(1_500);
    expect(world.leaders().length).toBeLessThanOrEqual(1);
  }
  for (const one of all) await one.stop();
});

test.each([
  ['deletes it', (store: MemoryLease) => store.remove()],
  ['empties it', (store: MemoryLease) => store.change({ holderIdentity: '' })],
  ['shortens it', (store: MemoryLease) => store.change({ leaseDurationSeconds: 0 })],
  ['says that it is over', (store: MemoryLease) => store.change({ leaseDurationSeconds: -5 })],
] as const)('who %s gives nobody the lead before its holder has heard of it', async (_, meddle) => {
  for (let afterMs = 0; afterMs < 2_500; afterMs += 100) {
    const world = new LeaseWorld();
    const all = ['a', 'b', 'c'].map((identity) => world.start(identity));
    await world.pass(5_000 + afterMs);
    meddle(world.store);
    let most = 0;
    await world.until(() => {
      most = Math.max(most, world.leaders().length);
      return world.nowMs > 30_000;
    });
    expect(most, `after ${afterMs} ms`).toBe(1);
    expect(world.leaders()).toHaveLength(1);
    for (const one of all) await one.stop();
  }
});

test('who finds no Lease where an operator has been begins when the holder of a deleted one must have ended', async () => {
  for (let afterMs = 0; afterMs < 2_500; afterMs += 100) {
    for (const isCutOff of [false, true]) {
      const what = `${isCutOff ? 'cut off' : 'reachable'}, after ${afterMs} ms`;
      const world = new LeaseWorld();
      const a = world.start('a');
      await world.pass(5_000 + afterMs);
      if (isCutOff) a.cutOff();
      world.store.remove();
      const b = world.start('b');
      let most = 0;
      const beganMs = world.nowMs;
      await world.until(() => {
        most = Math.max(most, world.leaders().length);
        return world.leaders().includes('b');
      });
      expect(most, what).toBe(1);
      expect(b.states, what).toEqual(['settling for 10 s', 'leading']);
      expect(world.nowMs - beganMs, what).toBeLessThan(11_000);
      for (const one of [a, b]) await one.stop();
    }
  }
});

test('who has not begun yet gives no Lease back, and settles anew where it is deleted again', async () => {
  const world = new LeaseWorld();
  const a = world.start('a');
  await world.pass(5_000);
  a.cutOff();
  const cutOffMs = world.nowMs;
  world.store.remove();
  const b = world.start('b');
  await world.pass(1_000);
  world.store.remove();
  await world.pass(4_000);
  await b.stop();
  expect(world.store.spec?.holderIdentity).toBe('b');
  const c = world.start('c');
  let most = 0;
  await world.until(() => {
    most = Math.max(most, world.leaders().length);
    return world.leaders().includes('c');
  });
  expect(most).toBe(1);
  expect(b.states).not.toContain('leading');
  expect(world.nowMs - cutOffMs).toBeGreaterThan(10_000);
  for (const one of [a, c]) await one.stop();
});

test('who made a Lease without hearing of it settles all the same', async () => {
  const world = new LeaseWorld();
  const a = world.start('a');
  await world.pass(5_000);
  a.cutOff();
  world.store.remove();
  world.store.losesAnswers = 1;
  const b = world.start('b');
  await world.until(() => {
    expect(world.leaders().length).toBeLessThanOrEqual(1);
    return world.leaders().includes('b');
  });
  expect(b.states).toEqual(['failing', 'settling for 10 s', 'leading']);
  for (const one of [a, b]) await one.stop();
});

test('a Lease that is made and deleted between two looks of another one gives nobody else the lead', async () => {
  const world = new LeaseWorld();
  const a = world.start('a');
  await world.pass(5_000);
  const [b, c] = [world.start('b'), world.start('c')];
  await world.pass(3_000);
  a.die();
  world.store.remove();
  for (let times = 0; times < 5; times += 1) {
    await world.until(() => world.store.spec !== undefined);
    world.store.remove();
    await world.pass(500);
  }
  await world.until(() => {
    expect(world.leaders().length).toBeLessThanOrEqual(1);
    return world.nowMs > 60_000;
  });
  expect(world.leaders()).toHaveLength(1);
  for (const one of [b, c]) await one.stop();
});

test('a leader takes a Lease again that was taken away from it, without a pause', async () => {
  for (const meddle of [
    (store: MemoryLease) => store.remove(),
    (store: MemoryLease) => store.change({ holderIdentity: '' }),
  ]) {
    const world = new LeaseWorld();
    const a = world.start('a');
    const b = world.start('b');
    await world.pass(5_000);
    meddle(world.store);
    await world.until(() => a.states.includes('lost: It was taken away.'));
    await world.pass(200);
    expect(world.leaders()).toEqual(['a']);
    for (const one of [a, b]) await one.stop();
  }
});

test('who lengthens a Lease keeps nobody waiting once its holder is dead', async () => {
  const world = new LeaseWorld();
  const a = world.start('a');
  const b = world.start('b');
  await world.pass(5_000);
  world.store.change({ leaseDurationSeconds: 999_999 });
  await world.pass(2_500);
  expect(world.store.spec?.leaseDurationSeconds).toBe(15);
  a.die();
  await world.pass(durationMs + 3_000);
  expect(world.leaders()).toEqual(['b']);
  await b.stop();
});

test('who writes something else into the Lease all the time costs no term', async () => {
  const world = new LeaseWorld();
  const a = world.start('a');
  await world.pass(2_500);
  for (let count = 0; count < 600; count += 1) {
    world.store.change({});
    await world.pass(100);
  }
  expect(a.states).toEqual(['leading']);
  await a.stop();
});

test.each([
  ['answers just in time', 4_600, 1],
  ['answers too late, though it does what it was asked', 5_100, 0],
] as const)(
  'an API that %s: one leads at most, and is not renewed by what it has not heard',
  async (_, latencyMs, leading) => {
    const world = new LeaseWorld();
    const all = ['a', 'b'].map((identity) => world.start(identity));
    await world.pass(5_000);
    world.store.latencyMs = () => latencyMs;
    let most = 0;
    const endMs = world.nowMs + 120_000;
    await world.until(() => {
      most = Math.max(most, world.leaders().length);
      return world.nowMs > endMs;
    });
    expect(most).toBe(1);
    expect(world.leaders()).toHaveLength(leading);
    world.store.latencyMs = () => 0;
    await world.pass(40_000);
    expect(world.leaders()).toHaveLength(1);
    for (const one of all) await one.stop();
  },
);

test('whatever strangers do to the Lease and the API to requests, never do two lead', async () => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const random = randomFrom(seed);
    const world = new LeaseWorld();
    const { store } = world;
    const all = ['a', 'b', 'c', 'd'].map((identity) => world.start(identity));
    await world.pass(3_000);
    const meddling = [
      () => store.remove(),
      () => {
        const [one] = all.splice(Math.floor(random() * all.length), 1);
        one?.die();
        all.push(world.start(`e${all.length}-${world.nowMs}`));
      },
      () => store.change({ holderIdentity: '' }),
      () => store.change({ holderIdentity: 'stranger', renewTime: '2999-01-01T00:00:00.000000Z' }),
      () => store.change({ holderIdentity: 'c', renewTime: '1970-01-01T00:00:00.000000Z' }),
      () => store.change({ leaseDurationSeconds: random() < 0.5 ? 0 : 30 }),
      () => store.change({}),
      () => {
        store.losesAnswers = 2;
      },
      () => {
        store.isDown = !store.isDown;
      },
      () => {
        const [least, most] = random() < 0.5 ? [0, 200] : [3_000, 7_000];
        store.latencyMs = () => least + random() * (most - least);
      },
    ];
    for (let round = 0; round < 60; round += 1) {
      meddling[Math.floor(random() * meddling.length)]?.();
      const endMs = world.nowMs + random() * 8_000;
      await world.until(() => {
        expect(world.leaders().length, `seed ${seed}, ${world.nowMs} ms`).toBeLessThanOrEqual(1);
        return world.nowMs >= endMs;
      });
    }
    store.isDown = false;
    store.latencyMs = () => 0;
    await world.pass(60_000);
    expect(world.leaders(), `seed ${seed}`).toHaveLength(1);
    for (const one of all) await one.stop();
  }
});

function held(holderIdentity: string): LeaseSpec {
  const renewTime = '2026-01-01T00:00:00.000000Z';
  return { holderIdentity, leaseDurationSeconds: 15, acquireTime: renewTime, renewTime, leaseTransitions: 3 };
}

/** Refuses what an API server refuses: a second creation, and a write by an old version. */
class MemoryLease implements LeaseStore {
  isDown = false;
  /** So many writes are done without the writer being told. */
  losesAnswers = 0;
  /** Of the next request. */
  latencyMs: () => number = () => 0;
  spec: LeaseSpec | undefined;
  #version = 0;
  readonly #after: (delayMs: number, go: () => void) => void;

  constructor(after: (delayMs: number, go: () => void) => void) {
    this.#after = after;
  }

  write(spec: LeaseSpec): void {
    this.#version += 1;
    this.spec = spec;
  }

  remove(): void {
    this.spec = undefined;
  }

  /** By somebody who is no candidate. */
  change(spec: Partial<LeaseSpec>): void {
    if (this.spec !== undefined) this.write({ ...this.spec, ...spec });
  }

  async find(signal: AbortSignal): Promise<Lease | undefined> {
    return this.#slowly(signal, () => {
      this.#answer();
      return this.spec === undefined ? undefined : this.#lease(this.spec);
    });
  }

  async create(spec: LeaseSpec, signal: AbortSignal): Promise<Lease> {
    return this.#slowly(signal, () => this.#create(spec));
  }

  async update(lease: Lease, spec: LeaseSpec, signal: AbortSignal): Promise<Lease> {
    return this.#slowly(signal, () => this.#update(lease, spec));
  }

  /** Half of the time passes before it is done, whether or not whoever asked still waits. */
  async #slowly<T>(signal: AbortSignal, act: () => T): Promise<T> {
    const latencyMs = this.latencyMs();
    if (latencyMs === 0) return act();
    const canceled = new Promise<never>((_, reject) => {
      const cancel = (): void => reject(new ClusterError({ reason: 'canceled', message: 'canceled' }));
      if (signal.aborted) cancel();
      signal.addEventListener('abort', cancel);
    });
    const pass = (): Promise<void> =>
      new Promise((resolve) => {
        this.#after(latencyMs / 2, resolve);
      });
    const done = pass().then(act);
    const answered = done.then(pass, pass).then(() => done);
    answered.catch(() => undefined);
    return Promise.race([answered, canceled]);
  }

  #create(spec: LeaseSpec): Lease {
    this.#answer();
    if (this.spec !== undefined)
      throw new ClusterError({ reason: 'already-exists', message: 'there is one' });
    this.write(spec);
    return this.#written(spec);
  }

  #update(lease: Lease, spec: LeaseSpec): Lease {
    this.#answer();
    if (this.spec === undefined) throw new ClusterError({ reason: 'not-found', message: 'there is none' });
    if (lease.object.metadata.resourceVersion !== String(this.#version)) {
      throw new ClusterError({ reason: 'conflict', message: 'it changed' });
    }
    this.write(spec);
    return this.#written(spec);
  }

  #answer(): void {
    if (this.isDown) throw new ClusterError({ reason: 'unreachable', message: 'no answer' });
  }

  #written(spec: LeaseSpec): Lease {
    if (this.losesAnswers === 0) return this.#lease(spec);
    this.losesAnswers -= 1;
    throw new ClusterError({ reason: 'unreachable', message: 'the answer is lost' });
  }

  #lease(spec: LeaseSpec): Lease {
    const metadata = { name: 'lease', resourceVersion: String(this.#version) };
    return { object: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata }, spec };
  }
}

/** From one candidate to the API server. */
class Way implements LeaseStore {
  isCut = false;
  readonly #store: LeaseStore;

  constructor(store: LeaseStore) {
    this.#store = store;
  }

  async find(signal: AbortSignal): Promise<Lease | undefined> {
    this.#pass();
    return this.#store.find(signal);
  }

  async create(spec: LeaseSpec, signal: AbortSignal): Promise<Lease> {
    this.#pass();
    return this.#store.create(spec, signal);
  }

  async update(lease: Lease, spec: LeaseSpec, signal: AbortSignal): Promise<Lease> {
    this.#pass();
    return this.#store.update(lease, spec, signal);
  }

  #pass(): void {
    if (this.isCut) throw new ClusterError({ reason: 'unreachable', message: 'no answer' });
  }
}

interface Runner {
  readonly states: string[];
  readonly term: Term | undefined;
  stop(): Promise<void>;
  /** It reaches no API server any more. */
  cutOff(): void;
  /** As by SIGKILL: its timers never run again. */
  die(): void;
}

class LeaseWorld {
  readonly store = new MemoryLease((delayMs, go) => this.#clockOf('the API').after(delayMs, go));
  nowMs = 0;
  readonly #timers = new Set<{ readonly atMs: number; readonly go: () => void; readonly owner: string }>();
  readonly #terms = new Map<string, Term>();
  #hasTraces = false;

  start(identity: string): Runner {
    const stopping = new AbortController();
    const states: string[] = [];
    const terms = this.#terms;
    const leases = new Way(this.store);
    const ended = lead(
      {
        leases,
        identity,
        durationMs,
        clock: this.#clockOf(identity),
        hasTraces: async () => this.#hasTraces,
        onChange: (state) => {
          const text = textOf(state);
          if (text !== states.at(-1)) states.push(text);
        },
      },
      async (term) => {
        terms.set(identity, term);
        this.#hasTraces = true;
        await new Promise((resolve) => term.signal.addEventListener('abort', resolve));
        terms.delete(identity);
      },
      stopping.signal,
    );
    return {
      states,
      get term() {
        return terms.get(identity);
      },
      stop: () => {
        stopping.abort();
        return ended;
      },
      cutOff: () => {
        leases.isCut = true;
      },
      die: () => {
        for (const timer of this.#timers) if (timer.owner === identity) this.#timers.delete(timer);
        terms.delete(identity);
      },
    };
  }

  leaders(): readonly string[] {
    return [...this.#terms].filter(([, term]) => term.isHeld()).map(([identity]) => identity);
  }

  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    await this.until(() => this.nowMs >= endMs);
  }

  async until(isSo: () => boolean): Promise<void> {
    for (let steps = 0; !isSo(); steps += 1) {
      if (steps > 10_000) throw new Error('it never came to be so');
      this.nowMs += 100;
      for (const timer of [...this.#timers].filter(({ atMs }) => atMs <= this.nowMs)) {
        if (this.#timers.delete(timer)) timer.go();
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #clockOf(owner: string): Clock {
    return {
      monotonicMs: () => this.nowMs,
      // No two nodes have the very same time.
      wallTime: () => new Date(this.nowMs).toISOString().replace('Z', `00${owner.codePointAt(0) ?? 0}Z`),
      after: (delayMs, go) => {
        const timer = { atMs: this.nowMs + delayMs, go, owner };
        this.#timers.add(timer);
        return () => this.#timers.delete(timer);
      },
    };
  }
}

function textOf(state: ElectionState): string {
  switch (state.kind) {
    case 'leading':
      return 'leading';
    case 'settling':
      return `settling for ${state.forMs / 1000} s`;
    case 'waiting':
      return `waiting for ${state.holder}`;
    case 'failing':
      return 'failing';
    case 'lost':
      return `lost: ${state.why}`;
  }
}
