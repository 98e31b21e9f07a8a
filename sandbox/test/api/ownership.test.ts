import { expect, test } from 'vitest';
import type { JsonObject, JsonSchema } from '#core/schema/json-schema.ts';
import { emptySet } from '#sandbox/api/apply/field-set.ts';
import { applyConfig, recordUpdate, type Writer } from '#sandbox/api/apply/ownership.ts';
import { typedProblems } from '#sandbox/api/apply/typed-check.ts';

const schema: JsonSchema = {
  type: 'object',
  properties: {
    metadata: { type: 'object', properties: { name: { type: 'string' } } },
    spec: {
      type: 'object',
      properties: {
        a: { type: 'string' },
        b: { type: 'string' },
        atomic: { type: 'array', items: { type: 'string' } },
        set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        map: { type: 'object', additionalProperties: { type: 'string' } },
        selector: {
          type: 'object',
          additionalProperties: { type: 'string' },
          'x-kubernetes-map-type': 'atomic',
        },
        items: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['key'],
          items: {
            type: 'object',
            properties: { key: { type: 'string' }, x: { type: 'string' }, y: { type: 'string' } },
          },
        },
      },
    },
  },
};

const writer = (manager: string, operation: Writer['operation'] = 'Apply'): Writer => ({
  manager,
  operation,
  apiVersion: 'v1',
  time: '2026-01-01T00:00:00Z',
  ignored: emptySet,
});

/** One `manager: spec` after the other, each a forced or plain apply. `spec` undefined: no spec at all. */
type Step = readonly [manager: string, spec: object | undefined, force?: 'force'];

/** Applies the steps, and gives the last object's spec, or the conflicts of the first step that has any. */
function run(steps: readonly Step[]): unknown {
  let live: JsonObject = { metadata: { name: 'o' } };
  for (const [manager, spec, force] of steps) {
    const config = { metadata: { name: 'o' }, ...(spec === undefined ? {} : { spec }) };
    const result = applyConfig(live, config, schema, writer(manager), force === 'force');
    if (result.kind === 'conflicts') {
      return result.conflicts.map((conflict) => `${conflict.manager.manager} ${conflict.path}`);
    }
    live = result.object;
  }
  return live['spec'];
}

function check(name: string, steps: readonly Step[], expected: unknown): void {
  test(name, () => expect(run(steps)).toEqual(expected));
}

check(
  'fields of two managers stand together',
  [
    ['one', { a: '1' }],
    ['two', { b: '2' }],
  ],
  { a: '1', b: '2' },
);
check(
  'the same value is no conflict',
  [
    ['one', { a: '1' }],
    ['two', { a: '1' }],
  ],
  { a: '1' },
);
check(
  'another value is',
  [
    ['one', { a: '1' }],
    ['two', { a: '2' }],
  ],
  ['one .spec.a'],
);
check(
  'force takes over',
  [
    ['one', { a: '1' }],
    ['two', { a: '2' }, 'force'],
  ],
  { a: '2' },
);
check(
  'who lost a field may apply without it and removes nothing',
  [
    ['one', { a: '1' }],
    ['two', { a: '2' }, 'force'],
    ['one', { b: '1' }],
  ],
  { a: '2', b: '1' },
);
check(
  'a field left out goes',
  [
    ['one', { a: '1', b: '1' }],
    ['one', { a: '1' }],
  ],
  { a: '1' },
);
check(
  'all fields left out: the object above goes too',
  [
    ['one', { a: '1' }],
    ['one', undefined],
  ],
  undefined,
);
check(
  'but stays while another has a field in it',
  [
    ['one', { a: '1' }],
    ['two', { b: '1' }],
    ['one', undefined],
  ],
  {
    b: '1',
  },
);
check(
  'an atomic list has one owner',
  [
    ['one', { atomic: ['x'] }],
    ['two', { atomic: ['y'] }],
  ],
  ['one .spec.atomic'],
);
check(
  'a set is shared by value',
  [
    ['one', { set: ['x'] }],
    ['two', { set: ['y'] }],
  ],
  { set: ['x', 'y'] },
);
check(
  'and loses only what its owner drops',
  [
    ['one', { set: ['x', 'z'] }],
    ['two', { set: ['y'] }],
    ['one', { set: ['z'] }],
  ],
  {
    set: ['z', 'y'],
  },
);
check(
  'a map is shared by key',
  [
    ['one', { map: { a: '1' } }],
    ['two', { map: { b: '1' } }],
    ['one', {}],
  ],
  {
    map: { b: '1' },
  },
);
check(
  'an atomic map is replaced',
  [
    ['one', { selector: { a: '1' } }],
    ['one', { selector: { b: '1' } }],
  ],
  {
    selector: { b: '1' },
  },
);
check(
  'items merge by key',
  [
    ['one', { items: [{ key: 'k', x: '1' }] }],
    ['two', { items: [{ key: 'k', y: '2' }, { key: 'l' }] }],
  ],
  { items: [{ key: 'k', x: '1', y: '2' }, { key: 'l' }] },
);
check(
  'an item that two own keeps what the other gave it',
  [
    ['one', { items: [{ key: 'k', x: '1' }] }],
    ['two', { items: [{ key: 'k', y: '2' }] }],
    ['one', { items: [] }],
  ],
  { items: [{ key: 'k', y: '2' }] },
);
check(
  'a conflict in an item names its key',
  [
    ['one', { items: [{ key: 'k', x: '1' }] }],
    ['two', { items: [{ key: 'k', x: '2' }] }],
  ],
  ['one .spec.items[key="k"].x'],
);
check(
  'the applier decides the order of its items',
  [
    ['one', { items: [{ key: 'a' }, { key: 'b' }] }],
    ['one', { items: [{ key: 'b' }, { key: 'a' }] }],
  ],
  { items: [{ key: 'b' }, { key: 'a' }] },
);

test('an update takes what it changes from its owners, and no more', () => {
  const applied = applyConfig({ metadata: {} }, { spec: { a: '1', b: '1' } }, schema, writer('one'), false);
  if (applied.kind !== 'applied') throw new Error('no one else owns anything');
  const changed = { ...applied.object, spec: { a: '2', b: '1' } };
  const { metadata } = recordUpdate(applied.object, changed, schema, writer('hand', 'Update'));
  expect(metadata).toEqual({
    managedFields: [
      entry('one', 'Apply', { 'f:spec': { 'f:b': {} } }),
      entry('hand', 'Update', { 'f:spec': { 'f:a': {} } }),
    ],
  });
});

function entry(manager: string, operation: string, fieldsV1: object): object {
  return {
    manager,
    operation,
    apiVersion: 'v1',
    time: '2026-01-01T00:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1,
  };
}

test.each([
  [{ spec: { a: 1 } }, ['.spec.a: expected string, got int']],
  [{ spec: { c: 1 } }, ['.spec.c: field not declared in schema']],
  [
    { spec: { items: [{ x: '1' }] } },
    [
      '.spec.items: element 0: associative list with keys has an element that omits key field "key" (and doesn\'t have default value)',
    ],
  ],
  [{ spec: { items: [{ key: 'a' }, { key: 'a' }] } }, ['.spec.items: duplicate entries for key [key="a"]']],
  [{ spec: { items: {} } }, ['.spec.items: expected list, got map']],
  [{ spec: { map: { any: 'x' } } }, []],
])('%j cannot be applied: %j', (config, problems) => {
  expect(typedProblems(config, schema)).toEqual(problems);
});
