import { createHash } from 'node:crypto';

/**
 * Remembers what the operator set back or made anew, so that two who insist on one thing do it ever less often: of a
 * Deployment each round may start a pod.
 */
export class Contests {
  readonly #monotonicMs: () => number;
  readonly #rounds = new Map<string, Rounds>();
  #sweptMs = 0;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /**
   * To be asked before `wanted` is written over `seen`, which differs from it. Another `wanted` than the last time
   * is a change of mind, and the same `seen` is how the API server makes it of what is written: neither is a round.
   *
   * @param first what the first time counts: 0 where it is nobody's doing
   * @returns how long it has to stay as it is; at 0 it is counted as written
   */
  waitMs(id: string, wanted: string, seen: string, first: 0 | 1 = 1): number {
    const nowMs = this.#monotonicMs();
    const last = this.#find(id);
    this.#sweep(nowMs);
    const now = { wanted: digestOf(wanted), seen: digestOf(seen), atMs: nowMs };
    if (last === undefined || last.wanted !== now.wanted) {
      this.#rounds.set(id, { ...now, count: first, gapMs: 0 });
      return 0;
    }
    if (last.seen === now.seen) return 0;
    const leftMs = last.atMs + delayMs(last) - nowMs;
    if (leftMs > 0) return leftMs;
    this.#rounds.set(id, { ...last, ...now, count: last.count + 1, gapMs: nowMs - last.atMs });
    return 0;
  }

  /** What was written came to be: `seen` as it was is a new round from now on. */
  settled(id: string): void {
    const last = this.#rounds.get(id);
    if (last !== undefined) this.#rounds.set(id, { ...last, seen: '' });
  }

  /** Whether there were so many rounds lately that it is to be told of. */
  isOn(id: string): boolean {
    return (this.#find(id)?.count ?? 0) >= freeRounds;
  }

  tell(id: string, message: string): void {
    const last = this.#rounds.get(id);
    if (last !== undefined) this.#rounds.set(id, { ...last, message });
  }

  toldOf(id: string): string | undefined {
    return this.isOn(id) ? this.#rounds.get(id)?.message : undefined;
  }

  #find(id: string): Rounds | undefined {
    const rounds = this.#rounds.get(id);
    return rounds === undefined || isOver(rounds, this.#monotonicMs()) ? undefined : rounds;
  }

  #sweep(nowMs: number): void {
    if (nowMs - this.#sweptMs < calmMs) return;
    this.#sweptMs = nowMs;
    for (const [id, rounds] of this.#rounds) if (isOver(rounds, nowMs)) this.#rounds.delete(id);
  }
}

interface Rounds {
  /** Digests: one is kept for each router for a while. */
  readonly wanted: string;
  readonly seen: string;
  readonly count: number;
  /** Of the last one. */
  readonly atMs: number;
  /** Between the last one and the one before it. */
  readonly gapMs: number;
  readonly message?: string;
}

/** Answered at once: a person who tries again what was set back. */
const freeRounds = 3;
const firstDelayMs = 5_000;
const maxDelayMs = 300_000;
/** Beyond the delay: who has not come back by then is gone. */
const calmMs = 60_000;
/** Before it is told of: tools that keep a cluster as a repository says come by every few minutes. */
const unsuspectedMs = 900_000;

function delayMs({ count }: Rounds): number {
  return count < freeRounds ? 0 : Math.min(firstDelayMs * 2 ** (count - freeRounds), maxDelayMs);
}

function isOver(rounds: Rounds, nowMs: number): boolean {
  const { count, gapMs, atMs } = rounds;
  const quietMs = count < freeRounds ? unsuspectedMs : Math.max(delayMs(rounds) + calmMs, gapMs * 2);
  return nowMs - atMs > quietMs;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64').slice(0, 16);
}
