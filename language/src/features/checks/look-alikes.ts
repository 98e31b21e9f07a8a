import { isScalar, Scalar, visit } from 'yaml';
import type { Span } from '../../text/span.ts';
import type { Edit } from '../../text/text-edit.ts';
import type { Parsed } from '../../yaml/parsed.ts';
import type { Diagnostic, DiagnosticFix } from './diagnostic.ts';
import { canBeTried, makesSound } from './try-fix.ts';

/**
 * Characters that look like a blank and are none, where YAML counts on blanks: before a line, and after a colon
 * or a dash. They come with text that is copied from a web page. Only the first one is told; its fix mends all.
 */
export function falseBlanks(parsed: Parsed): Diagnostic | undefined {
  if (!anyFalseBlank.test(parsed.text)) return undefined;
  const texts = textSpans(parsed);
  const spans = [...parsed.masked.matchAll(falseBlankPlace)]
    .map(({ index, 1: before = '', 2: blanks = '' }) => {
      const start = index + before.length;
      return { start, end: start + blanks.length };
    })
    .filter(({ start, end }) => start > 0 && !texts.some((text) => text.start < start && end <= text.end));
  const [first] = spans;
  if (first === undefined) return undefined;
  const character = parsed.text.slice(first.start, first.start + 1);
  const code = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  const edits = spans.map((span) => ({ span, newText: toBlanks(parsed.text.slice(span.start, span.end)) }));
  return {
    code: 'yaml-syntax',
    severity: 'error',
    span: first,
    message: `Here stands ${names.get(character) ?? 'a character that looks like a space'} (${code}), which is no space to YAML: put plain spaces in its place.`,
    related: [],
    fixes: [
      {
        kind: 'text',
        title: 'Put plain spaces in place of all of them',
        edits,
        ...(makesSound(parsed, edits) ? { isSafe: true } : {}),
      },
    ],
  };
}

/** Blanks in place of the tabs that lines begin with, if there is a width with which the text can be read. */
export function tabFixes(parsed: Parsed): readonly DiagnosticFix[] {
  if (!canBeTried(parsed.text)) return [];
  for (const indent of [asLineAbove, ...[2, 4, 8].map(asWide)]) {
    const edits: Edit[] = [];
    let above = '';
    let start = 0;
    for (const line of parsed.text.split('\n')) {
      const tabs = /^ *\t[ \t]*(?=[^\s])/.exec(line)?.[0];
      const written = tabs === undefined ? undefined : indent(tabs, above);
      if (tabs !== undefined && written !== undefined)
        edits.push({ span: { start, end: start + tabs.length }, newText: written });
      if (line.trim() !== '') above = written === undefined ? line : written + line.slice(tabs?.length);
      start += line.length + 1;
    }
    if (edits.length > 0 && makesSound(parsed, edits)) {
      return [{ kind: 'text', title: 'Indent with spaces', edits }];
    }
  }
  return [];
}

/** As far to the right as what the line above it holds behind its dashes. */
function asLineAbove(_tabs: string, above: string): string {
  return ' '.repeat(/^ *(?:- +)*/.exec(above)?.[0].length ?? 0);
}

function asWide(width: number): (tabs: string) => string {
  return (tabs) => tabs.replaceAll('\t', ' '.repeat(width));
}

const anyFalseBlank = /[\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000\uFEFF]/;
const falseBlankPlace =
  /((?:^|\n)[ \t]*(?:- +)*(?:(?:[\w./"'-]+:|-)[ \t]*)?)([\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000\uFEFF]+)/g;

const names: ReadonlyMap<string, string> = new Map([
  ['\u00A0', 'a no-break space'],
  ['\u202F', 'a narrow no-break space'],
  ['\u2009', 'a thin space'],
  ['\u3000', 'an ideographic space'],
  ['\u200B', 'a zero-width space'],
  ['\uFEFF', 'a byte order mark'],
]);

/** Those without width stand for nothing. */
function toBlanks(characters: string): string {
  return characters.replace(/[\u200B\uFEFF]/g, '').replace(/./g, ' ');
}

/** Where such a character is a part of a text: between quotes, and in blocks of lines. */
function textSpans({ document }: Parsed): readonly Span[] {
  const spans: Span[] = [];
  visit(document.contents, {
    Scalar: (_key, scalar) => {
      if (isScalar(scalar) && scalar.type !== Scalar.PLAIN && scalar.range)
        spans.push({ start: scalar.range[0], end: scalar.range[1] });
    },
  });
  return spans;
}
