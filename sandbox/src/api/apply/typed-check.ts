import { isJsonObject, type JsonSchema } from '#core/schema/json-schema.ts';
import { childSchema } from '../schema/walk.ts';

/**
 * What keeps an applied configuration from being read with its schema: undeclared fields, wrong types, list
 * items without their keys or with equal ones. Apply refuses these even where other writes only drop them.
 */
export function typedProblems(value: unknown, schema: JsonSchema | undefined, path = ''): string[] {
  if (schema === undefined || value === null || value === undefined) return [];
  const wrong = wrongType(value, schema);
  if (wrong !== undefined) return [`${path}: ${wrong}`];
  if (Array.isArray(value)) {
    return [
      ...listProblems(value, schema, path),
      ...value.flatMap((item, index) =>
        typedProblems(item, schema.items, `${path}${shownItem(item, index, schema)}`),
      ),
    ];
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const inner = childSchema(schema, key);
    if (inner !== undefined) return typedProblems(item, inner, `${path}.${key}`);
    return isOpen(schema) ? [] : [`${path}.${key}: field not declared in schema`];
  });
}

function isOpen(schema: JsonSchema): boolean {
  return (
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema.additionalProperties === true ||
    (schema.type !== 'object' && schema.properties === undefined)
  );
}

function wrongType(value: unknown, schema: JsonSchema): string | undefined {
  switch (schema.type) {
    case 'object':
      return isJsonObject(value) ? undefined : `expected map, got ${goValue(value)}`;
    case 'array':
      return Array.isArray(value) ? undefined : `expected list, got ${goValue(value)}`;
    case 'string':
      return typeof value === 'string' ? undefined : `expected string, got ${goValue(value)}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got ${goValue(value)}`;
    case 'integer':
    case 'number':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goValue(value)}`;
    default:
      return undefined;
  }
}

function listProblems(list: readonly unknown[], schema: JsonSchema, path: string): string[] {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map' || keys === undefined) return [];
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    if (!isJsonObject(item)) continue;
    const missing = keys.find(
      (key) => item[key] === undefined && schema.items?.properties?.[key]?.default === undefined,
    );
    if (missing !== undefined) {
      problems.push(
        `${path}: element ${index}: associative list with keys has an element that omits key field "${missing}" (and doesn't have default value)`,
      );
      continue;
    }
    const element = shownItem(item, index, schema);
    if (seen.has(element)) problems.push(`${path}: duplicate entries for key ${element}`);
    seen.add(element);
  }
  return problems;
}

function shownItem(item: unknown, index: number, schema: JsonSchema): string {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (keys === undefined || !isJsonObject(item)) return `[${index}]`;
  const pairs = keys
    .toSorted()
    .map((key) => `${key}=${JSON.stringify(item[key] ?? schema.items?.properties?.[key]?.default)}`);
  return `[${pairs.join(',')}]`;
}

function goValue(value: unknown): string {
  if (isJsonObject(value)) return 'map';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'number' ? (Number.isInteger(value) ? 'int' : 'float') : typeof value;
}
