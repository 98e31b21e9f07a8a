import type { JsonSchema } from '#core/schema/json-schema.ts';

/** The schema of an object's field, or undefined where the schema says nothing about it. */
export function childSchema(schema: JsonSchema | undefined, key: string): JsonSchema | undefined {
  if (schema?.properties !== undefined && Object.hasOwn(schema.properties, key)) {
    return schema.properties[key];
  }
  const more = schema?.additionalProperties;
  return typeof more === 'object' ? more : undefined;
}

export function itemSchema(schema: JsonSchema | undefined): JsonSchema | undefined {
  return schema?.items;
}

/** Whether the list's items have an identity, so that several managers can share the list. */
export function isAssociative(schema: JsonSchema | undefined): boolean {
  const type = schema?.['x-kubernetes-list-type'];
  return type === 'map' || type === 'set';
}
