import { isJsonObject, type JsonSchema } from './json-schema.ts';

/**
 * A copy of `value` with the schema's defaults in every place where a key is absent, as the API server fills
 * them in before it validates: a default that is put in is itself completed by the defaults below it.
 */
export function applyDefaults(schema: JsonSchema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item) => applyDefaults(items, item));
  }
  if (!isJsonObject(value)) return value;
  const result: Record<string, unknown> = { ...value };
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    // A null stands for absence where the schema has a default and is not nullable.
    const isAbsent = !Object.hasOwn(result, key) || (result[key] === null && property.nullable !== true);
    if (isAbsent && property.default !== undefined) result[key] = structuredCopy(property.default);
    if (Object.hasOwn(result, key)) result[key] = applyDefaults(property, result[key]);
  }
  if (typeof schema.additionalProperties === 'object') {
    for (const key of Object.keys(result)) {
      if (!Object.hasOwn(schema.properties ?? {}, key)) {
        result[key] = applyDefaults(schema.additionalProperties, result[key]);
      }
    }
  }
  return result;
}

function structuredCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structuredCopy);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, structuredCopy(item)]));
}
