import { type Node, Scalar } from 'yaml';
import {
  backslash,
  closeBrace,
  closeBracket,
  colon,
  comma,
  doubleQuote,
  hash,
  newline,
  openBrace,
  openBracket,
  singleQuote,
  space,
} from '../text/characters.ts';
import type { KnownLines } from './known-lines.ts';
import { hasOddReading, plainScalar } from './plain-scalar.ts';

/** Between two nodes of a block `at` stands on the first character of content in its line, or at the end. */
export interface Scan {
  readonly text: string;
  at: number;
  lineStart: number;
  depth: number;
  /** Whether nodes are made, which hold the places. */
  readonly makesNodes: boolean;
  /** Where lines are kept that were read before; never where nodes are made, since they have places. */
  readonly lines: KnownLines | undefined;
  /** Of the value that was read last. */
  node: Node | undefined;
}

export const unread = Symbol('not written plainly');
/** Nobody writes so deep; the full parser has a say on those who do. */
export const maxDepth = 60;
/** A key may have 1,024 characters in all before its colon. */
export const maxKeyLength = 1000;

export function isMarker(text: string, at: number, marker: '---' | '...'): boolean {
  if (!text.startsWith(marker, at)) return false;
  const next = text.charCodeAt(at + 3);
  return next === space || next === newline || at + 3 >= text.length;
}

/** From the start of a line to the next content, past blank lines and those of comments only. */
export function toContent(scan: Scan): void {
  const { text } = scan;
  for (;;) {
    scan.lineStart = scan.at;
    let at = scan.at;
    while (text.charCodeAt(at) === space) at += 1;
    scan.at = at;
    const code = text.charCodeAt(at);
    if (code === hash) scan.at = afterLine(text, at);
    else if (code === newline) scan.at = at + 1;
    else return;
  }
}

function afterLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

/** From the end of a value to the next content. False where something else stands in the line. */
export function endLine(scan: Scan): boolean {
  const { text } = scan;
  let at = scan.at;
  while (text.charCodeAt(at) === space) at += 1;
  const code = text.charCodeAt(at);
  if (at >= text.length) scan.at = scan.lineStart = at;
  else if (code === newline) scan.at = at + 1;
  else if (code === hash && text.charCodeAt(at - 1) === space) scan.at = afterLine(text, at);
  else return false;
  if (scan.at < text.length) toContent(scan);
  else scan.lineStart = scan.at;
  return true;
}

/** The column of the content that the scan stands on; none at the end of the document. */
export function columnOf(scan: Scan): number {
  const { text, at, lineStart } = scan;
  if (at >= text.length) return -1;
  const column = at - lineStart;
  return column === 0 && (isMarker(text, at, '...') || isMarker(text, at, '---')) ? -1 : column;
}

/** The key that reaches up to `end`; undefined where it is none of a plain kind. */
export function keyText(scan: Scan, end: number): string | undefined {
  const { text, at } = scan;
  const code = text.charCodeAt(at);
  const isQuoted = code === doubleQuote || code === singleQuote;
  const key = isQuoted ? text.slice(at + 1, end - 1) : text.slice(at, end);
  noteScalar(
    scan,
    key,
    !isQuoted ? 'PLAIN' : code === doubleQuote ? 'QUOTE_DOUBLE' : 'QUOTE_SINGLE',
    at,
    end,
  );
  return soundKey(key, isQuoted);
}

/** A plain word that is no text is a key of another type. */
function soundKey(key: string, isQuoted: boolean): string | undefined {
  if (key === '__proto__' || key === '<<') return undefined;
  return isQuoted || (plainScalar(key) === key && !hasOddReading(key)) ? key : undefined;
}

export function readPlain(scan: Scan): unknown {
  const { text, at } = scan;
  let end = plainEnd(text, at, false);
  if (end < 0) return unread;
  // So that the blank before a comment is seen.
  while (text.charCodeAt(end - 1) === space) end -= 1;
  scan.at = end;
  return toScalar(scan, at, end);
}

/** Where an unquoted scalar ends, with the blanks after it; -1 where none begins or it holds what it may not. */
export function plainEnd(text: string, start: number, isInFlow: boolean): number {
  if (!isPlainStart(text, start)) return -1;
  for (let at = start + 1; ; at += 1) {
    const code = text.charCodeAt(at);
    if (at >= text.length || code === newline) return at;
    if (isInFlow && isFlowMark(code)) return at;
    if (code === colon) {
      const next = text.charCodeAt(at + 1);
      const isMark = next === space || next === newline || at + 1 >= text.length;
      if (isMark || (isInFlow && isFlowMark(next))) return -1;
    } else if (code === hash && text.charCodeAt(at - 1) === space) return isInFlow ? -1 : at;
  }
}

function isPlainStart(text: string, at: number): boolean {
  const code = text.charCodeAt(at) | 0x20;
  if (code >= 0x61 && code <= 0x7a) return true;
  const first = text.charAt(at);
  if (first === '-') return /[\w.]/.test(text.charAt(at + 1));
  return (first >= '0' && first <= '9') || (first !== '' && '_/.~$+('.includes(first));
}

/** `,` `[` `]` `{` `}` */
export function isFlowMark(code: number): boolean {
  return (
    code === comma ||
    code === openBracket ||
    code === closeBracket ||
    code === openBrace ||
    code === closeBrace
  );
}

export function toScalar(scan: Scan, start: number, end: number): unknown {
  const source = scan.text.slice(start, end);
  if (hasOddReading(source)) return unread;
  const value = plainScalar(source);
  noteScalar(scan, value, 'PLAIN', start, end);
  return value;
}

/** Leaves the node of a scalar that was read. */
export function noteScalar(scan: Scan, value: unknown, type: Scalar.Type, start: number, end: number): void {
  if (!scan.makesNodes) return;
  const node = new Scalar(value);
  node.type = type;
  node.source = type === 'PLAIN' ? scan.text.slice(start, end) : String(value);
  node.range = [start, end, end];
  scan.node = node;
}

export function readQuoted(scan: Scan): unknown {
  const { text, at } = scan;
  const isDouble = text.charCodeAt(at) === doubleQuote;
  for (let end = at + 1; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === newline) return unread;
    if (isDouble && code === backslash) end += 1;
    else if (isDouble ? code === doubleQuote : code === singleQuote) {
      if (!isDouble && text.charCodeAt(end + 1) === singleQuote) {
        end += 1;
        continue;
      }
      scan.at = end + 1;
      const inner = text.slice(at + 1, end);
      const value = isDouble ? unescaped(inner) : inner.replaceAll("''", "'");
      noteScalar(scan, value, isDouble ? 'QUOTE_DOUBLE' : 'QUOTE_SINGLE', at, end + 1);
      return value;
    }
  }
  return unread;
}

/** JSON's escape sequences, which are YAML's too. */
function unescaped(inner: string): unknown {
  if (!inner.includes('\\')) return inner;
  return /^(?:[^\\]|\\["\\/nrtbf])*$/.test(inner) ? (JSON.parse(`"${inner}"`) as unknown) : unread;
}
