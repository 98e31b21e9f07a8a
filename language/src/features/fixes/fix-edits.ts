import type { Fix, ValueEdit } from '#core/problem.ts';
import type { FileSlice } from '../../document.ts';
import { toTextEdits } from '../../edits/value-edits.ts';
import type { ReadMarks } from '../../edits/written.ts';
import { moved } from '../../text/span.ts';

import type { Edit } from '../../text/text-edit.ts';
import { tryParse } from '../../yaml/parsed.ts';
import type { Diagnostic, DiagnosticFix } from '../checks/diagnostic.ts';
import { TouchedPlaces } from './touched-places.ts';

/** A fix that needs nothing from outside, as edits of the file. Undefined where it cannot be made. */
export function fixEdits(
  slice: FileSlice,
  fix: DiagnosticFix,
  readMarks?: ReadMarks,
): readonly Edit[] | undefined {
  if (fix.kind === 'text') return inFile(slice, fix.edits);
  return fix.lookUp === undefined ? valueFixEdits(slice, fix.edits, readMarks) : undefined;
}

/** The fix that needs an address looked up, with the one that was found. */
export function lookedUpEdits(
  slice: FileSlice,
  lookUp: NonNullable<Fix['lookUp']>,
  address: string,
): readonly Edit[] | undefined {
  return valueFixEdits(slice, [{ kind: 'replace', path: lookUp.path, value: address }]);
}

export interface Mending {
  readonly diagnostic: Diagnostic;
  readonly fix: DiagnosticFix;
}

/**
 * As many of the fixes of one document as can be made together, the first ones first: those that touch what
 * another one touches wait for the text that comes of it.
 */
export function fixTogether(
  slice: FileSlice,
  mendings: readonly Mending[],
): { readonly edits: readonly Edit[]; readonly made: readonly Mending[] } | undefined {
  const chosen = apart(mendings);
  const edits = editsTogether(slice, chosen);
  if (edits !== undefined) return { edits, made: chosen };
  const possible = mendings.filter(({ fix }) => fixEdits(slice, fix) !== undefined);
  // At the least, one of them alone.
  for (const some of [apart(possible), possible.slice(0, 1)]) {
    const made = editsTogether(slice, some);
    if (made !== undefined) return { edits: made, made: some };
  }
  return undefined;
}

/** Fixes of the two kinds are never made together: nobody would look at the text that comes of both. */
function apart(mendings: readonly Mending[]): readonly Mending[] {
  const touched = new TouchedPlaces();
  const kind = mendings[0]?.fix.kind;
  return mendings.filter(({ fix }) => fix.kind === kind && touched.takeApart(fix));
}

function editsTogether(slice: FileSlice, mendings: readonly Mending[]): readonly Edit[] | undefined {
  const [first] = mendings;
  if (first === undefined || mendings.length === 1) return first && fixEdits(slice, first.fix);
  const values: ValueEdit[] = [];
  const texts: Edit[] = [];
  for (const { fix } of mendings) {
    if (fix.kind === 'text') texts.push(...fix.edits);
    else if (fix.lookUp === undefined) values.push(...fix.edits);
  }
  return values.length === 0 ? inFile(slice, texts) : valueFixEdits(slice, values);
}

function valueFixEdits(
  slice: FileSlice,
  edits: readonly ValueEdit[],
  readMarks?: ReadMarks,
): readonly Edit[] | undefined {
  const parsed = slice.content?.source.parsed() ?? tryParse(slice.text);
  const made = parsed === undefined ? undefined : toTextEdits(parsed, edits, readMarks);
  return made && inFile(slice, made);
}

function inFile({ start }: FileSlice, edits: readonly Edit[]): readonly Edit[] {
  return edits.map(({ span, newText }) => ({ span: moved(span, start), newText }));
}
