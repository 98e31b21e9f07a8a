import type { DocumentObject } from '../../objects.ts';
import type { Parsed } from '../../yaml/parsed.ts';
import { borrowedIdentity } from './borrowed-identity.ts';
import type { Diagnostic } from './diagnostic.ts';
import { falseBlanks, tabFixes } from './look-alikes.ts';
import { refusedWriting } from './refused-writing.ts';
import { repeatedKeys } from './repeated-keys.ts';
import { syntaxText } from './syntax-text.ts';
import { writtenValues } from './yaml-values.ts';

/** Why a document cannot be read. Only the first fault, as those after it mostly follow from it; repeated keys all. */
export function unreadable(parsed: Parsed): readonly Diagnostic[] {
  const { faults, holes } = parsed;
  // A template may bring the bracket or the line that seems to be missing.
  if (holes.length > 0) return [];
  const blank = falseBlanks(parsed);
  if (blank !== undefined) return [blank];
  const first = faults.find(({ code }) => code !== 'DUPLICATE_KEY');
  if (first === undefined) return faults.length === 0 ? [] : repeatedKeys(parsed);
  const fixes = first.code === 'TAB_AS_INDENT' ? tabFixes(parsed) : [];
  return [
    {
      code: 'yaml-syntax',
      severity: 'error',
      span: first.span,
      message: syntaxText(first),
      related: [],
      fixes,
    },
  ];
}

/**
 * What is told of a document that can be read: `others`, and how its values are written. Nothing is said twice
 * of one value.
 */
export function withWriting(
  parsed: Parsed,
  objects: readonly DocumentObject[],
  others: readonly Diagnostic[],
  which: 'shown' | 'mendable' = 'shown',
): readonly Diagnostic[] {
  const ours = objects.filter(({ kind }) => kind !== 'service' && kind !== 'config-map');
  const written = writtenValues(parsed, ours);
  const errors = new Set(others.filter(({ severity }) => severity === 'error').map(placeOf));
  const instead = new Set(
    written.filter(({ beside }) => beside === 'instead').map(({ diagnostic }) => placeOf(diagnostic)),
  );
  return [
    ...written
      .slice(0, which === 'shown' ? mostWritten : written.length)
      .flatMap(({ diagnostic, beside }) =>
        beside === 'else' && errors.has(placeOf(diagnostic)) ? [] : [diagnostic],
      ),
    ...borrowedIdentity(parsed, ours),
    ...refusedWriting(parsed),
    ...others.filter((one) => one.code !== 'wrong-type' || !instead.has(placeOf(one))),
  ];
}

/** More of one document nobody reads. */
const mostWritten = 1000;

function placeOf({ span }: Diagnostic): string {
  return `${span.start} ${span.end}`;
}
