import { compareKnown, type DocumentOrder } from './document-order.ts';
import type { Known, RouterFacts } from './facts.ts';
import { insertSorted, removeSorted } from './facts-group.ts';

/**
 * Routers that are told of one address, in order. Each of them is told of at most one other: the first, or the
 * first that is another router than the first. So a change of one mostly concerns no other.
 */
export class AddressOwners {
  readonly #order: DocumentOrder;
  readonly #all: Known<RouterFacts>[] = [];
  #second: Known<RouterFacts> | undefined;

  constructor(order: DocumentOrder) {
    this.#order = order;
  }

  get all(): readonly Known<RouterFacts>[] {
    return this.#all;
  }

  /** The first, and the first that is another router than that. */
  get heads(): readonly [Known<RouterFacts> | undefined, Known<RouterFacts> | undefined] {
    return [this.#all[0], this.#second];
  }

  add(known: Known<RouterFacts>): void {
    const first = this.#all[0];
    const index = insertSorted(this.#all, known, this.#order);
    if (index === 0 || first === undefined) this.#findSecond();
    else if (rivalry(first, known) !== undefined) {
      const second = this.#second;
      if (second === undefined || compareKnown(this.#order, known, second) < 0) this.#second = known;
    }
  }

  remove(known: Known<RouterFacts>): void {
    const index = removeSorted(this.#all, known, this.#order);
    if (index === 0 || known === this.#second) this.#findSecond();
  }

  #findSecond(): void {
    const [first] = this.#all;
    this.#second =
      first === undefined ? undefined : this.#all.find((other) => rivalry(first, other) !== undefined);
  }
}

/**
 * Whether two are different routers. The same name in the same or an untold namespace may be another rendition
 * of one router, as a base and its overlays. `likely` where only the names tell and no namespace does.
 */
export function rivalry(
  one: Known<RouterFacts>,
  other: Known<RouterFacts>,
): 'certain' | 'likely' | undefined {
  const { name, namespace } = one.facts;
  if (name === undefined || other.facts.name === undefined) return undefined;
  const areBothPlaced = namespace !== undefined && other.facts.namespace !== undefined;
  if (name === other.facts.name) {
    return areBothPlaced && namespace !== other.facts.namespace ? 'certain' : undefined;
  }
  return areBothPlaced || one.file === other.file ? 'certain' : 'likely';
}
