import {
  type Document,
  type ErrorCode,
  isAlias,
  isCollection,
  isNode,
  isPair,
  type Node,
  type Scalar,
  visit,
} from 'yaml';
import type { Span } from '../text/span.ts';
import { maskTemplates } from '../text/templates.ts';
import { composeLeniently } from './compose-leniently.ts';
import { fastNodes } from './fast-value.ts';
import { tooDeepAt, tooManyAliasesAt } from './nesting.ts';
import type { ScalarSource } from './scalar-source.ts';

/** One YAML document, read as far as it can be. */
export interface Parsed {
  readonly text: string;
  /** The text with a filler in place of template expressions, as it was parsed. */
  readonly masked: string;
  /** Where template expressions stand: nothing is known of the values there. */
  readonly holes: readonly Span[];
  readonly document: { readonly contents: Node | null };
  /** The document as plain data; what stands at a fault is left out or null. */
  readonly value: unknown;
  readonly faults: readonly SyntaxFault[];
  /** The strings that have been looked into so far, null for those that hold no JSON; `embeddedIn` reads and fills it. */
  readonly embedded: Map<Scalar, Embedded | null>;
}

/** A string that holds JSON, such as the configuration in a NetworkAttachmentDefinition. */
export interface Embedded {
  /** The JSON, read as the YAML that it is too: so it can be half written. Offsets count in the string. */
  readonly parsed: Parsed;
  readonly source: ScalarSource;
}

export interface SyntaxFault {
  readonly code: ErrorCode | 'ALIAS';
  readonly message: string;
  readonly span: Span;
  /** The mark that was never closed; `span` is where it stands. */
  readonly opening?: Opening;
}

export type Opening = '[' | '{' | '"' | "'";

/** Takes the text of one slice. Never throws. */
export function parseSlice(text: string): Parsed {
  return parsePlainly(text) ?? parseFully(text);
}

/** The same for one that is tried out while somebody types. Undefined where that would take too long. */
export function tryParse(text: string): Parsed | undefined {
  return parsePlainly(text) ?? (text.length > longestTried ? undefined : parseFully(text));
}

/** It is read some four times for an answer. No person writes as long a manifest, and in a way that few do. */
const longestTried = 100_000;

function parsePlainly(text: string): Parsed | undefined {
  const fast = fastNodes(text);
  if (fast?.contents === undefined) return undefined;
  const { value, contents } = fast;
  return { text, masked: text, holes: [], document: { contents }, value, faults: [], embedded: new Map() };
}

/** For every way of writing YAML, and many times as slow. */
export function parseFully(text: string): Parsed {
  const { text: masked, holes } = maskTemplates(text);
  const tooDeep = tooDeepAt(masked);
  if (tooDeep !== undefined) return unparsed(text, masked, holes, tooDeep);
  const tooMany = tooManyAliasesAt(masked);
  if (tooMany !== undefined) return unparsed(text, masked, holes, tooMany, 'It has too many aliases.');
  try {
    const { document, errors } = composeLeniently(masked);
    // Where the stack runs out, no place is known; so none is told where it lasts, as it does once the program has run for long.
    if (errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) return unparsed(text, masked, holes, 0);
    const faults: SyntaxFault[] = errors.map(({ code, message, pos }, index) => ({
      code,
      message,
      // The first one is told, and there can be hundreds: for each, all of the text would be searched.
      ...placeOf(document, masked, index < 5 ? message : '', pos[0]),
    }));
    if (document === undefined)
      return { text, masked, holes, document: { contents: null }, value: null, faults, embedded: new Map() };
    const { value, message } = toValue(document);
    if (message !== undefined) faults.push({ code: 'ALIAS', message, span: aliasSpan(document) });
    return { text, masked, holes, document, value, faults, embedded: new Map() };
  } catch (error) {
    // The stack has run out after all.
    if (error instanceof RangeError) return unparsed(text, masked, holes, 0);
    throw error;
  }
}

