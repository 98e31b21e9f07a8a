import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';

/** RFC 7386: objects merge, null removes, anything else replaces. */
export function applyMergePatch(object: JsonObject, patch: JsonObject): JsonObject {
  const result: Record<string, unknown> = { ...object };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else if (isJsonObject(value)) {
      const current = result[key];
      result[key] = applyMergePatch(isJsonObject(current) ? current : {}, value);
    } else result[key] = value;
  }
  return result;
}
