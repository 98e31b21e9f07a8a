import type { Span } from '../../text/span.ts';
import type { Parsed } from '../../yaml/parsed.ts';
import type { Diagnostic } from './diagnostic.ts';
import { type RefusedTab, refusedTabs } from './refused-tabs.ts';

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
    ...(isJson ? [] : [...tabFaults(parsed), ...directives(text)]),
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

/** By kind of what stands behind them: what is to be written in their place differs. */
function tabFaults(parsed: Parsed): readonly Diagnostic[] {
  const tabs = refusedTabs(parsed);
  const isEmpty = ({ before }: RefusedTab): boolean => before === 'nothing';
  const others = tabs.filter((tab) => !isEmpty(tab));
  const [first] = others;
  if (first === undefined) return mendedTogether(tabs, () => tabMessage, 'Take the tabs out');
  const edits = others.map(({ start, end, before }) => ({
    span: { start, end },
    newText: before === 'block' ? '' : parsed.text.slice(start, end).replaceAll('\t', ' '),
  }));
  return [
    ...mendedTogether(tabs.filter(isEmpty), () => tabMessage, 'Take the tabs out'),
    refused(
      first,
      first.before === 'block'
        ? 'A text of several lines begins with a tab here, and kubectl refuses to read the file: take the tab out.'
        : 'Here stands a tab where a line is indented, and kubectl refuses to read the file: put spaces in its place.',
      { kind: 'text', title: 'Put spaces in place of the tabs', edits },
    ),
  ];
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
