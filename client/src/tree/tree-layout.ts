import type { Grouping } from './router-list.ts';

/** Where a choice outlives the window. */
export interface LayoutStore {
  readonly grouping: () => Grouping;
  readonly keepGrouping: (grouping: Grouping) => Promise<void>;
}

/** How a person wants to see the routers: grouping as chosen for the workspace, filter as long as the window is open. */
export class TreeLayout {
  readonly #store: LayoutStore;
  readonly #onChange: (layout: TreeLayout) => void;
  #grouping: Grouping | undefined;
  #filter = '';

  constructor(store: LayoutStore, onChange: (layout: TreeLayout) => void) {
    this.#store = store;
    this.#onChange = onChange;
  }

  get grouping(): Grouping {
    this.#grouping ??= this.#store.grouping();
    return this.#grouping;
  }

  get filter(): string {
    return this.#filter;
  }

  async group(grouping: Grouping): Promise<void> {
    this.#grouping = grouping;
    this.#onChange(this);
    await this.#store.keepGrouping(grouping);
  }

  setFilter(filter: string): void {
    this.#filter = filter.trim();
    this.#onChange(this);
  }
}
