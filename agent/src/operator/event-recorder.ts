import { createHash, randomBytes } from 'node:crypto';
import type { Connection } from '#cluster/connect.ts';
import { ClusterError } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import { createObject, patchObject } from '#cluster/objects.ts';
import type { Transition } from '#core/egress-router/transitions.ts';
import { operatorFieldManager } from '#core/manifest/names.ts';
import { shorten } from '#core/shorten.ts';
import type { EventResult } from './metrics.ts';

/** The router that an Event is about. */
export interface Subject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface EventStore {
  create(event: EventObject, signal: AbortSignal): Promise<void>;
  /** @throws ClusterError `not-found`: Events do not live long */
  update(
    event: Pick<EventObject, 'metadata' | 'count' | 'lastTimestamp'>,
    signal: AbortSignal,
  ): Promise<void>;
}

/** Of core/v1, which is what `kubectl describe` shows. */
export interface EventObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Event';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly involvedObject: Subject;
  readonly type: Transition['type'];
  readonly reason: string;
  readonly message: string;
  readonly source: { readonly component: string };
  readonly reportingComponent: string;
  readonly reportingInstance: string;
  readonly firstTimestamp: string;
  readonly lastTimestamp: string;
  readonly count: number;
}

export function eventStore(connection: Connection): EventStore {
  return {
    create: async (event, signal) => {
      const { namespace } = event.metadata;
      await createObject(connection, kinds.event, { ...event }, { namespace, signal });
    },
    update: async ({ metadata, count, lastTimestamp }, signal) => {
      await patchObject(connection, kinds.event, metadata, { count, lastTimestamp }, signal);
    },
  };
}

export interface RecorderOptions {
  readonly store: EventStore;
  /** Which process says it. */
  readonly instance: string;
  /** RFC 3339, to the second. */
  readonly now: () => string;
  readonly monotonicMs: () => number;
  readonly onResult: (result: EventResult) => void;
  readonly signal: AbortSignal;
}

/**
 * Writes Events in the background, one after the other. What is said again is counted up, a router that changes
 * all the time is cut short, and what cannot be written is lost: nobody may have to wait for an Event.
 */
export class EventRecorder {
  readonly #options: RecorderOptions;
  /** By a digest of what they say: thousands of them are kept. */
  readonly #known = new Map<string, Written>();
  readonly #buckets = new Map<string, Bucket>();
  readonly #pending: (readonly [Subject, Transition])[] = [];
  #isWriting = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  record(subject: Subject, transition: Transition): void {
    if (this.#pending.length >= maxPending || !this.#mayWrite(subject.uid)) {
      this.#options.onResult('dropped');
      return;
    }
    // It is kept, and said again, in the length in which it can be written.
    const message = shorten(transition.message, maxMessage);
    this.#pending.push([subject, { ...transition, message }]);
    if (!this.#isWriting) void this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    for (;;) {
      const next = this.#pending.shift();
      if (next === undefined || this.#options.signal.aborted) break;
      try {
        await this.#write(...next);
        this.#options.onResult('written');
      } catch {
        this.#options.onResult('failed'); // The conditions say the same.
      }
    }
    this.#isWriting = false;
  }

  async #write(subject: Subject, transition: Transition): Promise<void> {
    const { store, signal, now } = this.#options;
    const key = digestOf([subject.uid, transition.type, transition.reason, transition.message]);
    const before = this.#known.get(key);
    if (before !== undefined) {
      const { name } = before;
      const count = before.count + 1;
      const metadata = { name, namespace: subject.namespace };
      try {
        await store.update({ metadata, count, lastTimestamp: now() }, signal);
        this.#remember(key, { name, count });
        return;
      } catch (error) {
        if (!ClusterError.is(error, 'not-found')) throw error;
      }
    }
    const event = this.#toEvent(subject, transition);
    await store.create(event, signal);
    this.#remember(key, { name: event.metadata.name, count: event.count });
  }

  #toEvent(subject: Subject, { type, reason, message }: Transition): EventObject {
    const { now, instance } = this.#options;
    const time = now();
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: `${subject.name.slice(0, 200)}.${randomBytes(8).toString('hex')}`,
        namespace: subject.namespace,
      },
      involvedObject: subject,
      type,
      reason,
      message,
      source: { component: operatorFieldManager },
      reportingComponent: operatorFieldManager,
      reportingInstance: instance,
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
    };
  }

  #remember(key: string, event: Written): void {
    this.#known.delete(key);
    this.#known.set(key, event);
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxKnown && oldest !== undefined) this.#known.delete(oldest);
  }

  #mayWrite(uid: string): boolean {
    const nowMs = this.#options.monotonicMs();
    const { tokens, atMs } = this.#buckets.get(uid) ?? { tokens: burst, atMs: nowMs };
    const filled = Math.min(burst, tokens + (nowMs - atMs) / refillMs);
    const mayWrite = filled >= 1;
    this.#buckets.delete(uid);
    this.#buckets.set(uid, { tokens: mayWrite ? filled - 1 : filled, atMs: nowMs });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > maxKnown && oldest !== undefined) this.#buckets.delete(oldest);
    return mayWrite;
  }
}

interface Written {
  readonly name: string;
  readonly count: number;
}

function digestOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64').slice(0, 24);
}

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** An API server refuses longer ones. */
const maxMessage = 1024;
const maxPending = 5_000;
const maxKnown = 2_000;
/** For each router: so many at once, and then one for each such time. */
const burst = 10;
const refillMs = 30_000;
