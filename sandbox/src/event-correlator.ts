/** What an Event says of which object. */
export interface EventAbout {
  readonly uid: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** Events with the same `key` are one object, counted up. */
export interface Correlated {
  readonly key: string;
  readonly message: string;
}

interface Similar {
  readonly messages: Set<string>;
  lastMs: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

const burst = 25;
const refillMs = 300_000;
const mostMessages = 10;
const similarForMs = 600_000;
const maxKnown = 4096;

/**
 * What becomes of the Events that one component records, as in every component of Kubernetes: 25 of a type about an
 * object, then one in five minutes; and of those that differ in nothing but their message, such as the id of a
 * sandbox, the tenth within ten minutes begins one that stands for all that follow (client-go of Kubernetes 1.36,
 * `tools/record/events_cache.go`).
 */
export class EventCorrelator {
  readonly #buckets = new Map<string, Bucket>();
  readonly #similar = new Map<string, Similar>();

  /** @returns undefined for one that is not written */
  correlate({ uid, type, reason, message }: EventAbout, nowMs: number): Correlated | undefined {
    if (!this.#mayWrite(`${uid} ${type}`, nowMs)) return undefined;
    const kind = JSON.stringify([uid, type, reason]);
    const similar = this.#similarTo(kind, nowMs);
    similar.messages.add(message);
    similar.lastMs = nowMs;
    if (similar.messages.size < mostMessages) return { key: JSON.stringify([kind, message]), message };
    const [oldest = ''] = similar.messages;
    similar.messages.delete(oldest);
    return { key: kind, message: `(combined from similar events): ${message}` };
  }

  #mayWrite(key: string, nowMs: number): boolean {
    const before = this.#buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    const tokens = Math.min(burst, before.tokens + (nowMs - before.atMs) / refillMs);
    const mayWrite = tokens >= 1;
    put(this.#buckets, key, { tokens: mayWrite ? tokens - 1 : tokens, atMs: nowMs });
    return mayWrite;
  }

  #similarTo(kind: string, nowMs: number): Similar {
    const known = this.#similar.get(kind);
    if (known !== undefined && nowMs - known.lastMs <= similarForMs) return known;
    const fresh = { messages: new Set<string>(), lastMs: nowMs };
    put(this.#similar, kind, fresh);
    return fresh;
  }
}

/** The one that was put there first goes where there are too many. */
function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [first] = map.keys();
  if (map.size > maxKnown && first !== undefined) map.delete(first);
}
