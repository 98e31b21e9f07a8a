import type { DocumentId, Path } from '#core/problem.ts';
import type { Known } from './facts.ts';

/** What whoever collects documents knows of them. Two documents that are known must not change places. */
export interface DocumentOrder {
  /** The file that a document is written in. */
  fileOf(document: DocumentId): string;
  /** Below zero where `a` stands before `b`. */
  compare(a: DocumentId, b: DocumentId): number;
}

/** Where each document is a file, in the order of their names. */
export const byName: DocumentOrder = {
  fileOf: (document) => document,
  compare: (a, b) => (a === b ? 0 : a < b ? -1 : 1),
};

export function compareKnown(order: DocumentOrder, a: Known, b: Known): number {
  return a.document === b.document ? comparePaths(a.root, b.root) : order.compare(a.document, b.document);
}

function comparePaths(a: Path, b: Path): number {
  for (const [index, step] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (step !== other) {
      return typeof step === 'number' && typeof other === 'number'
        ? step - other
        : String(step) < String(other)
          ? -1
          : 1;
    }
  }
  return a.length - b.length;
}
