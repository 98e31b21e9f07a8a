import { ClusterError } from '#cluster/errors.ts';
import type { Lease, LeaseSpec, LeaseStore } from './lease.ts';
import type { Timer } from './queue.ts';

export interface Clock extends Timer {
  /** Milliseconds by a clock that nobody sets. */
  readonly monotonicMs: () => number;
  /** For people to read in the Lease: RFC 3339 with microseconds. Nothing is decided by it. */
  readonly wallTime: () => string;
}

export interface ElectionOptions {
  readonly leases: LeaseStore;
  /** Differs from that of any other process, past ones included. */
  readonly identity: string;
  /** How long others leave a Lease alone that is not renewed. */
  readonly durationMs: number;
  readonly clock: Clock;
  /** Whether any operator has left something in the cluster. Asked only where there is no Lease. */
  readonly hasTraces: (signal: AbortSignal) => Promise<boolean>;
  readonly onChange: (state: ElectionState) => void;
}

export type ElectionState =
  | { readonly kind: 'leading' }
  /** The Lease is held, and nothing done yet: whoever held an earlier one may not know that it was deleted. */
  | { readonly kind: 'settling'; readonly forMs: number }
  /** `holder` is another one, which leads; empty where somebody took the Lease away from it. */
  | { readonly kind: 'waiting'; readonly holder: string }
  /** The Lease cannot be read or written. The term goes on while there is time. */
  | { readonly kind: 'failing'; readonly error: unknown }
  | { readonly kind: 'lost'; readonly why: string };

/** The time for which this process is the leader. */
export interface Term {
  /** Aborted when the term ends, for whatever reason. */
  readonly signal: AbortSignal;
  /** False as soon as another one might lead, though no timer may have run yet: ask before each write. */
  readonly isHeld: () => boolean;
}

/**
 * Does `work` while this process holds the Lease, again for each term; returns when `signal` aborts, with the
 * work ended and the Lease given back.
 *
 * As client-go does it: a write of the Lease is guarded by the resourceVersion that was read; a foreign Lease is
 * free when it was not seen to change for as long as it says, by this process's clock, so that clocks of nodes may
 * differ; and a leader that could not renew for two thirds of that time stops before anyone else starts. Unlike
 * there, the time is counted from before the request that renewed it was sent, and a Lease that somebody deletes,
 * empties or shortens is not free at once: its holder works until it hears of it. Who finds no Lease where an operator
 * has been makes one, so that an earlier holder hears of it, and begins when that one must have.
 */
export async function lead(
  options: ElectionOptions,
  work: (term: Term) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const candidate = new Candidate(options);
  while (!signal.aborted) {
    const held = await candidate.acquire(signal);
    if (held === undefined) return;
    const why = await candidate.serve(held, work, signal);
    if (why !== undefined) options.onChange({ kind: 'lost', why });
  }
}

interface Held {
  readonly lease: Lease;
  /** When the request was sent that wrote it. */
  readonly sinceMs: number;
}

type Renewal =
  | ({ readonly kind: 'held' } & Held)
  | { readonly kind: 'lost'; readonly why: string }
  /** Not this time, but there is time left. */
  | { readonly kind: 'later' };

class Candidate {
  readonly #options: ElectionOptions;
  readonly #retryMs: number;
  readonly #renewDeadlineMs: number;
  /** That of the last Lease which this process tried to write: others may write its identity, too. */
  #acquireTime = '';
  /** What another one left or holds, since when, and for how long it is left alone if it stays so. */
  #seen: { readonly text: string; readonly atMs: number; readonly waitMs: number } | undefined;
  /** There was no Lease, nor was the last one its own: the one it makes is too young yet to be worked by. */
  #mustSettle = false;

  constructor(options: ElectionOptions) {
    this.#options = options;
    this.#renewDeadlineMs = (options.durationMs * 2) / 3;
    this.#retryMs = (options.durationMs * 2) / 15;
  }

