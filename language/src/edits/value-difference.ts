import type { JsonValue, Path, ValueEdit } from '#core/problem.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';

/** The edits that make one value of another. Undefined where they are too unlike: then it is written anew. */
export function editsBetween(
  before: unknown,
  after: JsonValue,
  path: Path = [],
): readonly ValueEdit[] | undefined {
  if (isJsonObject(before) && isJsonObject(after)) {
    const removed = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
    return joined([
      removed.map((key) => ({ kind: 'remove', path: [...path, key] })),
      ...Object.entries(after).map(([key, value]): readonly ValueEdit[] | undefined =>
        Object.hasOwn(before, key)
          ? editsBetween(before[key], value, [...path, key])
          : [{ kind: 'add', path: [...path, key], value }],
      ),
    ]);
  }
  if (Array.isArray(before) && isList(after)) {
    if (before.length !== after.length) return undefined;
    return joined(after.map((value, index) => editsBetween(before[index], value, [...path, index])));
  }
  if (before === after) return [];
  return isScalar(after) && !isJsonObject(before) && !Array.isArray(before)
    ? [{ kind: 'replace', path, value: after }]
    : undefined;
}

function joined(parts: readonly (readonly ValueEdit[] | undefined)[]): readonly ValueEdit[] | undefined {
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

/** `Array.isArray` knows no readonly lists. */
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isScalar(value: JsonValue): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
