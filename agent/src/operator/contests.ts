/** Who sets what otherwise. */
export interface Rivals {
  readonly field: string;
  /** Empty where the API server does not tell. */
  readonly managers: readonly string[];
}

/**
 * Remembers what the operator set back, so that two who insist on one field do it ever less often: of a Deployment
 * each round may start a pod.
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
   * @returns how long it has to stay as it is; at 0 it is counted as written
   */
  waitMs(id: string, wanted: string, seen: string): number {
    const nowMs = this.#monotonicMs();
    const last = this.#find(id);
    this.#sweep(nowMs);
    if (last === undefined || last.wanted !== wanted) {
      this.#rounds.set(id, { wanted, seen, count: 1, atMs: nowMs });
      return 0;
    }
    if (last.seen === seen) return 0;
    const leftMs = last.atMs + delayMs(last) - nowMs;
    if (leftMs > 0) return leftMs;
    this.#rounds.set(id, { ...last, seen, count: last.count + 1, atMs: nowMs });
    return 0;
  }

  /** Whether there were so many rounds lately that it is to be told of. */
  isOn(id: string): boolean {
    return (this.#find(id)?.count ?? 0) >= freeRounds;
  }

  tell(id: string, rivals: Rivals): void {
    const last = this.#rounds.get(id);
    if (last !== undefined) this.#rounds.set(id, { ...last, rivals });
  }

  rivalsOf(id: string): Rivals | undefined {
    return this.isOn(id) ? this.#rounds.get(id)?.rivals : undefined;
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
  readonly wanted: string;
  readonly seen: string;
  readonly count: number;
  /** Of the last one. */
  readonly atMs: number;
  readonly rivals?: Rivals;
}

/** Answered at once: a person who tries again what was set back. */
const freeRounds = 3;
const firstDelayMs = 5_000;
const maxDelayMs = 300_000;
/** Beyond the delay: who has not come back by then is gone. */
const calmMs = 60_000;

function delayMs({ count }: Rounds): number {
  return count < freeRounds ? 0 : Math.min(firstDelayMs * 2 ** (count - freeRounds), maxDelayMs);
}

function isOver(rounds: Rounds, nowMs: number): boolean {
  return nowMs - rounds.atMs > delayMs(rounds) + calmMs;
}
