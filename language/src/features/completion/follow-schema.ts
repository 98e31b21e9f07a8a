import type { Path } from '#core/problem.ts';
import type { JsonSchema } from '#core/schema/json-schema.ts';

/** The schema of what a path names; of what a schema lists by no name, that of any. */
export function followSchema(schema: JsonSchema, path: Path): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>((inner, step) => {
    if (typeof step === 'number') return inner?.items;
    const { properties = {}, additionalProperties } = inner ?? {};
    if (Object.hasOwn(properties, step)) return properties[step];
    return typeof additionalProperties === 'object' ? additionalProperties : undefined;
  }, schema);
}
