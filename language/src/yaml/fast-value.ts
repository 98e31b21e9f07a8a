import { type Node, Pair, YAMLMap, YAMLSeq } from 'yaml';
import { bar, dash, doubleQuote, hash, newline, singleQuote, space } from '../text/characters.ts';
import { mayHoldTemplates } from '../text/templates.ts';
import { isFlowStart, readFlow } from './fast-flow.ts';
import {
  columnOf,
  endLine,
  isMarker,
  keyText,
  maxDepth,
  maxKeyLength,
  noteScalar,
  readPlain,
  readQuoted,
  type Scan,
  toContent,
  unread,
} from './fast-scan.ts';
import type { Entry, KnownLines } from './known-lines.ts';

/**
 * The value of a document that is written the way people mostly write manifests, in a fraction of the time that
 * the full parser takes, and without places. Undefined for all that is written another way or may be faulty:
 * then only the full parser knows. What it gives is what the full parser gives, which finds no fault there.
 *
 * Read are block and flow collections, scalars within one line, and literal blocks. Not read: anchors, aliases,
 * tags, merge keys, directives, tabs, templates, folded text, a key that stands twice, and scalars that YAML 1.1
 * takes for something else than YAML 1.2.
 *
 * @param lines those of other documents, where many are read
 */
export function fastValue(text: string, lines?: KnownLines): { readonly value: unknown } | undefined {
  return read(text.includes('\r') ? text.replaceAll('\r\n', '\n') : text, false, lines);
}

/**
 * The same with the nodes that the full parser makes, of which places, styles, values and sources are as there.
 * A block ends where its last scalar ends.
 */
export function fastNodes(
  text: string,
): { readonly value: unknown; readonly contents: Node | undefined } | undefined {
  return read(text, true);
}

function read(
  text: string,
  makesNodes: boolean,
  lines?: KnownLines,
): { readonly value: unknown; readonly contents: Node | undefined } | undefined {
  if (mayHoldTemplates(text) || unusual.test(text)) return undefined;
  const scan: Scan = { text, at: 0, lineStart: 0, depth: 0, makesNodes, lines, node: undefined };
  if (!toFirstContent(scan)) return undefined;
  const value = readRoot(scan);
  return value === unread || !isAtEnd(scan) ? undefined : { value, contents: scan.node };
}

/** Control characters, what only some take for a blank or a line break, and surrogates. */
const unusual =
  /[^\n -~\u00a1-\u167f\u1681-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

/** To the first line of content, past comments and a bare `---`. False where nothing follows. */
function toFirstContent(scan: Scan): boolean {
  toContent(scan);
  if (scan.at === scan.lineStart && isMarker(scan.text, scan.at, '---')) {
    scan.at += 3;
    if (!endLine(scan)) return false;
  }
  return scan.at < scan.text.length;
}

function readRoot(scan: Scan): unknown {
  const code = scan.text.charCodeAt(scan.at);
  if (isFlowStart(code)) {
    const value = readFlow(scan, -1);
    return value !== unread && endLine(scan) ? value : unread;
  }
  return readBlock(scan);
}

/** Only an end marker may be left. */
function isAtEnd(scan: Scan): boolean {
  const { text, at, lineStart } = scan;
  if (at >= text.length) return true;
  return at === lineStart && isMarker(text, at, '...') && text.slice(at + 3).trim() === '';
}

function isItem(scan: Scan): boolean {
  const { text, at } = scan;
  if (text.charCodeAt(at) !== dash) return false;
  const next = text.charCodeAt(at + 1);
  return next === space || next === newline || at + 1 >= text.length;
}

/** A collection whose entries stand in the column of the scan. */
function readBlock(scan: Scan): unknown {
  if (scan.depth >= maxDepth) return unread;
  scan.depth += 1;
  const column = columnOf(scan);
  const value = column < 0 ? unread : isItem(scan) ? readList(scan, column) : readMap(scan, column);
  scan.depth -= 1;
  return value;
}

function readList(scan: Scan, column: number): unknown {
  const list: unknown[] = [];
  const start = scan.at;
  const node = scan.makesNodes ? new YAMLSeq<unknown>() : undefined;
  do {
    scan.at += 1;
    const item = readItem(scan, column);
    if (item === unread) return unread;
    list.push(item);
    node?.items.push(scan.node);
  } while (columnOf(scan) === column && isItem(scan));
  if (node !== undefined) noteBlock(scan, node, start);
  return columnOf(scan) > column ? unread : list;
}

/** Leaves the node of a block that ends with what was read last. */
function noteBlock(scan: Scan, node: YAMLSeq | YAMLMap, start: number): void {
  const end = scan.node?.range?.[1] ?? start;
  node.range = [start, end, end];
  scan.node = node;
}

function readItem(scan: Scan, column: number): unknown {
  if (isLineDone(scan)) return readBelow(scan, (inner) => inner > column);
  return isItem(scan) || keyEnd(scan) > 0 ? readBlock(scan) : readValue(scan, column);
}

function readMap(scan: Scan, column: number): unknown {
  const map: Record<string, unknown> = {};
  const start = scan.at;
  const node = scan.makesNodes ? new YAMLMap<unknown, unknown>() : undefined;
  do {
    const entry = readEntry(scan);
    if (entry === undefined || Object.hasOwn(map, entry.key)) return unread;
    const keyNode = scan.node;
    const value = entry.value === unread ? readMapValue(scan, column) : entry.value;
    if (value === unread) return unread;
    map[entry.key] = value;
    node?.items.push(new Pair(keyNode, scan.node));
  } while (columnOf(scan) === column);
  if (node !== undefined) noteBlock(scan, node, start);
  return columnOf(scan) > column ? unread : map;
}

/** The key that the scan is at; it then stands behind the colon, or behind a value that the line alone tells. */
function readEntry(scan: Scan): Entry | undefined {
  const { text, at, lines } = scan;
  const lineEnd = lines === undefined ? -1 : text.indexOf('\n', at);
  const known = lineEnd < 0 ? undefined : lines?.find(text, at, lineEnd);
  if (known !== undefined) {
    scan.at = known.value === unread ? at + known.colon + 1 : lineEnd;
    if (known.value !== unread) endLine(scan);
    return known;
  }
  const end = keyEnd(scan);
  const key = end < 0 ? undefined : keyText(scan, end);
  if (key === undefined) return undefined;
  scan.at = end + 1;
  const hasScalar = lineEnd >= 0 && !isLineDone(scan) && isScalarStart(text.charCodeAt(scan.at));
  const value = hasScalar ? readScalar(scan) : unread;
  if (hasScalar && value === unread) return undefined;
  const entry: Entry = { key, colon: end - at, value };
  if (lineEnd >= 0) lines?.add(text, at, lineEnd, entry);
  return entry;
}

function readMapValue(scan: Scan, column: number): unknown {
  if (!isLineDone(scan)) return readValue(scan, column);
  // A list may stand in the column of its key.
  return readBelow(scan, (inner) => inner > column || (inner === column && isItem(scan)));
}

/** Goes past blanks. */
function isLineDone(scan: Scan): boolean {
  const { text } = scan;
  while (text.charCodeAt(scan.at) === space) scan.at += 1;
  const code = text.charCodeAt(scan.at);
  return (
    scan.at >= text.length || code === newline || (code === hash && text.charCodeAt(scan.at - 1) === space)
  );
}

/** The block in the lines below, or null where `belongs` says of its column that it belongs to something else. */
function readBelow(scan: Scan, belongs: (column: number) => boolean): unknown {
  const { at } = scan;
  if (!endLine(scan)) return unread;
  if (belongs(columnOf(scan))) return readBlock(scan);
  noteScalar(scan, null, 'PLAIN', at, at);
  return null;
}

const plainKey = /[A-Za-z_][\w./-]*:(?=[ \n]|$)/y;
const doubleQuotedKey = /"[^"\\\n]*":(?=[ \n]|$)/y;
const singleQuotedKey = /'[^'\n]*':(?=[ \n]|$)/y;

