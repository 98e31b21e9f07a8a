/** As much of a diagnostic of the editor as says whether another one repeats it. */
export interface PlacedDiagnostic {
  readonly range: { readonly start: { readonly line: number }; readonly end: { readonly line: number } };
  readonly code?: string | number | { readonly value: string | number } | undefined;
  readonly source?: string | undefined;
}

/**
 * Ours without those that tell a fault of the notation (YAML, JSON) which another extension tells at the same place
 * in its own words. What a value means, nobody else knows.
 */
export function withoutRepeated<T extends PlacedDiagnostic>(
  ours: readonly T[],
  others: readonly PlacedDiagnostic[],
): readonly T[] {
  const faults = others.filter(({ source }) => /^(yaml|jsonc?)$/i.test(source ?? ''));
  if (faults.length === 0) return ours;
  return ours.filter((one) => !faults.some((other) => isRepeatedBy(one, other)));
}

function isRepeatedBy({ code, range: ours }: PlacedDiagnostic, { range: other }: PlacedDiagnostic): boolean {
  switch (typeof code === 'object' ? code.value : code) {
    case 'duplicate-key':
      return ours.start.line <= other.end.line + 1 && other.start.line <= ours.end.line + 1;
    case 'yaml-syntax':
      // Ours stands where something was opened, others where it is missed at last: that may be the end of the file.
      return other.end.line >= ours.start.line - 1;
    default:
      return false;
  }
}
