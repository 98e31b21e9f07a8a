import { expect, test } from 'vitest';
import { type Clock, type ElectionState, lead, type Term } from '#agent/operator/leader-election.ts';
import type { Lease, LeaseSpec, LeaseStore } from '#agent/operator/lease.ts';
import { ClusterError } from '#cluster/errors.ts';

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

function held(holderIdentity: string): LeaseSpec {
  const renewTime = '2026-01-01T00:00:00.000000Z';
  return { holderIdentity, leaseDurationSeconds: 15, acquireTime: renewTime, renewTime, leaseTransitions: 3 };
}

/** Refuses what an API server refuses: a second creation, and a write by an old version. */
class MemoryLease implements LeaseStore {
  isDown = false;
  /** So many writes are done without the writer being told. */
  losesAnswers = 0;
  spec: LeaseSpec | undefined;
  #version = 0;

  write(spec: LeaseSpec): void {
    this.#version += 1;
    this.spec = spec;
  }

  remove(): void {
    this.spec = undefined;
  }

  async find(): Promise<Lease | undefined> {
    this.#answer();
    return this.spec === undefined ? undefined : this.#lease(this.spec);
  }

  async create(spec: LeaseSpec): Promise<Lease> {
    this.#answer();
    if (this.spec !== undefined)
      throw new ClusterError({ reason: 'already-exists', message: 'there is one' });
    this.write(spec);
    return this.#written(spec);
  }

  async update(lease: Lease, spec: LeaseSpec): Promise<Lease> {
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

interface Runner {
  readonly states: string[];
  readonly term: Term | undefined;
  stop(): Promise<void>;
  /** As by SIGKILL: its timers never run again. */
  die(): void;
}

class LeaseWorld {
  readonly store = new MemoryLease();
  nowMs = 0;
  readonly #timers = new Set<{ readonly atMs: number; readonly go: () => void; readonly owner: string }>();
  readonly #terms = new Map<string, Term>();

  start(identity: string): Runner {
    const stopping = new AbortController();
    const states: string[] = [];
    const terms = this.#terms;
    const ended = lead(
      {
        leases: this.store,
        identity,
        durationMs,
        clock: this.#clockOf(identity),
        onChange: (state) => {
          const text = textOf(state);
          if (text !== states.at(-1)) states.push(text);
        },
      },
      async (term) => {
        terms.set(identity, term);
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
      wallTime: () => new Date(this.nowMs).toISOString(),
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
    case 'waiting':
      return `waiting for ${state.holder}`;
    case 'failing':
      return 'failing';
    case 'lost':
      return `lost: ${state.why}`;
  }
}