function unparsed(
  text: string,
  masked: string,
  holes: readonly Span[],
  start: number,
  message = 'It is nested too deeply.',
): Parsed {
  const span = { start, end: start + wordAt(masked, start) };
  return {
    text,
    masked,
    holes,
    document: { contents: null },
    value: null,
    faults: [{ code: 'RESOURCE_EXHAUSTION', message, span }],
    embedded: new Map(),
  };
}

function toValue(document: Document.Parsed): { value?: unknown; message?: string } {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    // An alias without its anchor, or aliases that multiply beyond the limit.
    return { message: error instanceof Error ? error.message : String(error) };
  }
}

/** The parser tells where it noticed; people want to see the word, or the mark that was never closed. */
function placeOf(
  document: Document.Parsed | undefined,
  text: string,
  message: string,
  at: number,
): Pick<SyntaxFault, 'span' | 'opening'> {
  const opening = openings.find((mark) => message.endsWith(wantedBy[mark]));
  const opened =
    opening === undefined || document === undefined ? undefined : lastOpened(document, text, opening, at);
  if (opening !== undefined && opened !== undefined) {
    return { span: { start: opened, end: opened + wordAt(text, opened) }, opening };
  }
  const blanks = /^[ \t]*(?=[^\s])/.exec(text.slice(at, at + 200))?.[0].length ?? 0;
  const start = at + blanks;
  const length = wordAt(text, start);
  if (length > 0) return { span: { start, end: start + length } };
  // Nothing stands there: the end of what comes before.
  const end = endBefore(text, start + 1);
  return { span: { start: Math.max(0, Math.min(start, end - 1)), end: Math.max(end, 0) } };
}

/** Of the last thing before an offset that is no blank. */
function endBefore(text: string, offset: number): number {
  let end = Math.min(offset, text.length);
  while (end > 0 && text.charAt(end - 1).trim() === '') end -= 1;
  return end;
}

function wordAt(text: string, start: number): number {
  return /^[^\s:]+/.exec(text.slice(start, start + 200))?.[0].length ?? 0;
}

/** How the parser's message ends where the mark was not closed. */
const wantedBy = {
  '[': 'end with a ]',
  '{': 'end with a }',
  '"': 'closing "quote',
  "'": "closing 'quote",
} as const satisfies Record<Opening, string>;
const openings = ['[', '{', '"', "'"] as const satisfies readonly Opening[];

/** The innermost of those that reach to where the fault was noticed and are not closed. */
function lastOpened(
  document: Document.Parsed,
  text: string,
  opening: Opening,
  at: number,
): number | undefined {
  let found: number | undefined;
  visit(document, {
    Node: (_key, node) => {
      const [start, end] = node.range ?? [];
      if (start === undefined || end === undefined || start >= at || text[start] !== opening) return;
      if (text.slice(end, at).trim() === '' && !isClosed(node, text, end)) found = start;
    },
  });
  return found;
}

/** A bracket at the end closes the collection unless it belongs to the last entry. Of quotes it is not known. */
function isClosed(node: Node, text: string, end: number): boolean {
  if (!isCollection(node)) return false;
  const last: unknown = node.items.at(-1);
  const inner = isPair(last) ? (last.value ?? last.key) : last;
  const innerEnd = isNode(inner) ? (inner.range?.[1] ?? 0) : 0;
  return /[\]}]$/.test(text.slice(innerEnd, end).trimEnd());
}

/** Of the first one that has no anchor before it; else of the first, as they multiply beyond the limit. */
function aliasSpan(document: Document.Parsed): Span {
  const anchors = new Set<string>();
  const spans: Span[] = [];
  visit(document, {
    Node: (_key, node) => {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.add(node.anchor);
        return undefined;
      }
      if (!node.range) return undefined;
      const span = { start: node.range[0], end: node.range[1] };
      if (anchors.has(node.source)) spans.push(span);
      else spans.unshift(span);
      return anchors.has(node.source) ? undefined : visit.BREAK;
    },
  });
  return spans[0] ?? { start: 0, end: 0 };
}
