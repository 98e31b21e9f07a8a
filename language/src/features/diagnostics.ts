import { checkRouter, type RouterProblemCode } from '#core/egress-router/checks.ts';
import type { ParsedRouter } from '#core/egress-router/parse.ts';
import type { Path, Problem, Severity } from '#core/problem.ts';
import { octalLookalikes, type Parsed } from '../parsed.ts';
import { isWritten, regionOf, spanOf } from '../source-map.ts';
import { overlaps, type Span } from '../span.ts';
import { syntaxText } from './syntax-text.ts';

/** One page each in `docs/diagnostics/`. */
export type DiagnosticCode = RouterProblemCode | TextProblemCode;
type TextProblemCode = 'yaml-syntax' | 'duplicate-key' | 'leading-zero';

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly span: Span;
  readonly message: string;
}

/**
 * All that is wrong with an EgressRouter document. While its YAML is broken, only that is told: what the
 * values are is a guess then. Nothing is said of values that a template expression fills in.
 */
export function toDiagnostics(parsed: Parsed, { problems, reading }: ParsedRouter): readonly Diagnostic[] {
  const syntax = toSyntaxDiagnostics(parsed);
  if (syntax.length > 0) return syntax;
  const checks = checkRouter(reading).filter(
    ({ path }) => isWritten(parsed, path) && !problems.some((problem) => makesUnreadable(problem, path)),
  );
  const values = [...problems, ...checks]
    .filter((problem) => !dependsOnTemplate(parsed, problem))
    .map((problem) => toDiagnostic(parsed, problem));
  return [...leadingZeros(parsed), ...withoutRepeats(values)].toSorted((a, b) => a.span.start - b.span.start);
}

/** Nothing more is said of a value that could not be read. A field that lacks is told by its object. */
function makesUnreadable({ code, path }: Problem<RouterProblemCode>, other: Path): boolean {
  return code !== 'missing-field' && path.every((step, index) => step === other[index]);
}

/** Only the first fault, as those after it mostly follow from it; keys that stand twice are each told. */
function toSyntaxDiagnostics({ faults, holes }: Parsed): Diagnostic[] {
  // A template may bring the bracket or the line that seems to be missing.
  if (holes.length > 0) return [];
  const first = faults.find(({ code }) => code !== 'DUPLICATE_KEY');
  if (first !== undefined) {
    return [{ code: 'yaml-syntax', severity: 'error', span: first.span, message: syntaxText(first) }];
  }
  return faults.map(({ span }) => ({
    code: 'duplicate-key',
    severity: 'error',
    span,
    message: 'This key stands twice in the same object; keep one of them.',
  }));
}

function toDiagnostic(parsed: Parsed, problem: Problem<DiagnosticCode>): Diagnostic {
  const { code, severity, message } = problem;
  return { code, severity, span: spanOf(parsed, problem), message };
}

function dependsOnTemplate(parsed: Parsed, { path }: { readonly path: Path }): boolean {
  if (parsed.holes.length === 0) return false;
  const region = regionOf(parsed, path);
  return parsed.holes.some((hole) => overlaps(hole, region));
}

/** The YAML library of kubectl follows YAML 1.1, where a number that begins with 0 is octal. */
function leadingZeros(parsed: Parsed): Diagnostic[] {
  return octalLookalikes(parsed).map(({ source, decimal, octal, span }) => ({
    code: 'leading-zero',
    severity: 'warning',
    span,
    message: `${source} is ${decimal} to some readers of YAML and ${octal} to kubectl: write it without leading zeros.`,
  }));
}

function withoutRepeats(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ code, span, message }) => {
    const key = `${code} ${span.start} ${span.end} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}
