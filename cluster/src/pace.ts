/**
 * Shares one event loop among works that are made of many small pieces: each asks before a piece whether this turn
 * of the loop has time for it. So no turn takes much longer than the slice and one piece.
 */
export class Pace {
  readonly #sliceMs: number;
  readonly #waiting: (() => void)[] = [];
  #startedMs: number | undefined;

  constructor(sliceMs = 8) {
    this.#sliceMs = sliceMs;
  }

  /** Resolves when there is time: at once, or in a later turn; those who wait go on in the order in which they came. */
  async turn(): Promise<void> {
    if (this.#startedMs === undefined) this.#begin();
    else if (this.#waiting.length > 0 || performance.now() - this.#startedMs > this.#sliceMs) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  #begin(): void {
    this.#startedMs = performance.now();
    setImmediate(() => {
      this.#startedMs = undefined;
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#begin();
      next();
    });
  }
}
