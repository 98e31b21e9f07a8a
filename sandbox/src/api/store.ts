import type { JsonObject } from '#core/schema/json-schema.ts';
import { nameOf, namespaceOf, withValue } from './json.ts';

export interface StoreEvent {
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly table: string;
  readonly object: JsonObject;
  /** The state before, for MODIFIED and DELETED. */
  readonly previous?: JsonObject;
}

/**
 * Every object of the cluster, in memory, with one revision counter over all of them. Objects are never
 * changed in place. What happened is kept for a while, so that a watch may begin in the past.
 */
export class Store {
  readonly #tables = new Map<string, Map<string, JsonObject>>();
  readonly #listeners = new Map<string, Set<(event: StoreEvent) => void>>();
  readonly #historyLimit: number;
  readonly #undelivered: StoreEvent[] = [];
  #isDelivering = false;
  #history: StoreEvent[] = [];
  #revision = 1;

  constructor(historyLimit: number) {
    this.#historyLimit = historyLimit;
  }

  get revision(): number {
    return this.#revision;
  }

  /** The oldest revision that a watch may begin after. */
  get oldestRevision(): number {
    return (this.#history[0]?.revision ?? this.#revision + 1) - 1;
  }

  get(table: string, namespace: string | undefined, name: string): JsonObject | undefined {
    return this.#tables.get(table)?.get(keyOf(namespace, name));
  }

  /** Sorted by namespace and name. */
  list(table: string, namespace?: string): readonly JsonObject[] {
    const prefix = namespace === undefined ? '' : `${namespace}/`;
    const entries = [...(this.#tables.get(table) ?? new Map<string, JsonObject>())];
    return sorted(entries.filter(([key]) => key.startsWith(prefix)));
  }

  /** The list as it was; undefined where that is forgotten. */
  listAt(table: string, namespace: string | undefined, revision: number): readonly JsonObject[] | undefined {
    if (revision < this.oldestRevision) return undefined;
    const state = new Map(this.#tables.get(table));
    for (const event of this.#history.toReversed()) {
      if (event.revision <= revision) break;
      if (event.table !== table) continue;
      if (event.previous === undefined) state.delete(keyOfObject(event.object));
      else state.set(keyOfObject(event.object), event.previous);
    }
    const prefix = namespace === undefined ? '' : `${namespace}/`;
    return sorted([...state].filter(([key]) => key.startsWith(prefix)));
  }

  /** Every kind that ever had an object. */
  tables(): readonly string[] {
    return [...this.#tables.keys()];
  }

  /** @returns the object as stored, with its new resourceVersion. */
  put(table: string, object: JsonObject): JsonObject {
    const objects = this.#tables.get(table) ?? new Map<string, JsonObject>();
    this.#tables.set(table, objects);
    const key = keyOfObject(object);
    const previous = objects.get(key);
    const revision = this.#nextRevision();
    const stored = withRevision(object, revision);
    objects.set(key, stored);
    this.#record(
      previous === undefined
        ? { revision, type: 'ADDED', table, object: stored }
        : { revision, type: 'MODIFIED', table, object: stored, previous },
    );
    return stored;
  }

  /** @returns the last state, with the revision of its end. */
  remove(table: string, object: JsonObject): JsonObject {
    const objects = this.#tables.get(table);
    const key = keyOfObject(object);
    const previous = objects?.get(key);
    if (objects === undefined || previous === undefined) return object;
    objects.delete(key);
    const revision = this.#nextRevision();
    const last = withRevision(object, revision);
    this.#record({ revision, type: 'DELETED', table, object: last, previous });
    return last;
  }

  /** What happened in the table after this revision; undefined where that is forgotten. */
  eventsAfter(table: string, revision: number): readonly StoreEvent[] | undefined {
    if (revision < this.oldestRevision) return undefined;
    return this.#history.filter((event) => event.table === table && event.revision > revision);
  }

  /** @returns how to stop. The listener must not throw. */
  subscribe(table: string, listener: (event: StoreEvent) => void): () => void {
    const listeners = this.#listeners.get(table) ?? new Set();
    this.#listeners.set(table, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #nextRevision(): number {
    this.#revision += 1;
    return this.#revision;
  }

  #record(event: StoreEvent): void {
    this.#history.push(event);
    if (this.#history.length > this.#historyLimit * 2) {
      this.#history = this.#history.slice(-this.#historyLimit);
    }
    this.#undelivered.push(event);
    if (!this.#isDelivering) this.#deliver();
  }

  /** A listener may write: every listener still hears events in the order of their revisions. */
  #deliver(): void {
    this.#isDelivering = true;
    for (let event = this.#undelivered.shift(); event !== undefined; event = this.#undelivered.shift()) {
      for (const listener of Array.from(this.#listeners.get(event.table) ?? [])) listener(event);
    }
    this.#isDelivering = false;
  }
}

function keyOfObject(object: JsonObject): string {
  return keyOf(namespaceOf(object), nameOf(object));
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

function sorted(entries: readonly (readonly [string, JsonObject])[]): readonly JsonObject[] {
  return entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
}

function withRevision(object: JsonObject, revision: number): JsonObject {
  return withValue(object, ['metadata', 'resourceVersion'], String(revision));
}
