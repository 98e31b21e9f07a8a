import { isScalar } from 'yaml';
import { checkRouter, type RouterProblemCode } from '#core/egress-router/checks/checks.ts';
import { checkPlatform } from '#core/egress-router/checks/platform-checks.ts';
import type { Reconciler } from '#core/egress-router/reconciler.ts';
import { checkNadPlatform } from '#core/nad/platform.ts';
import type { Fix, Path, Problem } from '#core/problem.ts';
import { type DocumentObject, isFilledInLater, type RouterObject, valueAt } from '../../objects.ts';
import { overlapsAny } from '../../text/span.ts';
import { nodeAt } from '../../yaml/node-at.ts';
import type { Parsed } from '../../yaml/parsed.ts';
import { regionOf, spanOf } from '../../yaml/source-map.ts';
import { certainBefore } from './before-fault.ts';
import type { Diagnostic, DiagnosticCode, DiagnosticFix } from './diagnostic.ts';
import { unreadable, withWriting } from './yaml-checks.ts';

/**
 * All that is wrong with a document that concerns egress routers, as far as the document alone tells. While
 * its YAML is broken, that is told and what is certain before it: what the values are is a guess behind it. Nothing
 * is said of values that a template expression fills in.
 */
export function toDiagnostics(
  parsed: Parsed,
  objects: readonly DocumentObject[],
  reconciler: Reconciler,
  which: WhichProblems = 'shown',
): readonly Diagnostic[] {
  // What only stands beside routers is for others to judge.
  if (objects.every(({ kind }) => kind === 'service' || kind === 'config-map')) return [];
  const faults = unreadable(parsed);
  const ofValues = (): readonly Diagnostic[] =>
    placed(
      parsed,
      objects.flatMap((object) => problemsOf(parsed.value, object, reconciler)),
      which,
    );
  const told =
    faults.length > 0
      ? [...certainBefore(parsed, faults, ofValues), ...faults]
      : withWriting(parsed, objects, ofValues(), which);
  return told.toSorted((a, b) => a.span.start - b.span.start);
}

/**
 * Whether `toDiagnostics` has nothing to say of a document that is known to be sound YAML without templates. The
 * answer needs no places, so it costs a fraction.
 */
export function isSound(value: unknown, objects: readonly DocumentObject[], reconciler: Reconciler): boolean {
  return objects.every((object) => problemsOf(value, object, reconciler).length === 0);
}

/** As many as are worth showing; or also all that a program can mend. */
type WhichProblems = 'shown' | 'mendable';

/** Problems whose paths count from the root of the document, put where they are seen. */
export function placed(
  parsed: Parsed,
  problems: readonly Problem<DiagnosticCode>[],
  which: WhichProblems = 'shown',
): readonly Diagnostic[] {
  return withoutRepeats(
    problems
      .filter(({ fixes = [] }, index) => index < maxProblems || (which === 'mendable' && hasSafe(fixes)))
      .filter((problem) => !dependsOnTemplate(parsed, problem))
      .map((problem) => toDiagnostic(parsed, problem)),
  );
}

/** More of one document nobody reads, and each place is looked for from its beginning. */
const maxProblems = 1000;

function hasSafe(fixes: readonly Pick<Fix, 'isSafe'>[]): boolean {
  return fixes.some(({ isSafe }) => isSafe === true);
}

/** Paths counted from the root of an object, counted from that of its document. */
export function fromRoot<Code extends string>(root: Path, problem: Problem<Code>): Problem<Code> {
  if (root.length === 0) return problem;
  const deeper = (path: Path): Path => [...root, ...path];
  const { related, fixes } = problem;
  return {
    ...problem,
    path: deeper(problem.path),
    ...(related === undefined
      ? {}
      : {
          related: related.map((one) =>
            one.document === undefined ? { ...one, path: deeper(one.path) } : one,
          ),
        }),
    ...(fixes === undefined
      ? {}
      : {
          fixes: fixes.map((fix) => ({
            ...fix,
            edits: fix.edits.map((edit) => ({ ...edit, path: deeper(edit.path) })),
            ...(fix.lookUp === undefined ? {} : { lookUp: { ...fix.lookUp, path: deeper(fix.lookUp.path) } }),
          })),
        }),
  };
}

