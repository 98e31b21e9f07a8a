import type { Surroundings } from '#cluster/api.ts';
import { toFailure } from '#cluster/errors.ts';
import type { RoutersSnapshot } from '#cluster/view.ts';
import { type SentFacts, toClusterFacts } from './cluster-facts.ts';
import type { ConnectionView } from './connection.ts';

/** What changes within this time is sent together. */
const settleMs = 150;

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
  #around: { readonly context: string; readonly key: string; readonly value: Surroundings } | undefined;
  #reading: AbortController | undefined;
  #snapshot: RoutersSnapshot | undefined;
  #sent = 'null';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: FactsFeedOptions) {
    this.#options = options;
  }

  /** To be called with every change of the view. */
  update(view: ConnectionView): void {
    const isLive = view.kind === 'open' && view.snapshot.connection.kind === 'live';
    this.#snapshot = isLive ? view.snapshot : undefined;
    if (this.#snapshot === undefined) this.#forget();
    else this.#read(this.#snapshot);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#send();
    }, settleMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#forget();
  }

  #forget(): void {
    this.#reading?.abort();
    this.#reading = undefined;
    this.#around = undefined;
  }

  /** Once for a connection, and again when routers come or go: the first one shows who acts on them. */
  #read(snapshot: RoutersSnapshot): void {
    const { context, routers } = snapshot;
    const key = routers.map(({ namespace, name, state }) => `${namespace}/${name} ${state.kind}`).join();
    if (this.#reading !== undefined) return;
    if (this.#around?.context === context && this.#around.key === key) return;
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
        this.#around = { context, key, value };
        this.#send();
        // Routers may have come while it was read.
        if (this.#snapshot !== undefined) this.#read(this.#snapshot);
      })
      .catch((error: unknown) => this.#options.log(`Cluster facts: ${String(error)}`));
  }

  #send(): void {
    const facts =
      this.#snapshot === undefined
        ? null
        : toClusterFacts(this.#snapshot, this.#around?.value ?? nothingAround);
    const text = JSON.stringify(facts);
    if (text === this.#sent) return;
    this.#sent = text;
    this.#options.send(facts);
  }
}

const nothingAround: Surroundings = { networks: [], nics: [], usedAddresses: [] };
