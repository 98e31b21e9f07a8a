import type { YamlFile } from '../document.ts';
import { SliceMemo } from '../slice-memo.ts';

/** Lines that can be shown as their first one; counted from 0, both ends within. */
export interface Fold {
  readonly startLine: number;
  readonly endLine: number;
  readonly kind: 'region' | 'comment';
}

/**
 * By indentation, of all documents of the file: an editor that is given folds for some of its lines makes none
 * for the others. Broken YAML folds as it stands. None at all where no document of the file is ours.
 */
export function foldsOf(file: YamlFile, known: SliceMemo<DocumentFolds> = documentFolds()): readonly Fold[] {
  if (!file.slices.some(({ content }) => content !== undefined)) return [];
  let line = 0;
  return file.slices.flatMap((slice) => {
    const { folds, whole, lineCount } = known.of(slice) ?? foldDocument(slice.text);
    const first = line;
    line += lineCount;
    return [...(whole !== undefined && file.slices.length > 1 ? [whole] : []), ...folds].map(
      ({ startLine, endLine, kind }) => ({ startLine: first + startLine, endLine: first + endLine, kind }),
    );
  });
}

/** Counted from the first line of the document. */
interface DocumentFolds {
  readonly folds: readonly Fold[];
  /** The document as one, for a file that has others. */
  readonly whole?: Fold;
  readonly lineCount: number;
}

/** Folds of as many documents as have not changed since they were last asked for. */
export function documentFolds(): SliceMemo<DocumentFolds> {
  return new SliceMemo(({ text }) => foldDocument(text));
}

function foldDocument(source: string): DocumentFolds {
  const lines = source.split('\n');
  // A slice that ends with its line break has one more, of the next slice.
  if (source.endsWith('\n')) lines.pop();
  const folds: Fold[] = [];
  const open: { readonly line: number; readonly indent: number }[] = [];
  let last = -1;
  let comments = -1;
  const close = (indent: number): void => {
    for (let top = open.at(-1); top !== undefined && top.indent >= indent; top = open.at(-1)) {
      open.pop();
      if (last > top.line) folds.push({ startLine: top.line, endLine: last, kind: 'region' });
    }
  };
  const closeComments = (end: number): void => {
    if (comments >= 0 && end - 1 > comments)
      folds.push({ startLine: comments, endLine: end - 1, kind: 'comment' });
    comments = -1;
  };
  for (const [index, line] of lines.entries()) {
    const text = line.trim();
    const isComment = text.startsWith('#');
    if (!isComment) closeComments(index);
    else if (comments < 0) comments = index;
    if (isComment || text === '' || /^(---|\.\.\.)(\s|$)/.test(line)) continue;
    // A list may stand in the column of its key, and still belongs to it.
    const dash = /^[ ]*- /.test(line) || text === '-' ? 0.5 : 0;
    const indent = line.length - line.trimStart().length + dash;
    close(indent);
    open.push({ line: index, indent });
    last = index;
  }
  close(-1);
  closeComments(lines.length);
  const start = lines.findIndex((line) => line.trim() !== '');
  return {
    folds: folds.toSorted((a, b) => a.startLine - b.startLine || b.endLine - a.endLine),
    ...(start >= 0 && last > start ? { whole: { startLine: start, endLine: last, kind: 'region' } } : {}),
    lineCount: lines.length,
  };
}
