import { isJsonObject, type JsonObject, type JsonSchema } from '#core/schema/json-schema.ts';
import { childSchema } from './walk.ts';

export interface Pruned {
  readonly value: unknown;
  /** Fields that the schema does not know, as paths like `spec.ports[0].foo`. */
  readonly unknown: readonly string[];
}

/**
 * Drops what the schema does not declare. `dropsNull` is how Go types read JSON: a null is as good as
 * nothing; custom resources keep theirs for defaulting and `nullable` to decide on.
 */
export function prune(schema: JsonSchema, value: unknown, dropsNull: boolean, metadata?: JsonSchema): Pruned {
  const unknown: string[] = [];
  return { value: walk(value, schema, ''), unknown };

  function walk(node: unknown, at: JsonSchema | undefined, path: string): unknown {
    if (at === undefined) return node;
    if (Array.isArray(node)) return node.map((item, index) => walk(item, at.items, `${path}[${index}]`));
    if (isJsonObject(node)) return walkObject(node, at, path);
    return at.format === 'quantity' && typeof node === 'number' ? String(node) : node;
  }

  function walkObject(node: JsonObject, at: JsonSchema, path: string): JsonObject {
    const isEmbedded = at['x-kubernetes-embedded-resource'] === true;
    const result: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(node)) {
      const where = path === '' ? key : `${path}.${key}`;
      const inner = childSchema(at, key);
      if (dropsNull && item === null && !isOpen(at)) continue;
      if (inner !== undefined) result[key] = walk(item, inner, where);
      else if (isEmbedded && (key === 'apiVersion' || key === 'kind')) result[key] = item;
      else if (isEmbedded && key === 'metadata') result[key] = walk(item, metadata, where);
      else if (isOpen(at)) result[key] = item;
      else unknown.push(where);
    }
    return result;
  }
}

function isOpen(schema: JsonSchema): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true;
}
