import { type Document, type ErrorCode, parseDocument, visit } from 'yaml';
import type { Span } from './span.ts';
import { maskTemplates } from './templates.ts';

/** One YAML document, read as far as it can be. */
export interface Parsed {
  readonly text: string;
  /** The text with a filler in place of template expressions, as it was parsed. */
  readonly masked: string;
  /** Where template expressions stand: nothing is known of the values there. */
  readonly holes: readonly Span[];
  readonly document: Document.Parsed;
  /** The document as plain data; what stands at a fault is left out or null. */
  readonly value: unknown;
  readonly faults: readonly SyntaxFault[];
}

export interface SyntaxFault {
  readonly code: ErrorCode | 'ALIAS';
  readonly message: string;
  readonly span: Span;
}

/** Takes the text of one slice. Never throws. */
export function parseSlice(text: string): Parsed {
  const { text: masked, holes } = maskTemplates(text);
  const document = parseDocument(masked, { prettyErrors: false, merge: true, logLevel: 'silent' });
  const faults: SyntaxFault[] = document.errors.map(({ code, message, pos }) => ({
    code,
    message,
    span: { start: pos[0], end: Math.min(Math.max(pos[1], pos[0] + 1), text.length) },
  }));
  const { value, problem } = toValue(document);
  if (problem !== undefined) {
    faults.push({ code: 'ALIAS', message: problem, span: { start: 0, end: text.length } });
  }
  return { text, masked, holes, document, value, faults };
}

/** Numbers that are decimal to YAML 1.2 and octal, with another value, to YAML 1.1. */
export function octalLookalikes(
  parsed: Parsed,
): readonly { source: string; decimal: number; octal: number; span: Span }[] {
  if (!/(?<![\w.])0[0-7]/.test(parsed.text)) return [];
  const found: { source: string; decimal: number; octal: number; span: Span }[] = [];
  visit(parsed.document, {
    Scalar: (_key, { value, source, range }) => {
      if (typeof value !== 'number' || source === undefined || !range || !/^0[0-7]+$/.test(source)) return;
      const octal = Number.parseInt(source, 8);
      if (octal !== value)
        found.push({ source, decimal: value, octal, span: { start: range[0], end: range[1] } });
    },
  });
  return found;
}

function toValue(document: Document.Parsed): { value?: unknown; problem?: string } {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    // An alias without its anchor, or aliases that multiply beyond the limit.
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
