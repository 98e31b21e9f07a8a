import type { Span } from './span.ts';

export interface Edit {
  readonly span: Span;
  readonly newText: string;
}

/** Takes edits in any order, none of which overlaps another. Those at one offset are put in as they are listed. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let made = '';
  let done = 0;
  for (const { span, newText } of edits.toSorted((a, b) => a.span.start - b.span.start)) {
    made += text.slice(done, span.start) + newText;
    done = span.end;
  }
  return made + text.slice(done);
}

/** The one edit that makes `after` of `before` and leaves alone what both begin and end with. */
export function editBetween(before: string, after: string): Edit {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let kept = 0;
  while (kept < shorter - start && before.at(-1 - kept) === after.at(-1 - kept)) kept += 1;
  return {
    span: { start, end: before.length - kept },
    newText: after.slice(start, after.length - kept),
  };
}
