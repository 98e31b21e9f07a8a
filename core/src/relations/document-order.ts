import type { DocumentId, Path } from '#core/problem.ts';
import type { Known } from './facts.ts';

/** What whoever collects documents knows of them. Of those that are known none of this must change. */
export interface DocumentOrder {
  /** The file that a document is written in. */
  fileOf(document: DocumentId): string;
  /** What is applied as one, into one namespace where none is written: its file, or more than that. */
  unitOf(document: DocumentId): string;
  /** Below zero where `a` stands before `b`. */
  compare(a: DocumentId, b: DocumentId): number;
}

/** Where each document is a file, in the order of their names. */
export const byName: DocumentOrder = {
  fileOf: (document) => document,
  unitOf: (document) => document,
  compare: (a, b) => (a === b ? 0 : a < b ? -1 : 1),
};

export function compareKnown(order: DocumentOrder, a: Known, b: Known): number {
  if (a.document !== b.document) return order.compare(a.document, b.document);
  // One patch may be of several routers.
  return comparePaths(a.root, b.root) || compareNames(a.facts.name ?? '', b.facts.name ?? '');
}

function compareNames(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
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