  /** @returns undefined where `signal` ended the waiting. */
  async acquire(signal: AbortSignal): Promise<Held | undefined> {
    while (!signal.aborted) {
      try {
        const held = await this.#limited(signal, (limited) => this.#tryAcquire(limited));
        if (held !== undefined) return held;
      } catch (error) {
        const isRace = ClusterError.is(error, 'conflict', 'already-exists');
        if (!isRace && !signal.aborted) this.#options.onChange({ kind: 'failing', error });
      }
      // Spread, so that candidates do not all write at the same moment.
      await this.#pause(this.#retryMs * (1 + Math.random() / 5), signal);
    }
    return undefined;
  }

  /** @returns why the term ended, or undefined where `signal` ended it. */
  async serve(
    first: Held,
    work: (term: Term) => Promise<void>,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { clock } = this.#options;
    const ending = new AbortController();
    const end = (why?: string): void => ending.abort(why);
    const onSignal = (): void => end();
    signal.addEventListener('abort', onSignal, { once: true });
    let held = first;
    const remainingMs = (): number => held.sinceMs + this.#renewDeadlineMs - clock.monotonicMs();
    const late = `It could not be renewed for ${this.#renewDeadlineMs / 1000} s.`;
    let callOff = clock.after(remainingMs(), () => end(late));
    let pauseMs = this.#retryMs;
    const term = { signal: ending.signal, isHeld: () => !ending.signal.aborted && remainingMs() > 0 };
    const working = this.#begin(work, term).finally(() => end());
    // Its failure is awaited further down, which may be a moment later.
    working.catch(() => undefined);
    if (signal.aborted) end();
    while (!ending.signal.aborted) {
      await this.#pause(pauseMs, ending.signal);
      if (ending.signal.aborted) break;
      pauseMs = this.#retryMs;
      const next = await this.#renew(held, ending.signal);
      if (next.kind === 'lost') end(next.why);
      if (next.kind !== 'held') continue;
      held = next;
      // A slow answer is no reason to be late with the next request.
      pauseMs = Math.max(0, held.sinceMs + this.#retryMs - clock.monotonicMs());
      callOff();
      callOff = clock.after(remainingMs(), () => end(late));
    }
    callOff();
    signal.removeEventListener('abort', onSignal);
    await working;
    const why: unknown = ending.signal.reason;
    if (typeof why === 'string') return why;
    if (remainingMs() > 0 && !this.#mustSettle) await this.#release(held);
    return undefined;
  }

  async #begin(work: (term: Term) => Promise<void>, term: Term): Promise<void> {
    const { onChange } = this.#options;
    if (this.#mustSettle) {
      const forMs = this.#renewDeadlineMs;
      onChange({ kind: 'settling', forMs });
      await this.#pause(forMs, term.signal);
      if (term.signal.aborted) return;
      this.#mustSettle = false;
    }
    onChange({ kind: 'leading' });
    await work(term);
  }

  async #tryAcquire(signal: AbortSignal): Promise<Held | undefined> {
    const { leases, identity, clock, hasTraces, onChange } = this.#options;
    const lease = await leases.find(signal);
    const spec = lease?.spec;
    if (lease === undefined && (this.#seen === undefined ? await hasTraces(signal) : this.#seen.waitMs > 0)) {
      this.#mustSettle = true;
    }
    // Who got it first has settled, or has not given it back.
    if (spec !== undefined && spec.holderIdentity !== identity) this.#mustSettle = false;
    if (this.#isFree(spec)) {
      const sinceMs = clock.monotonicMs();
      const wanted = this.#spec(spec);
      const written =
        lease === undefined
          ? await leases.create(wanted, signal)
          : await leases.update(lease, wanted, signal);
      this.#seen = { text: textOf(wanted), atMs: sinceMs, waitMs: 0 };
      return { lease: written, sinceMs };
    }
    const holder = spec?.holderIdentity ?? '';
    if (holder !== identity) onChange({ kind: 'waiting', holder });
    return undefined;
  }

  #isFree(spec: LeaseSpec | undefined): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    const text = textOf(spec);
    if (this.#seen?.text !== text) this.#seen = { text, atMs: nowMs, waitMs: this.#waitMs(spec) };
    return nowMs >= this.#seen.atMs + this.#seen.waitMs;
  }

  #waitMs(spec: LeaseSpec | undefined): number {
    const { identity, durationMs } = this.#options;
    // Deleted since it was seen: whoever held it may not know yet.
    if (spec === undefined) return this.#seen === undefined ? 0 : Math.max(durationMs, this.#seen.waitMs);
    const { holderIdentity: holder, leaseDurationSeconds, acquireTime } = spec;
    // Its own: a write of which the answer did not arrive.
    if (holder === identity && acquireTime === this.#acquireTime) return 0;
    // Given back by whoever held it, or never held.
    if (holder === '' && (leaseDurationSeconds === releasedSeconds || acquireTime === '')) return 0;
    return Math.max(durationMs, leaseDurationSeconds * 1000);
  }

  async #renew(held: Held, signal: AbortSignal): Promise<Renewal> {
    try {
      return await this.#limited(signal, (limited) => this.#tryRenew(held, limited));
    } catch (error) {
      if (!signal.aborted) this.#options.onChange({ kind: 'failing', error });
      return { kind: 'later' };
    }
  }

