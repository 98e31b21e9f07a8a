import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import type { KubernetesObject } from './object.ts';

/**
 * What a field manager has applied of a live object, as the API server noted it: applying it again leaves all of it.
 * Lists are left out, as of their entries only the keys are noted.
 */
export function appliedPart(live: KubernetesObject, manager: string): JsonObject {
  const { metadata } = live;
  const noted: unknown = 'managedFields' in metadata ? metadata.managedFields : undefined;
  const entries: readonly unknown[] = Array.isArray(noted) ? noted : [];
  const own = entries.find(
    (entry) =>
      isJsonObject(entry) &&
      entry['manager'] === manager &&
      entry['operation'] === 'Apply' &&
      entry['subresource'] === undefined,
  );
  return isJsonObject(own) && isJsonObject(own['fieldsV1']) ? partOf({ ...live }, own['fieldsV1']) : {};
}

function partOf(value: JsonObject, fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([mark, below]): readonly (readonly [string, unknown])[] => {
      if (!mark.startsWith('f:') || !isJsonObject(below)) return [];
      const key = mark.slice('f:'.length);
      const inner = Object.hasOwn(value, key) ? value[key] : undefined;
      if (inner === undefined) return [];
      const marks = Object.keys(below).filter((one) => one !== '.');
      if (marks.length === 0) return [[key, inner]];
      return isJsonObject(inner) && marks.every((one) => one.startsWith('f:'))
        ? [[key, partOf(inner, below)]]
        : [];
    }),
  );
}
