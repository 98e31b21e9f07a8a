import type { YamlFile } from '../document.ts';
import { toSlices } from '../slices.ts';

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
export function foldsOf(file: YamlFile): readonly Fold[] {
  if (!file.slices.some(({ content }) => content !== undefined)) return [];
  const documents = toSlices(file.text);
  const folds: Fold[] = [];
  let line = 0;
  for (const { text } of documents) {
    const lines = text.split('\n');
    // A slice that ends with its line break has one more, of the next slice.
    if (text.endsWith('\n')) lines.pop();
    foldDocument(lines, line, documents.length > 1, folds);
    line += lines.length;
  }
  return folds.toSorted((a, b) => a.startLine - b.startLine || b.endLine - a.endLine);
}

function foldDocument(lines: readonly string[], first: number, isOneOfMany: boolean, folds: Fold[]): void {
  const open: { readonly line: number; readonly indent: number }[] = [];
  let last = -1;
  let comments = -1;
  const close = (indent: number): void => {
    for (let top = open.at(-1); top !== undefined && top.indent >= indent; top = open.at(-1)) {
      open.pop();
      if (last > top.line) folds.push({ startLine: first + top.line, endLine: first + last, kind: 'region' });
    }
  };
  const closeComments = (end: number): void => {
    if (comments >= 0 && end - 1 > comments)
      folds.push({ startLine: first + comments, endLine: first + end - 1, kind: 'comment' });
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
  if (!isOneOfMany) return;
  const start = lines.findIndex((line) => line.trim() !== '');
  if (start >= 0 && last > start)
    folds.push({ startLine: first + start, endLine: first + last, kind: 'region' });
}
