import { egressRouterSchema } from '#core/egress-router/schema.generated.ts';
import type { Path } from '#core/problem.ts';
import type { JsonSchema } from '#core/schema/json-schema.ts';

/** The schema of the router's field at a path; undefined where there is none. */
export function schemaAt(path: Path): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>((schema, step) => {
    if (typeof step === 'number') return schema?.items;
    const properties = schema?.properties ?? {};
    return Object.hasOwn(properties, step) ? properties[step] : undefined;
  }, egressRouterSchema);
}
