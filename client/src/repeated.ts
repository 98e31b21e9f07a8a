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
  return ours.filter((one) => !isOfNotation(one) || !faults.some((other) => isNear(one, other)));
}

/** Parsers differ by a line in where they notice that something is missing. */
function isNear({ range: a }: PlacedDiagnostic, { range: b }: PlacedDiagnostic): boolean {
  return a.start.line <= b.end.line + 1 && b.start.line <= a.end.line + 1;
}

function isOfNotation({ code }: PlacedDiagnostic): boolean {
  const value = typeof code === 'object' ? code.value : code;
  return value === 'yaml-syntax' || value === 'duplicate-key';
}
