import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { docOf, documentedPaths } from '#core/egress-router/docs.ts';
import { egressRouterSchema } from '#core/egress-router/schema.generated.ts';
import { isJsonObject, type JsonSchema } from '#core/schema/json-schema.ts';
import { validate } from '#core/schema/validate.ts';

function pathsOf(schema: JsonSchema, prefix: readonly string[] = []): string[] {
  const inner = schema.items ?? schema;
  return Object.entries(inner.properties ?? {}).flatMap(([key, property]) => {
    const path = [...prefix, key];
    return [path.join('.'), ...pathsOf(property, path)];
  });
}

test('every field of the schema has an example, and nothing else has', () => {
  expect([...documentedPaths()].sort()).toEqual(pathsOf(egressRouterSchema).sort());
});

test('every example is YAML that the schema of its field admits', () => {
  for (const name of documentedPaths()) {
    const keys = name.split('.');
    const path = keys.flatMap((key) =>
      ['addresses', 'redirectRules', 'conditions'].includes(key) ? [key, 0] : [key],
    );
    const doc = docOf(typeof path.at(-1) === 'number' ? path.slice(0, -1) : path);
    expect(doc, name).toBeDefined();
    const value: unknown = parse(doc?.example ?? '');
    const key = keys.at(-1) ?? '';
    expect(isJsonObject(value) && Object.keys(value), name).toEqual([key]);
    const problems = isJsonObject(value) && doc !== undefined ? validate(doc.schema, value[key]) : [];
    const isPartial = name.startsWith('status');
    expect(isPartial ? [] : problems, name).toEqual([]);
  }
});

test('a path outside the schema has no documentation', () => {
  expect(docOf(['spec', 'nonsense'])).toBeUndefined();
  expect(docOf(['metadata', 'labels', 'team'])).toBeUndefined();
  expect(docOf(['spec', 'constructor'])).toBeUndefined();
});

test('a field tells whether it must be there', () => {
  expect(docOf(['spec', 'addresses'])?.isRequired).toBe(true);
  expect(docOf(['spec', 'mode'])?.isRequired).toBe(false);
  expect(docOf(['spec', 'addresses', 0, 'ip'])?.isRequired).toBe(true);
});
