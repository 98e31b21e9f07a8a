/**
 * Shares one event loop among works that are made of many small pieces: each asks before a piece whether this turn
 * of the loop has time for it. So no turn takes much longer than the slice and one piece.
 */
export class Pace {
  readonly #sliceMs: number;
  readonly #waiting: (() => void)[] = [];
  /** When the first piece of this turn began. */
  #startedMs: number | undefined;
  #isServing = false;

  constructor(sliceMs = 8) {
    this.#sliceMs = sliceMs;
  }

  /** Resolves when there is time: in this turn, or in a later one; in the order in which was asked. */
  turn(): Promise<void> {
    const served = new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
    if (!this.#isServing) void this.#serve();
    return served;
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    // Then who asked is waiting.
    await Promise.resolve();
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (this.#startedMs !== undefined && performance.now() - this.#startedMs > this.#sliceMs) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        this.#startedMs = undefined;
      }
      if (this.#startedMs === undefined) this.#begin();
      next();
      // Its piece comes first, so that the time it takes counts for the others.
      await Promise.resolve();
    }
    this.#isServing = false;
  }

  #begin(): void {
    this.#startedMs = performance.now();
    setImmediate(() => {
      this.#startedMs = undefined;
    });
  }
}
