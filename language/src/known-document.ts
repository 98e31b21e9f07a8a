import type { DocumentId } from '#core/problem.ts';
import type { Diagnostic } from './features/checks/diagnostic.ts';
import type { SliceContent } from './slice-content.ts';

/** A document that keeps its id through changes of its text. */
export interface KnownDocument {
  readonly id: DocumentId;
  readonly uri: string;
  /** What it is applied with as one. */
  unit: string;
  /** Which slice of its file it is now. */
  rank: number;
  content: SliceContent;
  /** Absent until somebody asks. */
  diagnostics: readonly Diagnostic[] | undefined;
}

/** How many documents at the start and at the end have the contents that stand there now. */
export function sameAround(
  documents: readonly (KnownDocument | undefined)[],
  contents: readonly (SliceContent | undefined)[],
): { readonly head: number; readonly tail: number } {
  const [before, now] = [documents.length, contents.length];
  const shorter = Math.min(before, now);
  let head = 0;
  while (head < shorter && documents[head]?.content === contents[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && documents[before - 1 - tail]?.content === contents[now - 1 - tail])
    tail += 1;
  return { head, tail };
}

/** By file, then by place in it. */
export function compareDocuments(a: KnownDocument | undefined, b: KnownDocument | undefined): number {
  if (a === undefined || b === undefined || a === b) return 0;
  if (a.uri === b.uri) return a.rank - b.rank;
  return a.uri < b.uri ? -1 : 1;
}