  async #tryRenew(held: Held, signal: AbortSignal): Promise<Renewal> {
    const { leases, clock, identity } = this.#options;
    let current = held.lease;
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      try {
        const sinceMs = clock.monotonicMs();
        return {
          kind: 'held',
          lease: await leases.update(current, this.#spec(current.spec), signal),
          sinceMs,
        };
      } catch (error) {
        if (!ClusterError.is(error, 'conflict', 'not-found')) throw error;
      }
      // Somebody wrote: perhaps this process, by a request of which the answer did not arrive.
      const lease = await leases.find(signal);
      const holder = lease?.spec.holderIdentity ?? '';
      if (lease === undefined || holder !== identity) {
        // Nobody else has it yet, and this process was the last one.
        if (holder === '') this.#seen = { text: textOf(lease?.spec), atMs: clock.monotonicMs(), waitMs: 0 };
        return { kind: 'lost', why: holder === '' ? 'It was taken away.' : `${holder} holds it.` };
      }
      current = lease;
    }
    return { kind: 'held', lease: current, sinceMs: held.sinceMs };
  }

  /** So that the next one need not wait. Gives up soon: without it, the next one only waits longer. */
  async #release({ lease }: Held): Promise<void> {
    const { leases, clock } = this.#options;
    const spec = {
      ...lease.spec,
      holderIdentity: '',
      leaseDurationSeconds: releasedSeconds,
      renewTime: clock.wallTime(),
    };
    await leases.update(lease, spec, AbortSignal.timeout(releaseLimitMs)).catch(() => undefined);
  }

  #spec(before: LeaseSpec | undefined): LeaseSpec {
    const { identity, durationMs, clock } = this.#options;
    const isSame = before?.holderIdentity === identity;
    const now = clock.wallTime();
    const spec = {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(durationMs / 1000),
      acquireTime: isSame ? before.acquireTime : now,
      renewTime: now,
      leaseTransitions: before === undefined ? 0 : before.leaseTransitions + (isSame ? 0 : 1),
    };
    this.#acquireTime = spec.acquireTime;
    return spec;
  }

  /** One slow answer must not take all the time there is for renewing. */
  async #limited<T>(signal: AbortSignal, request: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const limit = new AbortController();
    const callOff = this.#options.clock.after(this.#renewDeadlineMs / 2, () => limit.abort());
    try {
      return await request(AbortSignal.any([signal, limit.signal]));
    } finally {
      callOff();
    }
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        callOff();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const callOff = this.#options.clock.after(ms, end);
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
    });
  }
}

function textOf(spec: LeaseSpec | undefined): string {
  return JSON.stringify(spec ?? 'none');
}

const releaseLimitMs = 1_000;
/** Which client-go writes, too, into a Lease that it gives back. */
const releasedSeconds = 1;
/** Of one renewal, where others write what is no matter of theirs: annotations, say. */
const mostAttempts = 3;