function problemsOf(
  value: unknown,
  object: DocumentObject,
  reconciler: Reconciler,
): readonly Problem<DiagnosticCode>[] {
  const problems = ownProblems(value, object, reconciler).map((problem) => fromRoot(object.root, problem));
  return object.hasParameters === true
    ? problems.filter(({ path }) => !holdsParameter(value, path, object.kind))
    : problems;
}

function ownProblems(
  value: unknown,
  object: DocumentObject,
  reconciler: Reconciler,
): readonly Problem<DiagnosticCode>[] {
  switch (object.kind) {
    case 'router':
      return routerProblems(value, object, reconciler);
    case 'nad':
      return [...object.problems, ...checkNadPlatform(object, reconciler)];
    case 'legacy':
      return object.problems;
    case 'service':
    case 'config-map':
      return [];
  }
}

/** Also what stands behind an alias or a merge key; not what no one wrote and the parser filled in. */
function routerProblems(
  value: unknown,
  { root, problems, reading }: RouterObject,
  reconciler: Reconciler,
): readonly Problem<DiagnosticCode>[] {
  const found: Problem<DiagnosticCode>[] = checkRouter(reading);
  const checks = found
    .concat(checkPlatform(reading, reconciler))
    .filter(
      ({ path }) =>
        leadsOn(value, [...root, ...path]) && !problems.some((problem) => makesUnreadable(problem, path)),
    );
  return checks.length === 0 ? problems : [...problems, ...checks];
}

/** What a Template's parameter says is for whoever fills it in. A path may go on within a string that holds JSON. */
/** Whether what stands at a path is for whoever fills in the variables of an object. */
export function holdsParameter(value: unknown, path: Path, kind: DocumentObject['kind']): boolean {
  const key = path.at(-1);
  if (typeof key === 'string' && isFilledInLater(key, kind)) return true;
  let found = value;
  for (const step of path) found = valueAt(typeof found === 'string' ? decodeJson(found) : found, [step]);
  return typeof found === 'string' && isFilledInLater(found, kind);
}

function decodeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A path may go on within a string that holds JSON: then it is not known here where it ends. */
function leadsOn(value: unknown, path: Path): boolean {
  let inner = value;
  for (const step of path) {
    if (typeof inner === 'string') return true;
    inner = valueAt(inner, [step]);
  }
  return inner !== undefined;
}

/** Nothing more is said of a value that could not be read. A field that lacks is told by its object. */
function makesUnreadable({ code, path }: Problem<RouterProblemCode>, other: Path): boolean {
  return code !== 'missing-field' && path.every((step, index) => step === other[index]);
}

function toDiagnostic(parsed: Parsed, problem: Problem<DiagnosticCode>): Diagnostic {
  const { code, severity, message, related = [], fixes = [] } = problem;
  return {
    code,
    severity,
    span: spanOf(parsed, problem),
    message,
    related,
    fixes: fixes.map(
      (fix) => (code === 'wrong-type' ? asWritten(parsed, fix) : undefined) ?? { kind: 'value', ...fix },
    ),
  };
}

/** A number that is to be text becomes the text that stands there: the number of `1.10` is 1.1, of `1e3` 1000. */
function asWritten({ document }: Parsed, { edits }: Fix): DiagnosticFix | undefined {
  const [edit] = edits;
  if (edit?.kind !== 'replace' || typeof edit.value !== 'string') return undefined;
  const node = nodeAt(document.contents, edit.path);
  if (!isScalar(node) || node.type !== 'PLAIN' || node.tag !== undefined || node.value === null)
    return undefined;
  const { range, source } = node;
  if (!range || source === undefined || source === edit.value) return undefined;
  return {
    kind: 'text',
    title: `Write ${source} in quotes`,
    edits: [{ span: { start: range[0], end: range[1] }, newText: JSON.stringify(source) }],
  };
}

function dependsOnTemplate(parsed: Parsed, { path }: { readonly path: Path }): boolean {
  if (parsed.holes.length === 0) return false;
  const region = regionOf(parsed, path);
  return overlapsAny(parsed.holes, region);
}

function withoutRepeats(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ code, span, message }) => {
    const key = `${code} ${span.start} ${span.end} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}
