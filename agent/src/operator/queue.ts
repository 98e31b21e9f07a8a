/** Time as the queue needs it; `after` returns how to call the timer off. */
export interface Timer {
  after(delayMs: number, run: () => void): () => void;
}

export interface QueueOptions {
  /** Does the work of one key. It is told when to stop, and may ask to be called again later. */
  readonly work: (key: string, signal: AbortSignal) => Promise<{ readonly againInMs?: number }>;
  /** Keys of one group are never worked on at the same time. */
  readonly groupOf: (key: string) => string;
  readonly onError: (key: string, error: unknown, retryInMs: number) => void;
  readonly concurrency: number;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  readonly timer: Timer;
}

/**
 * Keys waiting to be reconciled. A key stands in it at most once; one that is added while it is being worked
 * on is done once more afterwards. A key that fails comes back after a delay that doubles with each failure,
 * and at once when it is added again.
 */
export class WorkQueue {
  readonly #options: QueueOptions;
  readonly #waiting = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #delayed = new Map<string, () => void>();
  readonly #failures = new Map<string, number>();
  readonly #reminded = new Set<string>();
  readonly #stop = new AbortController();

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** How many keys could be worked on and are not yet. */
  get depth(): number {
    return this.#waiting.size;
  }

  add(key: string): void {
    if (this.#stop.signal.aborted) return;
    this.#callOff(key);
    this.#waiting.add(key);
    this.#fill();
  }

  /**
   * As `add`, for what is no reason to expect that a key which failed does not fail again: its delay goes on. So it
   * is of one that fails while it is being worked on.
   */
  remind(key: string): void {
    if (this.#running.has(key)) this.#reminded.add(key);
    else if (!this.#failures.has(key)) this.add(key);
  }

  /** Refuses new keys, forgets the waiting ones, tells the running ones to stop and waits for them. */
  async close(): Promise<void> {
    this.#stop.abort();
    for (const key of this.#delayed.keys()) this.#callOff(key);
    this.#waiting.clear();
    await Promise.all(this.#running.values());
  }

  #fill(): void {
    const busy = new Set([...this.#running.keys()].map(this.#options.groupOf));
    for (const key of this.#waiting) {
      if (this.#running.size >= this.#options.concurrency) return;
      const group = this.#options.groupOf(key);
      if (busy.has(group)) continue;
      busy.add(group);
      this.#waiting.delete(key);
      this.#running.set(key, this.#run(key));
    }
  }

  async #run(key: string): Promise<void> {
    try {
      const { againInMs } = await this.#options.work(key, this.#stop.signal);
      this.#failures.delete(key);
      if (againInMs !== undefined) this.#addLater(key, againInMs);
      if (this.#reminded.has(key)) this.add(key);
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#retry(key, error);
    } finally {
      this.#reminded.delete(key);
      this.#running.delete(key);
      this.#fill();
    }
  }

  #retry(key: string, error: unknown): void {
    const failures = this.#failures.get(key) ?? 0;
    const { minDelayMs, maxDelayMs, onError } = this.#options;
    const delayMs = Math.min(minDelayMs * 2 ** Math.min(failures, 30), maxDelayMs);
    this.#failures.set(key, failures + 1);
    onError(key, error, delayMs);
    this.#addLater(key, delayMs);
  }

  #addLater(key: string, delayMs: number): void {
    if (this.#stop.signal.aborted || this.#waiting.has(key)) return;
    this.#callOff(key);
    this.#delayed.set(
      key,
      this.#options.timer.after(delayMs, () => this.add(key)),
    );
  }

  #callOff(key: string): void {
    this.#delayed.get(key)?.();
    this.#delayed.delete(key);
  }
}
