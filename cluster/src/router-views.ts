import { isDeepStrictEqual } from 'node:util';
import { toNamespaceViews } from './router-view.ts';
import type { Store } from './store.ts';
import type { RouterView } from './view.ts';

/**
 * The views of all routers of a store, made anew only where something has changed. A router that looks as before
 * keeps its view, the same object, so that whoever draws it can tell.
 */
export class RouterViews {
  readonly #store: Store;
  readonly #byNamespace = new Map<string, readonly RouterView[]>();
  #all: readonly RouterView[] | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** @param isRead false while some objects of its routers have yet to be listed */
  update(namespace: string, isRead: boolean): void {
    const before = this.#byNamespace.get(namespace) ?? [];
    const known = new Map(before.map((view) => [view.name, view]));
    const after = toNamespaceViews(this.#store, namespace, isRead).map((view) => {
      const same = known.get(view.name);
      return same !== undefined && isDeepStrictEqual(same, view) ? same : view;
    });
    if (after.length === before.length && after.every((view, index) => view === before[index])) return;
    if (after.length === 0) this.#byNamespace.delete(namespace);
    else this.#byNamespace.set(namespace, after);
    this.#all = undefined;
  }

  /** By namespace, then name; the same array while nothing has changed. */
  get all(): readonly RouterView[] {
    this.#all ??= [...this.#byNamespace.keys()]
      .toSorted()
      .flatMap((namespace) => this.#byNamespace.get(namespace) ?? []);
    return this.#all;
  }
}
