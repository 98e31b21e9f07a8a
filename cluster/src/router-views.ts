import { toNamespaceViews } from './router-view.ts';
import type { Store } from './store.ts';
import type { RouterView } from './view.ts';
import { NamespaceMemos } from './view-memos.ts';

/**
 * The views of all routers of a store, made anew only where something has changed. A router that looks as before
 * keeps its view, the same object, so that whoever draws it can tell.
 */
export class RouterViews {
  readonly #store: Store;
  readonly #byNamespace = new Map<string, readonly RouterView[]>();
  readonly #memos = new Map<string, NamespaceMemos>();
  #all: readonly RouterView[] | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** @param isRead false while some objects of its routers have yet to be listed */
  update(namespace: string, isRead: boolean): void {
    const before = this.#byNamespace.get(namespace) ?? [];
    const memos = this.#memos.get(namespace) ?? new NamespaceMemos();
    this.#memos.set(namespace, memos);
    const after = toNamespaceViews(this.#store, namespace, isRead, memos);
    if (after.length === 0) this.#memos.delete(namespace);
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
