import type { Path } from '#core/problem.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';

/** What stands at a place in a document; empty where it is something else. */
export function objectAt(value: unknown): JsonObject {
  return isJsonObject(value) ? value : nothing;
}

export function listAt(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : noEntries;
}

/** A rule as it is written, with only the keys that are there. */
export function ruleAt(spec: JsonObject, index: number): JsonObject {
  return objectAt(listAt(objectAt(spec['redirect'])['redirectRules'])[index]);
}

const nothing: JsonObject = {};
const noEntries: readonly unknown[] = [];

/** `undefined` where there is nothing. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((node, step) => {
    if (typeof step === 'number') return listAt(node)[step];
    const object = objectAt(node);
    return Object.hasOwn(object, step) ? object[step] : undefined;
  }, value);
}
