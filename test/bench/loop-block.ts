/** The longest time in which the event loop did not turn: by the clock, and of it what this thread really ran. */
export class LoopBlock {
  #wallMs = 0;
  #threadMs = 0;
  #last = { wallMs: performance.now(), threadMs: threadMs() };
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.#look(), 1);
  }

  get longest(): { readonly wallMs: number; readonly threadMs: number } {
    this.#look();
    return { wallMs: this.#wallMs, threadMs: this.#threadMs };
  }

  reset(): void {
    this.#look();
    this.#wallMs = 0;
    this.#threadMs = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = { wallMs: performance.now(), threadMs: threadMs() };
    this.#wallMs = Math.max(this.#wallMs, now.wallMs - this.#last.wallMs);
    this.#threadMs = Math.max(this.#threadMs, now.threadMs - this.#last.threadMs);
    this.#last = now;
  }
}

/** What the processor has spent on this thread. */
export function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
