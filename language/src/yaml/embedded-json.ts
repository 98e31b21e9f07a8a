import { isCollection, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import type { Path } from '#core/problem.ts';
import type { Span } from '../text/span.ts';
import { type Embedded, type Parsed, parseSlice } from './parsed.ts';
import { readScalarSource, type ScalarSource, sourceSpan, valueOffset } from './scalar-source.ts';

/**
 * The string of JSON that a path leads into, and what is left of the path there. The outermost one: what it
 * holds may hold JSON again.
 */
export function embeddedAt(
  parsed: Parsed,
  path: Path,
): { readonly embedded: Embedded; readonly outer: Path; readonly inner: Path } | undefined {
  let node: unknown = parsed.document.contents;
  for (const [index, step] of path.entries()) {
    if (isScalar(node)) {
      const embedded = embeddedIn(parsed, node);
      return embedded && { embedded, outer: path.slice(0, index), inner: path.slice(index) };
    }
    node = childOf(node, step);
  }
  return undefined;
}

/** The JSON in a string, where that looks like some: it begins with a bracket. Read once. */
export function embeddedIn(parsed: Parsed, scalar: Scalar): Embedded | undefined {
  const known = parsed.embedded.get(scalar);
  if (known !== undefined) return known ?? undefined;
  const embedded = read(parsed, scalar);
  parsed.embedded.set(scalar, embedded ?? null);
  return embedded;
}

/** The scalar that a path names, in strings of JSON too, and how its offsets become those of the document. */
export function scalarAt(
  parsed: Parsed,
  path: Path,
):
  | { readonly source: ScalarSource; readonly value: string; readonly outward: (span: Span) => Span }
  | undefined {
  const within = embeddedAt(parsed, path);
  if (within !== undefined) {
    const { embedded, inner } = within;
    const found = scalarAt(embedded.parsed, inner);
    return found && { ...found, outward: (span) => outward(embedded, found.outward(span)) };
  }
  const node = path.reduce<unknown>(childOf, parsed.document.contents);
  if (!isScalar(node) || typeof node.value !== 'string') return undefined;
  const source = readScalarSource(parsed.masked, node);
  return source && { source, value: node.value, outward: (span) => span };
}

/** A stretch of the string, in the document. */
export function outward({ source }: Embedded, span: Span): Span {
  return sourceSpan(source, span);
}

/** An offset of the document, in the string. */
export function inward({ source }: Embedded, offset: number): number {
  return valueOffset(source, offset);
}

/** A piece of JSON as it is written in a scalar. In JSON a line break is as good as a blank. */
export function encodeJson(source: ScalarSource, text: string): string | undefined {
  return encode(source, source.style === 'literal' ? text : text.replace(/[ \t]*\r?\n[ \t]*/g, ' '));
}

/** A piece of a string as it is written in a scalar. Undefined where its style cannot hold it. */
export function encode({ style, indent }: ScalarSource, text: string): string | undefined {
  switch (style) {
    case 'double':
      return JSON.stringify(text).slice(1, -1);
    case 'single':
      return isPrintable(text) && !text.includes('\n') ? text.replaceAll("'", "''") : undefined;
    case 'literal':
      return isPrintable(text) ? text.replace(/\n(?!\n|$)/g, `\n${indent}`) : undefined;
    case 'folded':
      return isPrintable(text) && !text.includes('\n') ? text : undefined;
    case 'plain':
      // Most else could be the end of the scalar, or make another value of it.
      return /^[\w./-]*$/.test(text) ? text : undefined;
  }
}

/** YAML 1.2 §5.1: whatever else a string holds has to be escaped. */
function isPrintable(text: string): boolean {
  return !/[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u.test(text);
}

function read(parsed: Parsed, scalar: Scalar): Embedded | undefined {
  const { value } = scalar;
  if (typeof value !== 'string' || !/^[ \t\r\n]*[{[]/.test(value)) return undefined;
  const source = readScalarSource(parsed.masked, scalar);
  if (source === undefined) return undefined;
  const inner = parseSlice(value);
  // What is nothing but a string would hold itself, without an end.
  return isCollection(inner.document.contents) ? { parsed: inner, source } : undefined;
}

function childOf(node: unknown, step: string | number): Node | undefined {
  if (isSeq(node) && typeof step === 'number') return nodeOf(node.items[step]);
  if (!isMap(node)) return undefined;
  return nodeOf(node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))?.value);
}

function nodeOf(value: unknown): Node | undefined {
  return isMap(value) || isSeq(value) || isScalar(value) ? value : undefined;
}
