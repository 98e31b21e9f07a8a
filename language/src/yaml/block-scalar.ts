import type { Span } from '../text/span.ts';
import { type Line, linesOf, type Written } from './scalar-parts.ts';

/** YAML 1.2 §8.1. What the header and chomping come to, is told by the value: only lines are looked for. */
export function readBlock(
  written: Written,
  whole: Span,
  value: string,
  isFolded: boolean,
): { readonly style: 'literal' | 'folded'; readonly content: Span; readonly indent: string } | undefined {
  const { text } = written;
  const newline = text.indexOf('\n', whole.start);
  const content = { start: newline < 0 ? whole.end : Math.min(whole.end, newline + 1), end: whole.end };
  const lines = linesOf(text, content);
  const style = isFolded ? 'folded' : 'literal';
  const first = lines.find((line) => text.slice(line.start, line.end).trim() !== '');
  if (first === undefined) return undefined;
  // More of them than the first line has in the value: the indentation, which the header may give.
  const own = /^\n*( *)/.exec(value)?.[1]?.length ?? 0;
  const depth = blanksAt(text, first.start) - own;
  if (depth < 0) return undefined;
  const indent = ' '.repeat(depth);
  const bodies = lines.map((line) => ({
    start: Math.min(line.end, line.start + Math.min(depth, blanksAt(text, line.start))),
    end: line.end,
    next: line.next,
  }));
  if (isFolded) takeFolded(written, bodies, value);
  else takeLiteral(written, bodies, value);
  return { style, content, indent };
}

function takeLiteral(written: Written, bodies: readonly Line[], value: string): void {
  let at = 0;
  for (const { start, end, next } of bodies) {
    if (at >= value.length) return;
    written.take(start, end);
    at += end - start;
    if (at < value.length) written.put('\n', end, next);
    at += 1;
  }
}

/** Follows the value: a break of the text is a blank, a break or nothing there. */
function takeFolded(written: Written, bodies: readonly Line[], value: string): void {
  let at = 0;
  let gapStart = bodies[0]?.start ?? 0;
  for (const { start, end } of bodies) {
    const isEmpty = start === end;
    if (isEmpty || at >= value.length) continue;
    const line = written.text.slice(start, end);
    const gap = /^(?:\n+| )?/.exec(value.slice(at, at + 1) === ' ' && at > 0 ? ' ' : value.slice(at));
    const length = value.startsWith(line, at) && at === 0 ? 0 : (gap?.[0].length ?? 0);
    written.put(value.slice(at, at + length), gapStart, start);
    written.take(start, end);
    at += length + line.length;
    gapStart = end;
  }
  const rest = value.slice(at);
  if (/^\n*$/.test(rest)) written.put(rest, gapStart, bodies.at(-1)?.next ?? gapStart);
}

function blanksAt(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ') at += 1;
  return at - start;
}
