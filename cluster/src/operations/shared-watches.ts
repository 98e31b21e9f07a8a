import type { Connection } from '../connect.ts';
import { type RouterWatchOptions, watchRouters } from '../router-watch.ts';
import type { Store } from '../store.ts';
import type { Subscription } from '../subscription.ts';
import type { RoutersSnapshot } from '../view.ts';

type Listener = RouterWatchOptions['listener'];

interface Shared {
  readonly listeners: Set<Listener>;
  readonly watch: Subscription;
  last?: { readonly snapshot: RoutersSnapshot; readonly store: Store };
}

/**
 * One watch of a namespace for however many follow its routers: it is opened for the first of them and closed with
 * the last. Whoever comes later is told at once what the others know.
 */
export class SharedWatches {
  readonly #connection: Connection;
  readonly #namespaces = new Map<string, Shared>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  watch(namespace: string, listener: Listener): Subscription {
    const shared = this.#namespaces.get(namespace) ?? this.#open(namespace);
    shared.listeners.add(listener);
    // Nobody is called back before the answer is there by which to close.
    const telling = setImmediate(() => {
      if (shared.last !== undefined) listener(shared.last.snapshot, shared.last.store);
    });
    return {
      close: () => {
        clearImmediate(telling);
        if (!shared.listeners.delete(listener) || shared.listeners.size > 0) return;
        shared.watch.close();
        this.#namespaces.delete(namespace);
      },
    };
  }

  #open(namespace: string): Shared {
    const listeners = new Set<Listener>();
    const watch = watchRouters(this.#connection, {
      namespace,
      listener: (snapshot, store) => {
        shared.last = { snapshot, store };
        for (const listener of listeners) listener(snapshot, store);
      },
    });
    const shared: Shared = { listeners, watch };
    this.#namespaces.set(namespace, shared);
    return shared;
  }
}
