import type { Scalar } from 'yaml';
import type { Span } from '../text/span.ts';

/** Where each part of a string stands in the text of the scalar that it was read from. */
export interface ScalarSource {
  readonly style: ScalarStyle;
  /** In order, without gaps in the value. */
  readonly parts: readonly Part[];
  /** What holds the string: between the quotes, or all lines of a block. */
  readonly content: Span;
  /** What stands before each line of a block. */
  readonly indent: string;
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

/** A stretch of the value and its source: character by character where both are as long, else as a whole. */
interface Part {
  readonly at: number;
  readonly length: number;
  readonly start: number;
  readonly end: number;
}

/**
 * @param text of the document, as it was parsed
 * @returns undefined for scalars that are no strings, and where the text cannot be followed
 */
export function readScalarSource(text: string, scalar: Scalar): ScalarSource | undefined {
  const { range, value, type } = scalar;
  if (typeof value !== 'string' || !range) return undefined;
  const whole = { start: range[0], end: range[1] };
  const written = new Written(text);
  const source = readStyle(written, type, whole, value);
  // The last word on what a scalar means has the parser.
  return source !== undefined && written.value() === value ? { ...source, parts: written.parts } : undefined;
}

/** Of a stretch of the value. An empty one is where its first character would be. */
export function sourceSpan({ parts, content }: ScalarSource, { start, end }: Span): Span {
  const first = partAt(parts, start);
  const from = first === undefined ? endOf(parts, content) : placeIn(first, start);
  if (end <= start) return { start: from, end: from };
  const last = partAt(parts, end - 1);
  const to =
    last === undefined ? endOf(parts, content) : isEven(last) ? last.start + (end - last.at) : last.end;
  return { start: from, end: Math.max(from, to) };
}

/** The offset in the value that a cursor in the source stands at. */
export function valueOffset({ parts }: ScalarSource, offset: number): number {
  let low = 0;
  let high = parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((parts[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const part = parts[low];
  if (part === undefined || offset <= part.start) return part?.at ?? 0;
  if (offset >= part.end) return part.at + part.length;
  return isEven(part) ? part.at + (offset - part.start) : part.at;
}

/** The parts of a value, as they are read. */
class Written {
  readonly text: string;
  readonly parts: Part[] = [];
  readonly #pieces: string[] = [];
  #length = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** As it stands in the text. */
  take(start: number, end: number): void {
    if (end > start) this.#add(this.text.slice(start, end), start, end);
  }

  /** What stands for something else. */
  put(value: string, start: number, end: number): void {
    if (value !== '') this.#add(value, start, end);
  }

  value(): string {
    return this.#pieces.join('');
  }

  #add(piece: string, start: number, end: number): void {
    this.parts.push({ at: this.#length, length: piece.length, start, end });
    this.#pieces.push(piece);
    this.#length += piece.length;
  }
}

function readStyle(
  written: Written,
  type: Scalar['type'],
  whole: Span,
  value: string,
): Omit<ScalarSource, 'parts'> | undefined {
  const inner = { start: whole.start + 1, end: Math.max(whole.start + 1, whole.end - 1) };
  switch (type) {
    case 'PLAIN':
      readLines(written, whole, (start, end) => written.take(start, end));
      return { style: 'plain', content: whole, indent: '' };
    case 'QUOTE_SINGLE':
      readLines(written, inner, (start, end) => takeSingleQuoted(written, start, end));
      return { style: 'single', content: inner, indent: '' };
    case 'QUOTE_DOUBLE':
      readDoubleQuoted(written, inner);
      return { style: 'double', content: inner, indent: '' };
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED':
      return readBlock(written, whole, value, type === 'BLOCK_FOLDED');
    default:
      return undefined;
  }
}

/** YAML 1.2 §7.3.2: blanks around a line break fall away, one break is a blank, of several one falls away. */
function readLines(written: Written, { start, end }: Span, take: (start: number, end: number) => void): void {
  const lines = linesOf(written.text, { start, end });
  let gapStart = start;
  let emptyLines = 0;
  for (const [index, line] of lines.entries()) {
    const [isFirst, isLast] = [index === 0, index === lines.length - 1];
    const content = written.text.slice(line.start, line.end);
    const from = isFirst ? 0 : content.length - content.replace(/^[ \t]+/, '').length;
    const to = isLast ? content.length : Math.max(from, content.replace(/(?<![ \t])[ \t]+$/, '').length);
    if (!isFirst && !isLast && from === to) {
      emptyLines += 1;
      continue;
    }
    if (!isFirst) written.put(emptyLines === 0 ? ' ' : '\n'.repeat(emptyLines), gapStart, line.start + from);
    take(line.start + from, line.start + to);
    gapStart = line.start + to;
    emptyLines = 0;
  }
}

/** Each without its line break. */
function linesOf(text: string, { start, end }: Span): readonly (Span & { readonly next: number })[] {
  const lines: (Span & { next: number })[] = [];
  for (let at = start; ; ) {
    const newline = text.indexOf('\n', at);
    if (newline < 0 || newline >= end) {
      lines.push({ start: at, end, next: end });
      return lines;
    }
    const isCrLf = newline > at && text[newline - 1] === '\r';
    lines.push({ start: at, end: isCrLf ? newline - 1 : newline, next: newline + 1 });
    at = newline + 1;
  }
}

function takeSingleQuoted(written: Written, start: number, end: number): void {
  let from = start;
  for (const { index } of written.text.slice(start, end).matchAll(/''/g)) {
    written.take(from, start + index);
    written.put("'", start + index, start + index + 2);
    from = start + index + 2;
  }
  written.take(from, end);
}

function readDoubleQuoted(written: Written, { start, end }: Span): void {
  const { text } = written;
  let from = start;
  const special =
    /\\(?:\r?\n[ \t]*|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^])|(?<![ \t])[ \t]*\r?\n[ \t\r\n]*/g;
  special.lastIndex = start;
  for (let found = special.exec(text); found !== null && found.index < end; found = special.exec(text)) {
    written.take(from, found.index);
    from = Math.min(end, found.index + found[0].length);
    written.put(meaningOf(found[0].slice(0, from - found.index)), found.index, from);
  }
  written.take(from, end);
}

function meaningOf(found: string): string {
  if (!found.startsWith('\\')) return '\n'.repeat(Math.max(0, found.split('\n').length - 2)) || ' ';
  const sign = found[1] ?? '';
  if (sign === '\n' || sign === '\r') return '';
  if (found.length > 2) {
    const code = Number.parseInt(found.slice(2), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '';
  }
  return escapes[sign] ?? found;
}

/** YAML 1.2 §5.7. */
const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\t': '\t',
};

/** YAML 1.2 §8.1. What the header and chomping come to, is told by the value: only lines are looked for. */
function readBlock(
  written: Written,
  whole: Span,
  value: string,
  isFolded: boolean,
): Omit<ScalarSource, 'parts'> | undefined {
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

interface Body extends Span {
  readonly next: number;
}

function takeLiteral(written: Written, bodies: readonly Body[], value: string): void {
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
function takeFolded(written: Written, bodies: readonly Body[], value: string): void {
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

function partAt(parts: readonly Part[], offset: number): Part | undefined {
  let low = 0;
  let high = parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((parts[middle]?.at ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const part = parts[low];
  return part !== undefined && part.at <= offset && offset < part.at + part.length ? part : undefined;
}

function placeIn(part: Part, offset: number): number {
  return isEven(part) ? part.start + (offset - part.at) : part.start;
}

function isEven({ length, start, end }: Part): boolean {
  return length === end - start;
}

function endOf(parts: readonly Part[], content: Span): number {
  return parts.at(-1)?.end ?? content.start;
}
