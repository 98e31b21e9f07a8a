import { isCollection, isMap, isNode, isPair, isScalar, isSeq, type Pair, type Scalar } from 'yaml';
import type { Path } from '#core/problem.ts';
import { type Span, touches } from '../text/span.ts';
import { embeddedIn, inward, outward } from './embedded-json.ts';
import type { Embedded } from './parsed.ts';
import { type Parsed, tryParse } from './parsed.ts';

/** What a cursor stands on. */
export interface Place {
  readonly kind: 'key' | 'value';
  /** Of the value; for a key, of the value that it names or, where it is only half typed, will name. */
  readonly path: Path;
  /** The scalar under the cursor, empty where nothing has been typed; in quotes, what is between them. */
  readonly span: Span;
  readonly text: string;
  readonly quoted: boolean;
  /** Within `{ }` or `[ ]`, as everything in JSON is. */
  readonly flow: boolean;
  /** True where the key or value is not in the document yet. */
  readonly missing: boolean;
  /** The string of JSON that it is in: what is to be written there has to be written as its scalar demands. */
  readonly embedded?: Embedded;
}

/**
 * The key or value at an offset of the slice. Where the cursor is on a word that is no key yet, or in a value
 * not yet begun, the document is read again with a stand-in at the cursor. Undefined in comments, in
 * templates, and where neither a key nor a value can stand.
 */
export function pathAt(parsed: Parsed, offset: number): Place | undefined {
  if (isNoPlace(parsed, offset)) return undefined;
  return halfTypedKey(parsed, offset) ?? existing(parsed, offset) ?? missing(parsed, offset);
}

/** The key or value that is written at an offset: a word in a list is an entry of it, and may become a key to `pathAt`. */
export function writtenAt(parsed: Parsed, offset: number): Place | undefined {
  return isNoPlace(parsed, offset) ? undefined : existing(parsed, offset);
}

/** A place in a string, line by line, as a cursor has it that goes on writing there. */
export interface PlaceInText {
  /** Of the string. */
  readonly path: Path;
  /** The line of the string that the cursor is in, up to it and from it on; and the lines around that. */
  readonly before: string;
  readonly after: string;
  readonly above: string;
  readonly below: string;
  /** Nothing of the value is written yet, not even a quote. */
  readonly missing: boolean;
}

/**
 * Where in the text of a value the next letter would go, be it behind blanks that are no part of the value yet. Undefined
 * where it would go into a key or a comment, and in a style that joins lines.
 */
export function placeInText(parsed: Parsed, offset: number): PlaceInText | undefined {
  if (parsed.holes.some((hole) => touches(hole, offset))) return undefined;
  const { text } = parsed;
  const tried = tryParse(text.slice(0, offset) + standIn + text.slice(offset));
  const found =
    tried &&
    findScalar(
      tried.document.contents,
      [],
      ({ value }) => typeof value === 'string' && value.includes(standIn),
    );
  if (found === undefined || found.kind === 'key' || found.scalar.type === 'BLOCK_FOLDED') return undefined;
  const value = String(found.scalar.value);
  const at = value.indexOf(standIn);
  const [start, end] = [value.lastIndexOf('\n', at) + 1, value.indexOf('\n', at)];
  const rest = at + standIn.length;
  const lineEnd = end < 0 ? value.length : end;
  return {
    path: found.path,
    before: value.slice(start, at),
    after: value.slice(rest, lineEnd),
    above: value.slice(0, start),
    below: value.slice(lineEnd),
    missing: value === standIn && found.scalar.type === 'PLAIN',
  };
}

function isNoPlace(parsed: Parsed, offset: number): boolean {
  return parsed.holes.some((hole) => touches(hole, offset)) || isInComment(parsed.text, offset);
}

/** Nobody writes it; and it is a plain word, for which a text needs no slower reading than without it. */
const standIn = 'a_cursor_stands_here';

function existing(parsed: Parsed, offset: number): Place | undefined {
  const found = findScalar(parsed.document.contents, [], (scalar) => {
    const [start, end] = scalar.range ?? [0, 0];
    return end > start && start <= offset && offset <= end;
  });
  if (found === undefined) return undefined;
  const { scalar, path, kind } = found;
  const inString = kind === 'value' ? inJson(parsed, scalar, path, offset) : undefined;
  if (inString !== undefined) return inString;
  const [start, end] = scalar.range ?? [0, 0];
  const quoted = scalar.type === 'QUOTE_DOUBLE' || scalar.type === 'QUOTE_SINGLE';
  const span = quoted ? { start: start + 1, end: Math.max(start + 1, end - 1) } : { start, end };
  return {
    kind,
    path,
    span,
    text: parsed.text.slice(span.start, span.end),
    quoted,
    flow: isInFlow(parsed, offset),
    missing: false,
  };
}

