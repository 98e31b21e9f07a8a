import { isFlowStart, readFlow } from './fast-flow.ts';
import {
  columnOf,
  endLine,
  isMarker,
  keyText,
  maxDepth,
  maxKeyLength,
  readPlain,
  readQuoted,
  type Scan,
  toContent,
  unread,
} from './fast-scan.ts';

/**
 * The value of a document that is written the way people mostly write manifests, in a fraction of the time that
 * the full parser takes, and without places. Undefined for all that is written another way or may be faulty:
 * then only the full parser knows. What it gives is what the full parser gives, which finds no fault there.
 *
 * Read are block and flow collections, scalars within one line, and literal blocks. Not read: anchors, aliases,
 * tags, merge keys, directives, tabs, templates, folded text, a key that stands twice, and scalars that YAML 1.1
 * takes for something else than YAML 1.2.
 */
export function fastValue(text: string): { readonly value: unknown } | undefined {
  if (text.includes('{{')) return undefined;
  const unix = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
  if (unusual.test(unix)) return undefined;
  const scan: Scan = { text: unix, at: 0, lineStart: 0, depth: 0 };
  if (!toFirstContent(scan)) return undefined;
  const value = readRoot(scan);
  return value === unread || !isAtEnd(scan) ? undefined : { value };
}

/** Control characters, what only some take for a blank or a line break, and surrogates. */
const unusual =
  /[^\n -~\u00a1-\u167f\u1681-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ud7ff\ue000-\ufefe\uff00-\uffff]/;

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
  do {
    scan.at += 1;
    const item = readItem(scan, column);
    if (item === unread) return unread;
    list.push(item);
  } while (columnOf(scan) === column && isItem(scan));
  return columnOf(scan) > column ? unread : list;
}

function readItem(scan: Scan, column: number): unknown {
  const { text } = scan;
  let at = scan.at;
  while (text.charCodeAt(at) === space) at += 1;
  const code = text.charCodeAt(at);
  if (at >= text.length || code === newline || code === hash) {
    if (!endLine(scan)) return unread;
    return columnOf(scan) > column ? readBlock(scan) : null;
  }
  scan.at = at;
  return isItem(scan) || keyEnd(scan) > 0 ? readBlock(scan) : readValue(scan, column);
}

function readMap(scan: Scan, column: number): unknown {
  const map: Record<string, unknown> = {};
  do {
    const end = keyEnd(scan);
    if (end < 0) return unread;
    const key = keyText(scan, end);
    if (key === undefined || Object.hasOwn(map, key)) return unread;
    scan.at = end + 1;
    const value = readMapValue(scan, column);
    if (value === unread) return unread;
    map[key] = value;
  } while (columnOf(scan) === column);
  return columnOf(scan) > column ? unread : map;
}

function readMapValue(scan: Scan, column: number): unknown {
  const { text } = scan;
  let at = scan.at;
  while (text.charCodeAt(at) === space) at += 1;
  const code = text.charCodeAt(at);
  if (at < text.length && code !== newline && code !== hash) {
    scan.at = at;
    return readValue(scan, column);
  }
  if (!endLine(scan)) return unread;
  const inner = columnOf(scan);
  // A list may stand in the column of its key.
  return inner > column || (inner === column && isItem(scan)) ? readBlock(scan) : null;
}

const space = 0x20;
const newline = 0x0a;
const hash = 0x23;
const dash = 0x2d;
const doubleQuote = 0x22;
const singleQuote = 0x27;

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
  if (code === 0x7c) return readLiteral(scan, column);
  const value = isFlowStart(code)
    ? readFlow(scan, column)
    : code === doubleQuote || code === singleQuote
      ? readQuoted(scan)
      : readPlain(scan);
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
    } else {
      if (indent < 0 || (at < text.length && width > column && text.charCodeAt(first) !== hash))
        return unread;
      break;
    }
    at = end + 1;
  }
  while (lines.at(-1) === '') lines.pop();
  scan.at = at;
  toContent(scan);
  return lines.join('\n') + (keeps ? '\n' : '');
}
