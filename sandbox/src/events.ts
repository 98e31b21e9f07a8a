import { ClusterError } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import type { Client } from './client.ts';
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

/** Writes Events about objects; one that says the same again is counted up, as kubectl shows it. */
export class EventRecorder {
  readonly #client: Client;
  readonly #component: string;
  readonly #onError: (message: string) => void;
  readonly #known = new Map<string, Known>();
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

  async #write(object: Stored, { type, reason, message }: EventText): Promise<void> {
    const { name, namespace, uid, resourceVersion } = object.metadata;
    const at = { namespace: namespace ?? 'default' };
    const now = new Date().toISOString().replace(/\.[0-9]+Z$/, 'Z');
    // IDs of sandboxes differ from attempt to attempt; what failed is the same.
    const same = [uid, reason, message.replace(/[0-9a-f]{64}/g, '')].join(' ');
    const signal = AbortSignal.timeout(10_000);
    const known = this.#known.get(same);
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
    this.#known.set(same, { name: event.metadata.name, count: 1, first: now });
  }
}
