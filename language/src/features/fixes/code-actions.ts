import type { FileSlice, YamlFile } from '../../document.ts';
import { marksReadOnce, type ReadMarks } from '../../edits/written.ts';
import { moved, type Span } from '../../text/span.ts';
import type { Edit } from '../../text/text-edit.ts';
import type { Diagnostic, DiagnosticCode, DiagnosticFix } from '../checks/diagnostic.ts';
import { safeFixOf } from './fix-all.ts';
import { fixEdits } from './fix-edits.ts';

/** A change that a person may choose; offsets count from the start of the file. */
export type CodeAction = QuickFix | LateFix | LookUpFix | FixAll;

interface Mends {
  readonly title: string;
  readonly slice: FileSlice;
  readonly diagnostic: Diagnostic;
}

export interface QuickFix extends Mends {
  readonly kind: 'quick-fix';
  /** The likeliest one for its diagnostic. */
  readonly isPreferred: boolean;
  readonly edits: readonly Edit[];
}

/** The same in a long document, where its edits take time: they are made when they are wanted. */
export interface LateFix extends Mends {
  readonly kind: 'late-fix';
  readonly isPreferred: boolean;
}

/** It takes the address of a name, which is looked up only when a person chooses it. */
export interface LookUpFix extends Mends {
  readonly kind: 'look-up';
  readonly host: string;
}

/** All that is certain, of one code or of all of them. Its edit takes time in a long file: it is made when it is wanted. */
export interface FixAll {
  readonly kind: 'fix-all';
  readonly title: string;
  readonly code?: DiagnosticCode;
}

/** Which kinds are asked for, and what there is to tell of each document. */
export interface CodeActionsWanted {
  readonly quickFixes: boolean;
  readonly fixAll: boolean;
  /** Names can be looked up. */
  readonly lookUps: boolean;
  /** The edits of one can be asked for once it is chosen. */
  readonly lateFixes: boolean;
  readonly diagnosticsOf: (slice: FileSlice) => readonly Diagnostic[];
}

/** What can be done about the diagnostics that a stretch of the file touches, and about all of the file. */
export function codeActionsAt(file: YamlFile, span: Span, wanted: CodeActionsWanted): readonly CodeAction[] {
  const { diagnosticsOf } = wanted;
  const here = file.slices
    .filter(({ content }) => content !== undefined)
    .filter(({ start, text }) => start <= span.end && span.start <= start + text.length)
    .flatMap((slice) =>
      diagnosticsOf(slice)
        .filter((one) => meets(moved(one.span, slice.start), span))
        .map((diagnostic) => ({ slice, diagnostic })),
    );
  const readMarks = marksReadOnce();
  const quickFixes = wanted.quickFixes
    ? withinBudget(here, wanted).flatMap((one) => fixesOf(one.slice, one.diagnostic, wanted, readMarks))
    : [];
  const codes = new Set(
    wanted.quickFixes ? here.flatMap(({ diagnostic }) => safeCode(diagnostic) ?? []) : [],
  );
  const all = new Map<DiagnosticCode, number>();
  for (const { content } of file.slices) {
    for (const code of (content?.diagnostics ?? []).flatMap((one) => safeCode(one) ?? []))
      all.set(code, (all.get(code) ?? 0) + 1);
  }
  const ofCodes = [...codes]
    .filter((code) => (all.get(code) ?? 0) > 1)
    .map((code): FixAll => ({ kind: 'fix-all', title: `Fix all "${code}" in this file`, code }));
  const ofFile: readonly FixAll[] =
    wanted.fixAll && all.size > 0 ? [{ kind: 'fix-all', title: 'Fix all safe problems of this file' }] : [];
  return [...quickFixes, ...ofCodes, ...ofFile];
}

/**
 * Editors ask with every selection, also one of the whole file, and meanwhile nothing else is answered. Each fix
 * is tried, for which its whole document is read again: of a long one, fewer are. Those at a cursor always are.
 */
function withinBudget<T extends Pick<Mends, 'slice' | 'diagnostic'>>(
  found: readonly T[],
  wanted: CodeActionsWanted,
): readonly T[] {
  let fixes = 0;
  let characters = 0;
  return found.slice(0, mostFindings).filter(({ slice, diagnostic }, index) => {
    if (isLate(slice, wanted)) return true;
    fixes += diagnostic.fixes.length;
    characters += diagnostic.fixes.length * slice.text.length;
    return index === 0 || fixes <= fewFixes || characters <= mostCharacters;
  });
}

/** Nobody reads a longer menu. */
const mostFindings = 20;
/** As many as one place has, but for rare ones. */
const fewFixes = 4;
/** Some tenths of a second. */
const mostCharacters = 200_000;

/** One that takes a tenth of a second is too much for each move of a cursor. */
const longSlice = 50_000;

function isLate({ text }: FileSlice, { lateFixes }: CodeActionsWanted): boolean {
  return lateFixes && text.length > longSlice;
}

function safeCode(diagnostic: Diagnostic): DiagnosticCode | undefined {
  return safeFixOf(diagnostic) === undefined ? undefined : diagnostic.code;
}

function fixesOf(
  slice: FileSlice,
  diagnostic: Diagnostic,
  wanted: CodeActionsWanted,
  readMarks: ReadMarks,
): readonly (QuickFix | LateFix | LookUpFix)[] {
  const actions = diagnostic.fixes.flatMap((fix): readonly (QuickFix | LateFix | LookUpFix)[] => {
    const host = hostOf(fix);
    const { title } = fix;
    if (host !== undefined)
      return wanted.lookUps ? [{ kind: 'look-up', title, slice, diagnostic, host }] : [];
    if (isLate(slice, wanted)) return [{ kind: 'late-fix', title, slice, diagnostic, isPreferred: false }];
    const edits = fixEdits(slice, fix, readMarks);
    if (edits === undefined) return [];
    return [{ kind: 'quick-fix', title, slice, diagnostic, isPreferred: false, edits }];
  });
  return actions.map((action, index) =>
    index === 0 && action.kind !== 'look-up' ? { ...action, isPreferred: true } : action,
  );
}

function hostOf(fix: DiagnosticFix): string | undefined {
  return fix.kind === 'value' ? fix.lookUp?.host : undefined;
}

/** A cursor beside the marked text is on it. */
function meets(a: Span, b: Span): boolean {
  return a.start <= b.end && b.start <= a.end;
}
