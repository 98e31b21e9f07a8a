import type { Path } from '#core/problem.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';

/** The value as an object: what is none has no fields. */
export function objectAt(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The value as a list: what is none has no entries. */
export function listAt(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The string, where it is one that says something. */
export function wordAt(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What is reached from a value by a path; undefined where it leads nowhere. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (typeof step === 'number') return listAt(inner)[step];
    const object = objectAt(inner);
    return Object.hasOwn(object, step) ? object[step] : undefined;
  }, value);
}

/** The entries that are strings, such as those of labels. */
export function wordsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(objectAt(value)).flatMap(([key, word]) => (typeof word === 'string' ? [[key, word]] : [])),
  );
}

/** A value in a message. What is no scalar is only named: it may be long, and may hold itself. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return isJsonObject(value) ? 'an object' : (JSON.stringify(value) ?? 'nothing');
}
