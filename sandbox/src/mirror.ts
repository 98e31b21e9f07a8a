import type { Connection } from '#cluster/connect.ts';
import type { Subscription } from '#cluster/subscription.ts';
import { watchObjects } from '#cluster/watch.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Kind } from './client.ts';
import { keyOf, type Stored } from './objects.ts';

/** What a mirror tells: an object is new or changed, or gone (as it last was). */
export type Change<T> =
  | { readonly kind: 'put'; readonly object: T; readonly before?: T }
  | { readonly kind: 'removed'; readonly object: T };

/** All objects of one kind in the cluster, kept by a watch. Late by nature: never the last word before a deletion. */
export class Mirror<T extends Stored> {
  readonly kind: Kind<T>;
  readonly #objects = new Map<string, T>();
  readonly #listeners: ((change: Change<T>) => void)[] = [];
  readonly #listed: Promise<void>;
  #resolveListed: () => void = () => undefined;
  #subscription: Subscription | undefined;

  constructor(kind: Kind<T>) {
    this.kind = kind;
    this.#listed = new Promise((resolve) => {
      this.#resolveListed = resolve;
    });
  }

  /** Register before `start`: the first list is told like any other change. */
  onChange(listener: (change: Change<T>) => void): void {
    this.#listeners.push(listener);
  }

  /** Resolves when the first list is in. */
  start(connection: Connection): Promise<void> {
    this.#subscription = watchObjects(connection, this.kind.resource, {
      maxBackOffMs: 2000,
      onEvent: (event) => {
        if (event.kind === 'put') this.#put(event.object);
        if (event.kind === 'removed') this.#remove(keyOf(event.object));
        if (event.kind === 'listed') this.#replaceAll(event.objects);
      },
    });
    return this.#listed;
  }

  close(): void {
    this.#subscription?.close();
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  list(namespace?: string): readonly T[] {
    const all = [...this.#objects.values()];
    return namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace);
  }

  #replaceAll(objects: readonly KubernetesObject[]): void {
    const keys = new Set(objects.map(keyOf));
    for (const key of this.#objects.keys()) if (!keys.has(key)) this.#remove(key);
    for (const object of objects) this.#put(object);
    this.#resolveListed();
  }

  #put(object: KubernetesObject): void {
    if (!this.kind.is(object)) return;
    const before = this.#objects.get(keyOf(object));
    if (before !== undefined && before.metadata.resourceVersion === object.metadata.resourceVersion) return;
    this.#objects.set(keyOf(object), object);
    this.#tell(before === undefined ? { kind: 'put', object } : { kind: 'put', object, before });
  }

  #remove(key: string): void {
    const object = this.#objects.get(key);
    if (object === undefined) return;
    this.#objects.delete(key);
    this.#tell({ kind: 'removed', object });
  }

  #tell(change: Change<T>): void {
    for (const listener of this.#listeners) listener(change);
  }
}
