import { commands } from 'vscode';
import { toFailure } from '#cluster/errors.ts';
import type { ConnectionView } from './connection.ts';

export interface WebConsoleOptions {
  /** Asks the cluster of that context; undefined where it names none, or another one is connected by now. */
  readonly read: (context: string, signal: AbortSignal) => Promise<string | undefined>;
  readonly log: (line: string) => void;
}

/** Where the web console of the cluster is, if anywhere. `egressRouter.hasConsole` says so to the menus. */
export class WebConsole {
  readonly #options: WebConsoleOptions;
  /** Asked for once in each connection that is live, and after a fault again. */
  #known: Known | undefined;
  #pauseMs = firstPauseMs;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(options: WebConsoleOptions) {
    this.#options = options;
  }

  get url(): string | undefined {
    return this.#known?.url;
  }

  /** To be called with every change of the view. It never connects by itself. */
  update(view: ConnectionView): void {
    if (view.kind !== 'open') return this.#forget();
    const { context, connection } = view.snapshot;
    if (this.#known !== undefined && this.#known.context !== context) this.#forget();
    // Whoever comes back is asked at once.
    if (connection.kind !== 'live') return this.#stopWaiting();
    if (this.#known === undefined && this.#pause === undefined) this.#begin(context);
  }

  dispose(): void {
    this.#forget();
  }

  #begin(context: string): void {
    const known: Known = { context };
    this.#known = known;
    this.#read(known).catch((error: unknown) => {
      this.#options.log(`Web console: ${toFailure(error).message}`);
      if (this.#known !== known) return;
      this.#known = undefined;
      this.#pause = setTimeout(() => {
        this.#pause = undefined;
        this.#begin(context);
      }, this.#pauseMs);
      this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    });
  }

  async #read(known: Known): Promise<void> {
    const url = await this.#options.read(known.context, AbortSignal.timeout(readTimeoutMs));
    if (this.#known !== known || url === undefined) return;
    known.url = url;
    this.#tellMenus();
  }

  /** An address of the cluster before must not be opened for an object of the next one. */
  #forget(): void {
    this.#stopWaiting();
    const hadUrl = this.url !== undefined;
    this.#known = undefined;
    if (hadUrl) this.#tellMenus();
  }

  #stopWaiting(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#pauseMs = firstPauseMs;
  }

  #tellMenus(): void {
    void commands.executeCommand('setContext', 'egressRouter.hasConsole', this.url !== undefined);
  }
}

interface Known {
  readonly context: string;
  url?: string;
}

const readTimeoutMs = 15_000;
const firstPauseMs = 5000;
const longestPauseMs = 300_000;
