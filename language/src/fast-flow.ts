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
  const isMap = scan.text.charCodeAt(scan.at) === 0x7b;
  scan.at += 1;
  const value = isMap ? readFlowMap(scan, column) : readFlowList(scan, column);
  scan.depth -= 1;
  return value;
}

export function isFlowStart(code: number): boolean {
  return code === 0x7b || code === 0x5b;
}

function readFlowList(scan: Scan, column: number): unknown {
  const list: unknown[] = [];
  if (!skipInFlow(scan, column)) return unread;
  if (closes(scan, 0x5d)) return list;
  for (;;) {
    const value = readFlowValue(scan, column);
    if (value === unread || !skipInFlow(scan, column)) return unread;
    list.push(value);
    if (closes(scan, 0x5d)) return list;
    if (scan.text.charCodeAt(scan.at) !== comma) return unread;
    scan.at += 1;
    if (!skipInFlow(scan, column)) return unread;
  }
}

const flowKey = /(?:[A-Za-z_][\w./-]*|"[^"\\\n]*"|'[^'\n]*'):(?= )|"[^"\\\n]*":(?=["{[\w-])/y;

function readFlowMap(scan: Scan, column: number): unknown {
  const map: Record<string, unknown> = {};
  if (!skipInFlow(scan, column)) return unread;
  if (closes(scan, 0x7d)) return map;
  for (;;) {
    flowKey.lastIndex = scan.at;
    if (!flowKey.test(scan.text) || flowKey.lastIndex - scan.at > maxKeyLength) return unread;
    const key = keyText(scan, flowKey.lastIndex - 1);
    if (key === undefined || Object.hasOwn(map, key)) return unread;
    scan.at = flowKey.lastIndex;
    while (scan.text.charCodeAt(scan.at) === space) scan.at += 1;
    const value = readFlowValue(scan, column);
    if (value === unread || !skipInFlow(scan, column)) return unread;
    map[key] = value;
    if (closes(scan, 0x7d)) return map;
    if (scan.text.charCodeAt(scan.at) !== comma) return unread;
    scan.at += 1;
    if (!skipInFlow(scan, column)) return unread;
  }
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
  return toScalar(text.slice(at, end).trimEnd());
}

const space = 0x20;
const newline = 0x0a;
const comma = 0x2c;
const doubleQuote = 0x22;
const singleQuote = 0x27;
