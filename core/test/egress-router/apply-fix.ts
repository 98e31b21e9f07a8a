import type { Fix, Path, ValueEdit } from '#core/problem.ts';

/** The value after a fix. Its paths are those of the value before, so entries are taken out last. */
export function applyFix(value: unknown, { edits }: Fix): unknown {
  const order = (edit: ValueEdit): number => (edit.kind === 'remove' ? 1 : 0);
  return edits
    .toSorted((a, b) => order(a) - order(b))
    .reduce<unknown>((before, edit) => applyEdit(before, edit, edit.path), value);
}

function applyEdit(value: unknown, edit: ValueEdit, [step, ...rest]: Path): unknown {
  if (step === undefined) throw new Error(`${edit.kind} has no path`);
  if (Array.isArray(value) && typeof step === 'number') {
    if (!(step in value)) throw new Error(`There is no entry ${step} to ${edit.kind}`);
    if (rest.length > 0) return value.map((one, at) => (at === step ? applyEdit(one, edit, rest) : one));
    if (edit.kind === 'remove') return value.toSpliced(step, 1);
    if (edit.kind === 'replace') return value.with(step, edit.value);
    throw new Error(`An entry of a list cannot have a ${edit.kind}`);
  }
  if (typeof value !== 'object' || value === null || typeof step !== 'string') {
    throw new Error(`${edit.kind} of ${edit.path.join('.')} leads nowhere`);
  }
  const entries = Object.entries(value);
  const isThere = Object.hasOwn(value, step);
  if (isThere !== (rest.length > 0 || edit.kind !== 'add')) {
    throw new Error(`${edit.kind} of ${edit.path.join('.')}, where the key is${isThere ? '' : ' not'} there`);
  }
  if (edit.kind === 'add' && rest.length === 0) return { ...value, [step]: edit.value };
  return Object.fromEntries(
    entries.flatMap(([key, one]): [string, unknown][] => {
      if (key !== step) return [[key, one]];
      if (rest.length > 0) return [[key, applyEdit(one, edit, rest)]];
      if (edit.kind === 'remove') return [];
      return [edit.kind === 'rename' ? [edit.key, one] : [key, edit.kind === 'replace' ? edit.value : one]];
    }),
  );
}
