/** What is done for the person, to be brought to its end with the window. */
export class UnderWay {
  readonly #tasks = new Map<AbortController, Promise<unknown>>();

  /** @param signal of the person, who may cancel it before */
  async run<T>(signal: AbortSignal, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const ending = new AbortController();
    const running = task(AbortSignal.any([signal, ending.signal]));
    this.#tasks.set(ending, running);
    try {
      return await running;
    } finally {
      this.#tasks.delete(ending);
    }
  }

  /** Cancels all of it, and waits until what was half done has been undone. */
  async end(): Promise<void> {
    const tasks = [...this.#tasks];
    for (const [ending] of tasks) ending.abort();
    await Promise.allSettled(tasks.map(([, running]) => running));
  }
}
