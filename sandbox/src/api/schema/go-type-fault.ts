import type { Path } from '#core/problem.ts';
import { isJsonObject, type JsonSchema } from '#core/schema/json-schema.ts';
import { childSchema } from './walk.ts';

/**
 * What Go's JSON decoder says of a value that its type cannot hold. It names the innermost struct, and the
 * fields on the way without keys of maps or places in lists.
 */
export function goTypeFault(schema: JsonSchema, value: unknown, path: Path): string {
  let at: JsonSchema | undefined = schema;
  let found = value;
  let struct = schema.title ?? '';
  const fields: string[] = [];
  for (const step of path) {
    if (typeof step === 'number') {
      found = Array.isArray(found) ? found[step] : undefined;
      at = at?.items;
    } else {
      const isField: boolean = Object.hasOwn(at?.properties ?? {}, step);
      if (isField) fields.push(step);
      if (isField && at?.title !== undefined) struct = at.title;
      found = isJsonObject(found) ? found[step] : undefined;
      at = childSchema(at, step);
    }
  }
  const field = [struct, ...fields].join('.');
  return `json: cannot unmarshal ${jsonType(found)} into Go struct field ${field} of type ${goType(at)}`;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function goType(schema: JsonSchema | undefined): string {
  switch (schema?.type) {
    case 'integer':
      return 'int32';
    case 'boolean':
      return 'bool';
    case 'number':
      return 'float64';
    case 'array':
      return `[]${goType(schema.items)}`;
    case 'object':
      return schema.title === undefined ? 'map[string]string' : `v1.${schema.title}`;
    default:
      return 'string';
  }
}
