import type { JsonValue, Path, ValueEdit } from '#core/problem.ts';
import { isJsonObject, isJsonValue, jsonEqual } from '#core/schema/json-schema.ts';
import { applyEdits } from '../text/text-edit.ts';
import { parseSlice } from '../yaml/parsed.ts';
import { toTextEdits } from './value-edits.ts';

/**
 * A value as the text of a document that a person wrote, of which only what the value says otherwise differs:
 * comments, order and quotes are those of the person. Undefined where the two are too unlike.
 */
export function writtenLike(text: string, value: unknown): string | undefined {
  const parsed = parseSlice(text);
  const edits = isJsonValue(value) ? differences(parsed.value, value, []) : undefined;
  const made = edits && toTextEdits(parsed, edits);
  return made && applyEdits(text, made);
}

function differences(before: unknown, after: JsonValue, path: Path): readonly ValueEdit[] | undefined {
  if (isJsonObject(before) && isJsonObject(after)) {
    const removed = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
    return joined([
      removed.map((key) => ({ kind: 'remove', path: [...path, key] })),
      ...Object.entries(after).map(([key, value]) =>
        Object.hasOwn(before, key)
          ? differences(before[key], value, [...path, key])
          : [{ kind: 'add', path: [...path, key], value } as const],
      ),
    ]);
  }
  if (Array.isArray(before) && isList(after)) return differencesOfLists(before, after, path);
  if (before === after) return [];
  return isScalar(after) && !isJsonObject(before) && !Array.isArray(before)
    ? [{ kind: 'replace', path, value: after }]
    : undefined;
}

/** Entries have no names: what is the same stays, and of the rest the last ones go, or come. */
function differencesOfLists(
  before: readonly unknown[],
  after: readonly JsonValue[],
  path: Path,
): readonly ValueEdit[] | undefined {
  const surplus = Math.max(0, before.length - after.length);
  const strange = [...before.keys()].filter((index) => !after.some((one) => jsonEqual(before[index], one)));
  const gone = new Set(strange.slice(Math.max(0, strange.length - surplus)));
  // Where entries are the same twice, there may be too few strangers.
  for (let index = before.length - 1; gone.size < surplus; index -= 1) gone.add(index);
  const kept = [...before.keys()].filter((index) => !gone.has(index));
  return joined([
    [...gone].map((index) => ({ kind: 'remove', path: [...path, index] })),
    ...after.map((value, at): readonly ValueEdit[] | undefined => {
      const index = kept[at];
      return index === undefined
        ? [{ kind: 'add', path: [...path, before.length + at - kept.length], value }]
        : differences(before[index], value, [...path, index]);
    }),
  ]);
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
