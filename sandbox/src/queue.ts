/** Handled; look again after a while, or wait for the next event. */
export type Handled = { readonly againAfterMs: number } | undefined;

export interface QueueOptions {
  /** Must bear to be called again, late, or for something that is gone. */
  readonly handle: (key: string, signal: AbortSignal) => Promise<Handled>;
  readonly onError: (key: string, error: unknown) => void;
  /** The longest pause between two failing attempts. */
  readonly maxBackOffMs: number;
}

const firstBackOffMs = 100;

interface Item {
  isRunning: boolean;
  isDirty: boolean;
  failures: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Level-based work by key: a key that is added while it is being handled is handled once more afterwards, never
 * twice at the same time. Failing keys come again by themselves, further and further apart.
 */
export class WorkQueue {
  readonly #items = new Map<string, Item>();
  readonly #options: QueueOptions;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  add(key: string): void {
    if (this.#closing.signal.aborted) return;
    const item = this.#itemOf(key);
    clearTimeout(item.timer);
    item.timer = undefined;
    if (item.isRunning) item.isDirty = true;
    else this.#start(key, item);
  }

  /** Stops taking keys and waits for those being handled. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const item of this.#items.values()) clearTimeout(item.timer);
    await Promise.all(this.#running);
  }

  #itemOf(key: string): Item {
    const known = this.#items.get(key);
    if (known !== undefined) return known;
    const item: Item = { isRunning: false, isDirty: false, failures: 0, timer: undefined };
    this.#items.set(key, item);
    return item;
  }

  #start(key: string, item: Item): void {
    item.isRunning = true;
    const run = this.#handle(key, item).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  async #handle(key: string, item: Item): Promise<void> {
    // Not in the caller's turn: events come in bursts, and one look at the world answers them all.
    await new Promise((resolve) => setImmediate(resolve));
    item.isDirty = false;
    let againAfterMs: number | undefined;
    try {
      againAfterMs = (await this.#options.handle(key, this.#closing.signal))?.againAfterMs;
      item.failures = 0;
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#options.onError(key, error);
      againAfterMs = Math.min(this.#options.maxBackOffMs, firstBackOffMs * 2 ** Math.min(item.failures, 20));
      item.failures++;
    }
    item.isRunning = false;
    if (this.#closing.signal.aborted) return;
    if (item.isDirty && item.failures === 0) this.#start(key, item);
    else if (againAfterMs !== undefined) item.timer = setTimeout(() => this.add(key), againAfterMs);
    else this.#items.delete(key);
  }
}
