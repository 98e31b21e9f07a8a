import { isJsonObject, type JsonSchema } from '#core/schema/json-schema.ts';

/** A Kubernetes schema as JSON Schema says it: there `nullable` means nothing, and `null` is one more type. */
export function toDraft07(schema: JsonSchema): Readonly<Record<string, unknown>> {
  const { nullable, ...rest } = schema;
  const type = nullable === true && rest.type !== undefined ? { type: [rest.type, 'null'] } : {};
  return { ...mapSchemas(rest), ...type };
}

function mapSchemas(schema: JsonSchema): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]: [string, unknown]) => [key, mapKeyword(key, value)]),
  );
}

function mapKeyword(key: string, value: unknown): unknown {
  if (key === 'properties' && isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapSchema(inner)]));
  }
  if (['items', 'not', 'additionalProperties'].includes(key)) return mapSchema(value);
  if (['allOf', 'anyOf', 'oneOf'].includes(key) && Array.isArray(value)) return value.map(mapSchema);
  return value;
}

function mapSchema(value: unknown): unknown {
  return isJsonObject(value) ? toDraft07(value) : value;
}
