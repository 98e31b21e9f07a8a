import { ClusterError } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import type { Client } from './client.ts';
import { EventCorrelator } from './event-correlator.ts';
import type { Stored } from './objects.ts';

export interface EventText {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

interface Known {
  readonly name: string;
  count: number;
  readonly first: string;
}

const maxKnown = 1000;

/** Writes Events about objects, as a component of Kubernetes does: what it says again is counted up. */
export class EventRecorder {
  readonly #client: Client;
  readonly #component: string;
  readonly #onError: (message: string) => void;
  readonly #known = new Map<string, Known>();
  readonly #correlator = new EventCorrelator();
  /** One after the other, so that a count is never overtaken. */
  #last: Promise<void> = Promise.resolve();

  constructor(client: Client, component: string, onError: (message: string) => void) {
    this.#client = client;
    this.#component = component;
    this.#onError = onError;
  }

  /** Returns at once: an event that cannot be written must not hold up what it is about. */
  record(object: Stored, text: EventText): void {
    this.#last = this.#last
      .then(() => this.#write(object, text))
      .catch((error: unknown) => {
        const isGone = ClusterError.is(error, 'not-found', 'forbidden', 'canceled');
        if (!isGone) this.#onError(`cannot record ${text.reason}: ${String(error)}`);
      });
  }

  /** Resolves when what was recorded so far is written. */
  flush(): Promise<void> {
    return this.#last;
  }

  async #write(object: Stored, text: EventText): Promise<void> {
    const { name, namespace, uid, resourceVersion } = object.metadata;
    const at = { namespace: namespace ?? 'default' };
    const now = new Date().toISOString().replace(/\.[0-9]+Z$/, 'Z');
    const correlated = this.#correlator.correlate({ uid: uid ?? name, ...text }, Date.now());
    if (correlated === undefined) return;
    const { key, message } = correlated;
    const { type, reason } = text;
    const signal = AbortSignal.timeout(10_000);
    const known = this.#known.get(key);
    if (known !== undefined) {
      known.count++;
      const patch = { count: known.count, lastTimestamp: now, message };
      try {
        await this.#client.patch(kinds.event, { ...at, name: known.name }, patch, signal);
        return;
      } catch (error) {
        if (!ClusterError.is(error, 'not-found')) throw error;
      }
    }
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        ...at,
        name: `${name}.${Math.random().toString(16).slice(2, 10)}${Date.now().toString(16)}`,
      },
      involvedObject: {
        apiVersion: object.apiVersion,
        kind: object.kind,
        name,
        ...(namespace === undefined ? {} : { namespace }),
        ...(uid === undefined ? {} : { uid }),
        ...(resourceVersion === undefined ? {} : { resourceVersion }),
      },
      type,
      reason,
      message,
      source: { component: this.#component },
      reportingComponent: this.#component,
      reportingInstance: '',
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    };
    await this.#client.create(kinds.event, event, signal);
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(key, { name: event.metadata.name, count: 1, first: now });
  }
}
