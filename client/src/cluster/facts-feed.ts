import type { Surroundings } from '#cluster/api.ts';
import { toFailure } from '#cluster/errors.ts';
import type { RoutersSnapshot } from '#cluster/view.ts';
import { type SentFacts, SentRouters } from './cluster-facts.ts';
import type { ConnectionView } from './connection.ts';

/** What changes within this time is sent together. */
const settleMs = 150;

/** Telling thousands of routers takes its time, of which the editor is to have so many times as much for itself. */
const restFactor = 50;

/** What is around the routers is not read more often than this: it is some lists of the whole cluster. */
const pauseMs = 2000;

export interface FactsFeedOptions {
  /** Reads what is around the routers, of the cluster that is connected. */
  readonly surroundings: (signal: AbortSignal) => Promise<Surroundings>;
  /** Null takes back all that was sent. */
  readonly send: (facts: SentFacts | null) => void;
  readonly log: (line: string) => void;
}

/**
 * Passes on what the sidebar's connection knows, while it is live. It never connects by itself: who has not looked
 * at the cluster has none.
 */
export class FactsFeed {
  readonly #options: FactsFeedOptions;
  #around: Around | undefined;
  #reading: AbortController | undefined;
  #snapshot: RoutersSnapshot | undefined;
  readonly #routers = new SentRouters();
  /** Undefined where all was taken back, or nothing was sent yet. */
  #sent: SentFacts | undefined;
  #sentAround: Surroundings | undefined;
  /** Nothing is sent because of routers before then. */
  #restsUntilMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(options: FactsFeedOptions) {
    this.#options = options;
  }

  /** To be called with every change of the view. */
  update(view: ConnectionView): void {
    const isLive = view.kind === 'open' && view.snapshot.connection.kind === 'live';
    this.#snapshot = isLive ? view.snapshot : undefined;
    if (this.#snapshot === undefined) this.#forget();
    else this.#read(this.#snapshot);
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#send();
      },
      Math.max(settleMs, this.#restsUntilMs - performance.now()),
    );
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#forget();
  }

  #forget(): void {
    this.#reading?.abort();
    this.#reading = undefined;
    clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#around = undefined;
  }

  /** Once for a connection, and again when routers come or go: the first one shows who acts on them. */
  #read(snapshot: RoutersSnapshot): void {
    const { context, routers } = snapshot;
    if (this.#reading !== undefined || this.#pause !== undefined) return;
    const known = this.#around?.context === context ? this.#around : undefined;
    if (known?.routers === routers) return;
    const key = routers.map(({ namespace, name, state }) => `${namespace}/${name} ${state.kind}`).join();
    if (known?.key === key) return;
    const reading = new AbortController();
    this.#reading = reading;
    this.#options
      .surroundings(reading.signal)
      .catch((error: unknown): Surroundings => {
        if (!reading.signal.aborted) this.#options.log(`Cluster facts: ${toFailure(error).message}`);
        return this.#around?.value ?? nothingAround;
      })
      .then((value) => {
        if (this.#reading !== reading) return;
        this.#reading = undefined;
        this.#around = { context, key, routers, value };
        this.#send();
        this.#pause = setTimeout(() => {
          this.#pause = undefined;
          // Routers may have come meanwhile.
          if (this.#snapshot !== undefined) this.#read(this.#snapshot);
        }, pauseMs);
      })
      .catch((error: unknown) => this.#options.log(`Cluster facts: ${String(error)}`));
  }

  #send(): void {
    const startedMs = performance.now();
    const snapshot = this.#snapshot;
    if (snapshot === undefined) {
      if (this.#sent !== undefined) this.#options.send(null);
      this.#sent = undefined;
    } else {
      this.#sendOf(snapshot);
    }
    const endedMs = performance.now();
    this.#restsUntilMs = Math.max(this.#restsUntilMs, endedMs + (endedMs - startedMs) * restFactor);
  }

  #sendOf(snapshot: RoutersSnapshot): void {
    const { context } = snapshot;
    const around = this.#around?.value ?? nothingAround;
    const routers = this.#routers.of(snapshot);
    const { context: sentContext, routers: sentRouters } = this.#sent ?? {};
    if (sentContext === context && sentRouters === routers && isSame(this.#sentAround, around)) return;
    this.#sent = { context, ...around, routers };
    this.#sentAround = around;
    this.#options.send(this.#sent);
  }
}

function isSame(a: Surroundings | undefined, b: Surroundings): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

interface Around {
  readonly context: string;
  /** The routers that it was read for, and what of them it may depend on. */
  readonly routers: RoutersSnapshot['routers'];
  readonly key: string;
  readonly value: Surroundings;
}

const nothingAround: Surroundings = { networks: [], nics: [], usedAddresses: [] };
