import { Session } from 'node:inspector';

/**
 * Counts how much JavaScript tasks run, in function calls and turns of loops: the same on every machine, however busy
 * it is. What the engine does within its own functions, such as looking through a text, does not count. One for a
 * file of tests: a second one would not count what the first one has seen compiled.
 */
export class WorkCount {
  readonly #session = new Session();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  of(task: () => unknown): number {
    this.#take();
    return this.#next(task);
  }

  /**
   * By how much the work grows when a task becomes twice as large: 2 where it grows with the task, 4 where it grows
   * with the square of it.
   */
  growth<T>(prepare: (size: number) => T, task: (prepared: T) => unknown, size: number): number {
    const [small, large] = [prepare(size), prepare(2 * size)];
    // The first time is counted less exactly: what was compiled before has no counters yet.
    task(prepare(size));
    const once = this.of(() => task(small));
    return this.#next(() => task(large)) / once;
  }

  end(): void {
    this.#session.disconnect();
  }

  #next(task: () => unknown): number {
    task();
    return this.#take();
  }

  /** Since it was last asked. */
  #take(): number {
    let sum = 0;
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error !== null) throw error;
      const ranges = result.flatMap(({ functions }) => functions.flatMap((one) => one.ranges));
      for (const { count } of ranges) sum += count;
    });
    return sum;
  }
}
