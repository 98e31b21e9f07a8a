import { compareKnown, type DocumentOrder } from './document-order.ts';
import type { Facts, Known } from './facts.ts';

/** Facts of one kind in the order of their documents, also by name. */
export class FactsGroup<F extends Facts> {
  readonly #order: DocumentOrder;
  readonly #all: Known<F>[] = [];
  /** Only where there are many: most groups are those of one file. */
  #byName: Map<string | undefined, Known<F>[]> | undefined;

  constructor(order: DocumentOrder) {
    this.#order = order;
  }

  get all(): readonly Known<F>[] {
    return this.#all;
  }

  named(name: string | undefined): readonly Known<F>[] {
    if (name === undefined) return [];
    if (this.#byName !== undefined) return this.#byName.get(name) ?? [];
    return this.#all.filter(({ facts }) => facts.name === name);
  }

  add(known: Known<F>): void {
    insertSorted(this.#all, known, this.#order);
    if (this.#byName !== undefined) this.#addNamesake(this.#byName, known);
    else if (this.#all.length > 8) {
      this.#byName = new Map();
      for (const one of this.#all) this.#addNamesake(this.#byName, one);
    }
  }

  remove(known: Known<F>): void {
    removeSorted(this.#all, known, this.#order);
    const namesakes = this.#byName?.get(known.facts.name);
    if (namesakes === undefined) return;
    removeSorted(namesakes, known, this.#order);
    if (namesakes.length === 0) this.#byName?.delete(known.facts.name);
  }

  #addNamesake(byName: Map<string | undefined, Known<F>[]>, known: Known<F>): void {
    const namesakes = byName.get(known.facts.name);
    if (namesakes === undefined) byName.set(known.facts.name, [known]);
    else insertSorted(namesakes, known, this.#order);
  }
}

/** @returns where it stands now */
export function insertSorted<F extends Facts>(
  list: Known<F>[],
  known: Known<F>,
  order: DocumentOrder,
): number {
  const index = placeOf(list, known, order);
  if (index === list.length) list.push(known);
  else list.splice(index, 0, known);
  return index;
}

/** @returns where it stood, -1 where it was not there */
export function removeSorted<F extends Facts>(
  list: Known<F>[],
  known: Known<F>,
  order: DocumentOrder,
): number {
  const index = placeOf(list, known, order);
  if (list[index] !== known) return -1;
  list.splice(index, 1);
  return index;
}

function placeOf<F extends Facts>(list: readonly Known<F>[], known: Known<F>, order: DocumentOrder): number {
  const last = list.at(-1);
  // Documents mostly come in their order.
  if (last === undefined || compareKnown(order, last, known) < 0) return list.length;
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = list[middle];
    if (at !== undefined && compareKnown(order, at, known) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