/** Undefined where the string holds no JSON, or the cursor is at none of its keys and values: then it is at the string. */
function inJson(parsed: Parsed, scalar: Scalar, path: Path, offset: number): Place | undefined {
  const embedded = embeddedIn(parsed, scalar);
  const { start, end } = embedded?.source.content ?? { start: offset, end: offset };
  if (embedded === undefined || offset < start || offset > end) return undefined;
  const place = pathAt(embedded.parsed, inward(embedded, offset));
  // A string of JSON within a string of JSON is a string.
  if (place === undefined || place.embedded !== undefined) return undefined;
  return { ...place, path: [...path, ...place.path], span: outward(embedded, place.span), embedded };
}

/** A lone word, or nothing at all, where a key of a block could stand. */
function halfTypedKey(parsed: Parsed, offset: number): Place | undefined {
  const { before, after, start } = lineAround(parsed.text, offset);
  // Nobody begins a key so far to the right; the pattern tries all ways to share out blanks.
  if (before.length > 500) return undefined;
  // Keys of annotations have a domain before them; what begins with a figure is an address.
  const word = /^[ ]*(?:- +)*(?:\?? *)([\w.-]*|[A-Za-z][\w.-]*\/[\w.-]*)$/.exec(before)?.[1];
  const rest = /^([\w./-]*)[ \t\r]*(?:#.*)?$/.exec(after)?.[1];
  if (word === undefined || rest === undefined || isInFlow(parsed, offset)) return undefined;
  const span = { start: start + before.length - word.length, end: offset + rest.length };
  const place = withStandIn(parsed, span, `${standIn}:`);
  return place?.kind === 'key' ? place : undefined;
}

function missing(parsed: Parsed, offset: number): Place | undefined {
  const span = { start: offset, end: offset };
  const lead = /(?:^|[:,{[]|- *)[ \t]*$/.exec(lineAround(parsed.text, offset).before.slice(-500))?.[0].trim();
  if (lead === ':' || lead === '[') return withStandIn(parsed, span, lead === ':' ? ` ${standIn}` : standIn);
  if (!isInFlow(parsed, offset) || lead === undefined) return undefined;
  if (isInFlowList(parsed.document.contents, offset)) return withStandIn(parsed, span, `"${standIn}"`);
  return withStandIn(parsed, span, `"${standIn}": 0`) ?? withStandIn(parsed, span, `"${standIn}"`);
}

function withStandIn(parsed: Parsed, span: Span, inserted: string): Place | undefined {
  const { text } = parsed;
  const tried = tryParse(text.slice(0, span.start) + inserted + text.slice(span.end));
  if (tried === undefined) return undefined;
  const found = findScalar(tried.document.contents, [], ({ value }) => value === standIn);
  if (found === undefined) return undefined;
  const path = found.kind === 'key' ? found.path.slice(0, -1) : found.path;
  const typed = text.slice(span.start, span.end);
  return {
    kind: found.kind,
    path: found.kind === 'key' ? [...path, typed] : path,
    span,
    text: typed,
    quoted: false,
    flow: isInFlow(parsed, span.start),
    missing: true,
  };
}

function isInFlow(parsed: Parsed, offset: number): boolean {
  const isWithin = (node: unknown): boolean => {
    if (!isMap(node) && !isSeq(node)) return false;
    const [start, end] = node.range ?? [0, 0];
    if (node.flow === true) return start < offset && offset < Math.max(end, start + 2);
    return node.items.some((item: unknown) => isWithin(isNode(item) ? item : (item as Pair).value));
  };
  return isWithin(parsed.document.contents);
}

/** Whether the innermost of the brackets around an offset are those of a list. */
function isInFlowList(node: unknown, offset: number): boolean {
  if (!isMap(node) && !isSeq(node)) return false;
  const inner = node.items
    .map((item: unknown) => (isPair(item) ? item.value : item))
    .find((one) => isCollection(one) && one.range && one.range[0] < offset && offset < one.range[1]);
  return inner === undefined ? isSeq(node) && node.flow === true : isInFlowList(inner, offset);
}

interface Found {
  readonly kind: 'key' | 'value';
  readonly path: Path;
  readonly scalar: Scalar;
}

function findScalar(node: unknown, path: Path, matches: (scalar: Scalar) => boolean): Found | undefined {
  if (isScalar(node)) return matches(node) ? { kind: 'value', path, scalar: node } : undefined;
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      const inner = [...path, String(key.value)];
      if (matches(key)) return { kind: 'key', path: inner, scalar: key };
      const found = findScalar(value, inner, matches);
      if (found !== undefined) return found;
    }
  }
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const found = findScalar(item, [...path, index], matches);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function lineAround(text: string, offset: number): { before: string; after: string; start: number } {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const newline = text.indexOf('\n', offset);
  return {
    before: text.slice(start, offset),
    after: text.slice(offset, newline < 0 ? undefined : newline),
    start,
  };
}

/** One without its end goes on behind the cursor: were it none, each of many quotes in it would be tried. */
const quotedText = /(?<![^\s,[\]{}:-])(?:"(?:[^"\\]|\\.)*(?:"|$)|'(?:[^']|'')*(?:'|$))/g;

export function isInComment(text: string, offset: number): boolean {
  const { before } = lineAround(text, offset);
  return /(^|[ \t])#/.test(before.replace(quotedText, (quoted) => '_'.repeat(quoted.length)));
}
