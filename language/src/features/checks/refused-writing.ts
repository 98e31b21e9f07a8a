import { isCollection, isScalar, Scalar, visit } from 'yaml';
import { overlapsAny, type Span } from '../../text/span.ts';
import type { Parsed } from '../../yaml/parsed.ts';
import type { Diagnostic } from './diagnostic.ts';

/**
 * What kubectl and the API server refuse to read, though it is YAML: their reader is one of YAML 1.1. Of each kind
 * only the first place is told; its fix mends all.
 */
export function refusedWriting(parsed: Parsed): readonly Diagnostic[] {
  const { text, holes } = parsed;
  if (holes.length > 0) return [];
  const isJson = /^\uFEFF?\s*\{/.test(text);
  return [
    ...mendedTogether(
      spansOf(text, isJson ? controlsInJson : controls),
      ({ start }) =>
        `Here stands a control character (${codeOf(text, start)}), and kubectl refuses to read the file: take it out.`,
      'Take out all control characters',
    ),
    ...(isJson
      ? []
      : [...mendedTogether(refusedTabs(parsed), () => tabMessage, 'Take the tabs out'), ...directives(text)]),
  ];
}

/** @param comments in JSON, at least one */
export function commentFault(comments: readonly Span[]): Diagnostic {
  const [first = { start: 0, end: 0 }] = comments;
  const message = 'JSON has no comments, and kubectl refuses to read the file: take them out, or write YAML.';
  const edits = comments.map((span) => ({ span, newText: '' }));
  return refused(first, message, { kind: 'text', title: 'Take out all comments', edits });
}

const controls = /(?![\t\n\r\u0085])[\p{Cc}\ufffe\uffff]/gu;
const controlsInJson = /(?![\t\n\r\u007f-\u009f])\p{Cc}/gu;
const tabMessage =
  'Here stands a tab in a line without a value, and kubectl refuses to read the file: put spaces in its place, or nothing.';

function codeOf(text: string, at: number): string {
  return `U+${text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')}`;
}

function spansOf(text: string, place: RegExp): readonly Span[] {
  return Array.from(text.matchAll(place), ({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
  }));
}

function mendedTogether(
  spans: readonly Span[],
  tell: (first: Span) => string,
  title: string,
): readonly Diagnostic[] {
  const [first] = spans;
  if (first === undefined) return [];
  const edits = spans.map((span) => ({ span, newText: '' }));
  return [refused(first, tell(first), { kind: 'text', title, edits })];
}

function refused(span: Span, message: string, ...fixes: Diagnostic['fixes']): Diagnostic {
  return { code: 'yaml-syntax', severity: 'error', span, message, related: [], fixes };
}

/** Those before nothing, or a comment, where a key or an entry could stand. */
function refusedTabs(parsed: Parsed): readonly Span[] {
  const { text } = parsed;
  if (!text.includes('\t')) return [];
  const elsewhere = spansOfOthers(parsed);
  let takenAfter = Number.POSITIVE_INFINITY;
  let start = 0;
  const found: Span[] = [];
  for (const line of text.split('\n')) {
    const [, blanks = '', rest = ''] = /^([ \t]*)(.*)$/s.exec(line) ?? [];
    const span = { start, end: start + blanks.length };
    const isEmpty = rest === '' || rest === '\r' || rest.startsWith('#');
    const isTaken = blanks.indexOf('\t') > takenAfter;
    if (isEmpty && blanks.includes('\t') && !isTaken && !overlapsAny(elsewhere, span)) found.push(span);
    if (!isEmpty || rest.startsWith('#')) takenAfter = lastOfKey(line);
    start += line.length + 1;
  }
  return found;
}

/**
 * After which column a tab in an empty line below is a blank: a plain text goes on there, as far as it is indented
 * more than its key.
 */
function lastOfKey(line: string): number {
  const goesOn = /[^\s:'"\]}|>]\s*$/.test(line) && !/(?:^|\s)#/.test(line);
  return goesOn ? (/^ */.exec(line)?.[0].length ?? 0) : Number.POSITIVE_INFINITY;
}

/** Texts in quotes or of several lines, and what stands between brackets. In order. */
function spansOfOthers({ document }: Parsed): readonly Span[] {
  const spans: Span[] = [];
  visit(document.contents, {
    Node: (_key, node) => {
      const isText = isScalar(node) && node.type !== Scalar.PLAIN;
      const isFlow = isCollection(node) && node.flow === true;
      if ((!isText && !isFlow) || !node.range) return undefined;
      spans.push({ start: node.range[0], end: node.range[1] });
      return visit.SKIP;
    },
  });
  return spans;
}

/** Before a document, of which kubectl knows those of YAML 1.1 only. */
function directives(text: string): readonly Diagnostic[] {
  if (!text.includes('%')) return [];
  const head = /^\uFEFF?(?:[ \t]*(?:#.*)?\r?\n|%.*\n)*/.exec(text)?.[0] ?? '';
  const [line] = Array.from(head.matchAll(/^\uFEFF?(%.*)\n/gm)).filter(
    ({ 1: written = '' }) => !/^%(?:YAML[ \t]+1\.1|TAG)(?=\s|$)/.test(written),
  );
  const written = line?.[1]?.trimEnd();
  if (line === undefined || written === undefined) return [];
  const start = line.index + line[0].indexOf('%');
  const message = `kubectl refuses to read a file with "${written}": leave the line out.`;
  const edits = [{ span: { start, end: line.index + line[0].length }, newText: '' }];
  return [
    refused({ start, end: start + written.length }, message, {
      kind: 'text',
      title: 'Leave the line out',
      isSafe: true,
      edits,
    }),
  ];
}