/** Where the colon after the key stands that the scan is at; -1 where there is no key of a plain kind. */
function keyEnd({ text, at }: Scan): number {
  const code = text.charCodeAt(at);
  const pattern = code === doubleQuote ? doubleQuotedKey : code === singleQuote ? singleQuotedKey : plainKey;
  pattern.lastIndex = at;
  if (!pattern.test(text)) return -1;
  const end = pattern.lastIndex - 1;
  return end - at > maxKeyLength ? -1 : end;
}

/** The value that begins in the line of its key or dash, which stands in `column`; then to the next content. */
function readValue(scan: Scan, column: number): unknown {
  const code = scan.text.charCodeAt(scan.at);
  if (isScalarStart(code)) return readScalar(scan);
  if (code === bar) return readLiteral(scan, column);
  const value = readFlow(scan, column);
  return value !== unread && endLine(scan) ? value : unread;
}

/** Whether a scalar begins that ends in its line. */
function isScalarStart(code: number): boolean {
  return code !== bar && !isFlowStart(code);
}

function readScalar(scan: Scan): unknown {
  const code = scan.text.charCodeAt(scan.at);
  const value = code === doubleQuote || code === singleQuote ? readQuoted(scan) : readPlain(scan);
  return value !== unread && endLine(scan) ? value : unread;
}

function readLiteral(scan: Scan, column: number): unknown {
  const { text } = scan;
  const keeps = text.charCodeAt(scan.at + 1) !== dash;
  let at = scan.at + (keeps ? 1 : 2);
  while (text.charCodeAt(at) === space) at += 1;
  if (text.charCodeAt(at) !== newline) return unread;
  at += 1;
  const lines: string[] = [];
  let indent = -1;
  let lastEnd = at;
  for (;;) {
    const end = text.indexOf('\n', at);
    // At the end of the text it matters whether a line break is there.
    if (end < 0 && at < text.length) return unread;
    let first = at;
    while (text.charCodeAt(first) === space) first += 1;
    const width = first - at;
    if (at < text.length && first === end) {
      if (width > 0 || indent < 0) return unread;
      lines.push('');
    } else if (at < text.length && width > column && (indent < 0 || width >= indent)) {
      if (indent < 0) indent = width;
      lines.push(text.slice(at + indent, end));
      lastEnd = end + 1;
    } else {
      if (indent < 0 || (at < text.length && width > column && text.charCodeAt(first) !== hash))
        return unread;
      break;
    }
    at = end + 1;
  }
  while (lines.at(-1) === '') lines.pop();
  const value = lines.join('\n') + (keeps ? '\n' : '');
  noteScalar(scan, value, 'BLOCK_LITERAL', scan.at, lastEnd);
  scan.at = at;
  toContent(scan);
  return value;
}
