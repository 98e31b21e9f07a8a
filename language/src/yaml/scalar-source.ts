import type { Scalar } from 'yaml';
import type { Span } from '../text/span.ts';
import { readBlock } from './block-scalar.ts';
import { readDoubleQuoted, readPlainLines, readSingleQuoted } from './flow-scalar.ts';
import { type Part, Written } from './scalar-parts.ts';

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

function readStyle(
  written: Written,
  type: Scalar['type'],
  whole: Span,
  value: string,
): Omit<ScalarSource, 'parts'> | undefined {
  const inner = { start: whole.start + 1, end: Math.max(whole.start + 1, whole.end - 1) };
  switch (type) {
    case 'PLAIN':
      readPlainLines(written, whole);
      return { style: 'plain', content: whole, indent: '' };
    case 'QUOTE_SINGLE':
      readSingleQuoted(written, inner);
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
