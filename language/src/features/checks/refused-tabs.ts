import { isCollection, isMap, isPair, isScalar, isSeq, type Node, Scalar } from 'yaml';
import { overlapsAny, type Span } from '../../text/span.ts';
import type { Parsed } from '../../yaml/parsed.ts';

/** A run of blanks with a tab in it that readers of YAML 1.1 do not take. */
export interface RefusedTab extends Span {
  /** What stands behind it: nothing or a comment, the first text of a block of lines, or a key, an entry or a value. */
  readonly before: 'nothing' | 'block' | 'value';
}

/**
 * Tabs that kubectl's reader takes for no blanks, in a document that our parser can read: where a key or an entry could
 * begin, which is before a line and after a dash, `?` or `:` there; in a plain text of several lines, as far left as
 * its key; and in a block of lines, before its first text. In brackets and quotes every tab is a blank.
 */
export function refusedTabs(parsed: Parsed): readonly RefusedTab[] {
  const { text } = parsed;
  if (!text.includes('\t')) return [];
  const regions: Regions = { free: [], plain: [], blocks: [] };
  collect(parsed.document.contents, -1, { text, regions });
  const found: RefusedTab[] = [];
  let next = 0;
  for (let start = 0; start <= text.length; start = next) {
    const newline = text.indexOf('\n', start);
    next = newline < 0 ? text.length + 1 : newline + 1;
    const span = leadingTab(text, start);
    if (span === undefined || overlapsAny(regions.free, span)) continue;
    const block = regionAt(regions.blocks, span.start);
    const column = span.tab - start;
    if (block !== undefined) {
      if (span.tab < block.textStart) found.push({ start: span.tab, end: span.end, before: 'block' });
      continue;
    }
    const plain = regionAt(regions.plain, span.start);
    if (plain !== undefined && column > plain.indent) continue;
    found.push({ start: span.start, end: span.end, before: isNothing(text, span.end) ? 'nothing' : 'value' });
  }
  return found;
}

interface Plain extends Span {
  /** The column of the key or the dash that it belongs to. */
  readonly indent: number;
}

interface Block extends Span {
  /** Where its first text begins; before the block, where the header gives the indentation. */
  readonly textStart: number;
}

/** In order. */
interface Regions {
  readonly free: Span[];
  readonly plain: Plain[];
  readonly blocks: Block[];
}

interface Collecting {
  readonly text: string;
  readonly regions: Regions;
}

function collect(node: unknown, indent: number, on: Collecting): void {
  if (isCollection(node) && node.flow === true) return void on.regions.free.push(spanOf(node));
  if (isScalar(node)) return collectScalar(node, indent, on);
  if (isSeq(node)) for (const item of node.items) collectItem(item, on);
  if (isMap(node)) for (const pair of node.items) collectPair(pair, on);
}

/** A dash stands in the line of its entry, or in one above it. */
function collectItem(item: unknown, on: Collecting): void {
  const start = isScalar(item) ? spanOf(item).start : 0;
  collect(item, isScalar(item) ? columnOf(on.text, on.text.lastIndexOf('-', start - 1)) : -1, on);
}

function collectPair(pair: unknown, on: Collecting): void {
  if (!isPair(pair)) return;
  collect(pair.key, -1, on);
  const key = isScalar(pair.key) ? columnOf(on.text, spanOf(pair.key).start) : -1;
  collect(pair.value, key, on);
}

function collectScalar(node: Scalar, indent: number, { text, regions }: Collecting): void {
  const span = spanOf(node);
  if (span.start === span.end) return;
  if (node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE) {
    regions.free.push(span);
  } else if (node.type === Scalar.PLAIN) {
    // Blank lines below it are read with it.
    const end = behindBlanks(text, span.end);
    if (text.slice(span.start, end).includes('\n')) regions.plain.push({ ...span, end, indent });
  } else {
    regions.blocks.push({ ...span, textStart: firstText(text, span) });
  }
}

function firstText(text: string, { start, end }: Span): number {
  const header = text.indexOf('\n', start);
  if (header < 0 || header >= end || /^[|>][-+]?[1-9]/.test(text.slice(start, start + 3))) return start;
  return Math.min(end, behindBlanks(text, header));
}

function behindBlanks(text: string, from: number): number {
  let at = from;
  while (/[ \t\r\n]/.test(text.charAt(at))) at += 1;
  return at;
}

/** Where a tab stands among the blanks before a line, or behind a dash, `?` or `:` there. */
function leadingTab(text: string, lineStart: number): (Span & { readonly tab: number }) | undefined {
  let start = lineStart;
  for (;;) {
    let at = start;
    while (text[at] === ' ') at += 1;
    if (text[at] === '\t') {
      const tab = at;
      while (text[at] === ' ' || text[at] === '\t') at += 1;
      return { start, end: at, tab };
    }
    if (!'-?:'.includes(text.charAt(at) || 'x') || !/[ \t]/.test(text.charAt(at + 1))) return undefined;
    start = at + 1;
  }
}

function isNothing(text: string, at: number): boolean {
  return /^(?:\r?\n|#|\r?$)/.test(text.slice(at, at + 2)) || at >= text.length;
}

function regionAt<R extends Span>(regions: readonly R[], offset: number): R | undefined {
  let low = 0;
  let high = regions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((regions[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const region = regions[low];
  return region !== undefined && region.start < offset ? region : undefined;
}

function spanOf({ range }: Node): Span {
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}
