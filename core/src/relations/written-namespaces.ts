import type { DocumentOrder } from './document-order.ts';
import type { Known } from './facts.ts';

/**
 * The namespaces that the objects of each unit, mostly a file, are written with. Where it is one only, those beside
 * it without a namespace are mostly meant for the same: whoever applies it by `-n` or Kustomize names it there.
 */
export class WrittenNamespaces {
  readonly #order: DocumentOrder;
  /** How often each is written in a unit; the empty one for objects without. */
  readonly #units = new Map<string, Map<string, number>>();

  constructor(order: DocumentOrder) {
    this.#order = order;
  }

  /** The only one of a unit that has objects without a namespace too. */
  onlyOneOf(unit: string): string | undefined {
    return onlyOne(this.#units.get(unit));
  }

  /** What `onlyOneOf` gives once some objects of the unit have been put in place of others. */
  onlyOneAfter(unit: string, previous: readonly Known[], next: readonly Known[]): string | undefined {
    const counts = this.#units.get(unit);
    // Too many to be made one by this.
    if (counts !== undefined && counts.size > previous.length + 2) return undefined;
    const after = new Map(counts);
    for (const known of previous) count(after, known, -1);
    for (const known of next) count(after, known, 1);
    return onlyOne(after);
  }

  add(known: Known): void {
    this.#count(known, 1);
  }

  remove(known: Known): void {
    this.#count(known, -1);
  }

  #count(known: Known, by: 1 | -1): void {
    const unit = this.#order.unitOf(known.document);
    const counts = this.#units.get(unit) ?? new Map<string, number>();
    count(counts, known, by);
    if (counts.size === 0) this.#units.delete(unit);
    else this.#units.set(unit, counts);
  }
}

function count(counts: Map<string, number>, { facts }: Known, by: 1 | -1): void {
  if (facts.kind === 'configMap') return;
  const namespace = facts.namespace ?? '';
  const now = (counts.get(namespace) ?? 0) + by;
  if (now === 0) counts.delete(namespace);
  else counts.set(namespace, now);
}

function onlyOne(counts: ReadonlyMap<string, number> | undefined): string | undefined {
  if (counts?.size !== 2 || !counts.has('')) return undefined;
  return [...counts.keys()].find((namespace) => namespace !== '');
}
