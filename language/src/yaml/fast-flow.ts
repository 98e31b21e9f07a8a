import { isCollection, Pair, YAMLMap, YAMLSeq } from 'yaml';
import {
  closeBrace,
  closeBracket,
  comma,
  doubleQuote,
  newline,
  openBrace,
  openBracket,
  singleQuote,
  space,
} from '../text/characters.ts';
import {
  columnOf,
  keyText,
  maxDepth,
  maxKeyLength,
  plainEnd,
  readQuoted,
  type Scan,
  toScalar,
  unread,
} from './fast-scan.ts';

/** A collection in brackets; what follows it is still to be looked at. `column`: that of the block around it. */
export function readFlow(scan: Scan, column: number): unknown {
  if (scan.depth >= maxDepth) return unread;
  scan.depth += 1;
  const start = scan.at;
  const isMap = scan.text.charCodeAt(start) === openBrace;
  scan.at += 1;
  const value = isMap ? readFlowMap(scan, column) : readFlowList(scan, column);
  scan.depth -= 1;
  if (isCollection(scan.node)) {
    scan.node.flow = true;
    scan.node.range = [start, scan.at, scan.at];
  }
  return value;
}

export function isFlowStart(code: number): boolean {
  return code === openBrace || code === openBracket;
}

function readFlowList(scan: Scan, column: number): unknown {
  const list: unknown[] = [];
  const node = scan.makesNodes ? new YAMLSeq<unknown>() : undefined;
  if (!skipInFlow(scan, column)) return unread;
  if (closes(scan, closeBracket)) return noted(scan, node, list);
  for (;;) {
    const value = readFlowValue(scan, column);
    node?.items.push(scan.node);
    if (value === unread || !skipInFlow(scan, column)) return unread;
    list.push(value);
    if (closes(scan, closeBracket)) return noted(scan, node, list);
    if (scan.text.charCodeAt(scan.at) !== comma) return unread;
    scan.at += 1;
    if (!skipInFlow(scan, column)) return unread;
  }
}

const flowKey = /(?:[A-Za-z_][\w./-]*|"[^"\\\n]*"|'[^'\n]*'):(?= )|"[^"\\\n]*":(?=["{[\w-])/y;

function readFlowMap(scan: Scan, column: number): unknown {
  const map: Record<string, unknown> = {};
  const node = scan.makesNodes ? new YAMLMap<unknown, unknown>() : undefined;
  if (!skipInFlow(scan, column)) return unread;
  if (closes(scan, closeBrace)) return noted(scan, node, map);
  for (;;) {
    flowKey.lastIndex = scan.at;
    if (!flowKey.test(scan.text) || flowKey.lastIndex - scan.at > maxKeyLength) return unread;
    const key = keyText(scan, flowKey.lastIndex - 1);
    if (key === undefined || Object.hasOwn(map, key)) return unread;
    const keyNode = scan.node;
    scan.at = flowKey.lastIndex;
    while (scan.text.charCodeAt(scan.at) === space) scan.at += 1;
    const value = readFlowValue(scan, column);
    node?.items.push(new Pair(keyNode, scan.node));
    if (value === unread || !skipInFlow(scan, column)) return unread;
    map[key] = value;
    if (closes(scan, closeBrace)) return noted(scan, node, map);
    if (scan.text.charCodeAt(scan.at) !== comma) return unread;
    scan.at += 1;
    if (!skipInFlow(scan, column)) return unread;
  }
}

function noted<T>(scan: Scan, node: YAMLMap | YAMLSeq | undefined, value: T): T {
  scan.node = node;
  return value;
}

function closes(scan: Scan, bracket: number): boolean {
  if (scan.text.charCodeAt(scan.at) !== bracket) return false;
  scan.at += 1;
  return true;
}

/** Blanks and line breaks; a line within brackets must stand further right than the block around them. */
function skipInFlow(scan: Scan, column: number): boolean {
  const { text } = scan;
  for (;;) {
    const code = text.charCodeAt(scan.at);
    if (code === space) scan.at += 1;
    else if (code === newline) {
      scan.at += 1;
      scan.lineStart = scan.at;
      while (text.charCodeAt(scan.at) === space) scan.at += 1;
      const isBlank = text.charCodeAt(scan.at) === newline;
      if (!isBlank && columnOf(scan) <= column) return false;
    } else return scan.at < text.length;
  }
}

function readFlowValue(scan: Scan, column: number): unknown {
  const { text, at } = scan;
  const code = text.charCodeAt(at);
  if (isFlowStart(code)) return readFlow(scan, column);
  if (code === doubleQuote || code === singleQuote) return readQuoted(scan);
  const end = plainEnd(text, at, true);
  if (end < 0) return unread;
  scan.at = end;
  return toScalar(scan, at, at + text.slice(at, end).trimEnd().length);
}
