import type { Path, ValueEdit } from '#core/problem.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';

/** The value after the edits of a fix. An edit whose place is not there changes nothing. */
export function changedValue(value: unknown, edits: readonly ValueEdit[]): unknown {
  return changedAt(value, lastFirst(edits), 0);
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

/**
 * Of the edits that lead to the value, in their order. Each list and object is copied once, however many of them
 * there are.
 *
 * @param depth how many steps of their paths lead to it
 */
function changedAt(value: unknown, edits: readonly ValueEdit[], depth: number): unknown {
  const whole = edits.findLast(({ kind, path }) => kind === 'replace' && path.length === depth);
  if (whole?.kind === 'replace') return whole.value;
  const inner = edits.filter(({ path }) => path.length > depth);
  if (inner.length === 0) return value;
  if (Array.isArray(value)) return changedList(value, inner, depth);
  if (isJsonObject(value)) return changedObject(value, inner, depth);
  const adds = inner.some(({ kind, path }) => kind === 'add' && path.length === depth + 1);
  return (value === null || value === undefined) && adds ? changedObject({}, inner, depth) : value;
}

function changedList(
  items: readonly unknown[],
  edits: readonly ValueEdit[],
  depth: number,
): readonly unknown[] {
  const all = [...items];
  const removed = new Set<unknown>();
  const within = new Map<unknown, ValueEdit[]>();
  for (const edit of edits) {
    const step = edit.path[depth];
    const isOwn = edit.path.length === depth + 1;
    if (isOwn && edit.kind === 'add') {
      if (step === all.length) all.push(edit.value);
    } else if (isOwn && edit.kind === 'remove') removed.add(step);
    else putInto(within, step, edit);
  }
  return all.flatMap((one, index) =>
    removed.has(index) ? [] : [changedAt(one, within.get(index) ?? [], depth + 1)],
  );
}

function changedObject(object: JsonObject, edits: readonly ValueEdit[], depth: number): JsonObject {
  const all = new Map(Object.entries(object));
  const removed = new Set<string>();
  const renamed = new Map<string, string>();
  const within = new Map<string, ValueEdit[]>();
  for (const edit of edits) {
    const key = String(edit.path[depth]);
    const isOwn = edit.path.length === depth + 1;
    if (isOwn && edit.kind === 'add') all.set(key, edit.value);
    else if (isOwn && edit.kind === 'remove') removed.add(key);
    else if (isOwn && edit.kind === 'rename') renamed.set(key, edit.key);
    else putInto(within, key, edit);
  }
  return Object.fromEntries(
    [...all].flatMap(([name, one]): [string, unknown][] =>
      removed.has(name)
        ? []
        : [[renamed.get(name) ?? name, changedAt(one, within.get(name) ?? [], depth + 1)]],
    ),
  );
}

function putInto<Key>(groups: Map<Key, ValueEdit[]>, key: Key, edit: ValueEdit): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [edit]);
  else group.push(edit);
}
