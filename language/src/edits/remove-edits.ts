import { type Document, isMap } from 'yaml';
import type { Path } from '#core/problem.ts';
import type { Edit } from '../text/text-edit.ts';
import { besides, closingOf, commaAfter, type Entry, isFlow, type WrittenStep, wayTo } from './written.ts';

/** Takes away what a path names, with its lines where they hold nothing else. Comments on lines of their own stay. */
export function removeEdits(
  text: string,
  document: Document.Parsed,
  path: Path,
): readonly Edit[] | undefined {
  const way = wayTo(document, path);
  const last = way?.at(-1);
  if (way === undefined || last === undefined) return undefined;
  return removeEntry(text, last, way.at(-2)?.entry);
}

/** @param owner the entry that the collection is the value of; absent for the document's own */
export function removeEntry(
  text: string,
  { collection, entry }: WrittenStep,
  owner: Entry | undefined,
): readonly Edit[] | undefined {
  const { previous, hasNext } = besides(collection, entry);
  if (isFlow(collection)) return removeFromFlow(text, { collection, entry }, previous);
  const end = text.slice(0, entry.end).trimEnd().length;
  const span = { start: entry.start, end: Math.max(end, entry.start) };
  if (previous === undefined && !hasNext)
    return emptyBlock(text, isMap(collection) ? '{}' : '[]', span, owner);
  if (standsFirst(text, span.start)) return [{ span: wholeLines(text, span), newText: '' }];
  // It shares its line with the dash of its list: what follows takes its place, comments first.
  if (!hasNext) return undefined;
  const lineEnd = wholeLines(text, span).end;
  const blanks = /^[ \t\r\n]*/.exec(text.slice(lineEnd))?.[0].length ?? 0;
  return [{ span: { start: span.start, end: lineEnd + blanks }, newText: '' }];
}

/** An empty block cannot be written: what stays is `{}` or `[]`. */
function emptyBlock(
  text: string,
  empty: string,
  span: { readonly start: number; readonly end: number },
  owner: Entry | undefined,
): readonly Edit[] {
  if (owner === undefined || !standsFirst(text, span.start)) return [{ span, newText: empty }];
  return [
    { span: { start: owner.valueStart, end: owner.valueStart }, newText: ` ${empty}` },
    { span: wholeLines(text, span), newText: '' },
  ];
}

function removeFromFlow(
  text: string,
  { collection, entry }: WrittenStep,
  previous: Pick<Entry, 'item'> | undefined,
): readonly Edit[] {
  const comma = commaAfter(collection, entry);
  const before = previous === undefined ? undefined : commaAfter(collection, previous);
  if (comma !== undefined) {
    const span = { start: entry.start, end: comma + 1 };
    if (standsFirst(text, span.start) && standsLast(text, span.end))
      return [{ span: wholeLines(text, span), newText: '' }];
    const blanks = /^[ \t]*/.exec(text.slice(span.end))?.[0].length ?? 0;
    return [{ span: { ...span, end: span.end + blanks }, newText: '' }];
  }
  const span = { start: entry.start, end: entry.end };
  const isAlone = standsFirst(text, span.start) && standsLast(text, span.end);
  if (before === undefined) {
    const closing = closingOf(collection) ?? span.end;
    const opening = collection.range?.[0] ?? span.start;
    const isBare = /^[ \t\r\n]*$/.test(text.slice(opening + 1, span.start) + text.slice(span.end, closing));
    if (isBare) return [{ span: { start: opening + 1, end: closing }, newText: '' }];
    return [{ span: isAlone ? wholeLines(text, span) : span, newText: '' }];
  }
  const between = text.slice(before + 1, span.start);
  if (between.trim() === '') return [{ span: { start: before, end: span.end }, newText: '' }];
  return [
    { span: { start: before, end: before + 1 }, newText: '' },
    { span: isAlone ? wholeLines(text, span) : span, newText: '' },
  ];
}

/** Whether nothing but blanks stands before it on its line. */
function standsFirst(text: string, offset: number): boolean {
  return /^ *$/.test(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset));
}

/** Whether nothing but blanks and a comment stands behind it on its line. */
function standsLast(text: string, offset: number): boolean {
  return /^[ \t]*(?:[ \t]#[^\n]*)?\r?$/.test(restOfLine(text, offset));
}

function wholeLines(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): { readonly start: number; readonly end: number } {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const rest = restOfLine(text, end);
  return {
    start: standsFirst(text, start) ? lineStart : start,
    end: Math.min(text.length, end + rest.length + 1),
  };
}

function restOfLine(text: string, offset: number): string {
  const newline = text.indexOf('\n', offset);
  return text.slice(offset, newline < 0 ? text.length : newline);
}
