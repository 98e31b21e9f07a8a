import type { Span } from '../text/span.ts';
import { linesOf, type Written } from './scalar-parts.ts';

export function readPlainLines(written: Written, whole: Span): void {
  readLines(written, whole, (start, end) => written.take(start, end));
}

/** @param inner what stands between the quotes */
export function readSingleQuoted(written: Written, inner: Span): void {
  readLines(written, inner, (start, end) => takeSingleQuoted(written, start, end));
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

function takeSingleQuoted(written: Written, start: number, end: number): void {
  let from = start;
  for (const { index } of written.text.slice(start, end).matchAll(/''/g)) {
    written.take(from, start + index);
    written.put("'", start + index, start + index + 2);
    from = start + index + 2;
  }
  written.take(from, end);
}

/** @param inner what stands between the quotes */
export function readDoubleQuoted(written: Written, { start, end }: Span): void {
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
