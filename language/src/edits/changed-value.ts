import type { Path, ValueEdit } from '#core/problem.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';

/** The value after the edits of a fix. An edit whose place is not there changes nothing. */
export function changedValue(value: unknown, edits: readonly ValueEdit[]): unknown {
  return lastFirst(edits).reduce(changedOnce, value);
}

/** In an order in which no edit moves the place of one that follows it, and no object is emptied that is added to. */
export function lastFirst(edits: readonly ValueEdit[]): readonly ValueEdit[] {
  const added = edits.filter(({ kind }) => kind === 'add');
  const others = edits.filter(({ kind }) => kind !== 'add');
  return [...added, ...others.toSorted((a, b) => comparePlaces(b.path, a.path))];
}

function comparePlaces(a: Path, b: Path): number {
  for (const [index, step] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (step === other) continue;
    if (typeof step === 'number' && typeof other === 'number') return step - other;
    return String(step) < String(other) ? -1 : 1;
  }
  return a.length - b.length;
}

function changedOnce(value: unknown, edit: ValueEdit): unknown {
  return changedAt(value, edit.path, edit);
}

function changedAt(value: unknown, [step, ...rest]: Path, edit: ValueEdit): unknown {
  if (step === undefined) return edit.kind === 'replace' ? edit.value : value;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    if (rest.length === 0 && edit.kind === 'add')
      return step === items.length ? [...items, edit.value] : items;
    if (rest.length === 0 && edit.kind === 'remove') return items.filter((_one, index) => index !== step);
    return items.map((one, index) => (index === step ? changedAt(one, rest, edit) : one));
  }
  const key = String(step);
  if (rest.length === 0 && edit.kind === 'add') {
    if (value === null || value === undefined) return { [key]: edit.value };
    return isJsonObject(value) ? Object.fromEntries([...Object.entries(value), [key, edit.value]]) : value;
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, one]): [string, unknown][] => {
    if (name !== key) return [[name, one]];
    if (rest.length > 0 || edit.kind === 'replace') return [[name, changedAt(one, rest, edit)]];
    if (edit.kind === 'rename') return [[edit.key, one]];
    return edit.kind === 'remove' ? [] : [[name, one]];
  });
  return Object.fromEntries(entries);
}
