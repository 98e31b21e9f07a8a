import { expect, test } from 'vitest';
import type { JsonSchema } from '#core/schema/json-schema.ts';
import { ApiError } from '#sandbox/api/api-error.ts';
import { applyJsonPatch } from '#sandbox/api/patch/json-patch.ts';
import { applyMergePatch } from '#sandbox/api/patch/merge-patch.ts';
import { applyStrategicMerge } from '#sandbox/api/patch/strategic-merge.ts';

const base = { a: { b: 1 }, list: ['x', 'y'], 'q/r': 1 };

test.each([
  [[{ op: 'add', path: '/a/c', value: 2 }], { ...base, a: { b: 1, c: 2 } }],
  [[{ op: 'add', path: '/list/1', value: 'n' }], { ...base, list: ['x', 'n', 'y'] }],
  [[{ op: 'add', path: '/list/-', value: 'n' }], { ...base, list: ['x', 'y', 'n'] }],
  [[{ op: 'remove', path: '/list/0' }], { ...base, list: ['y'] }],
  [[{ op: 'replace', path: '/list/0', value: 'n' }], { ...base, list: ['n', 'y'] }],
  [[{ op: 'replace', path: '/a/new', value: 1 }], { ...base, a: { b: 1, new: 1 } }],
  [[{ op: 'move', from: '/a/b', path: '/c' }], { a: {}, list: ['x', 'y'], 'q/r': 1, c: 1 }],
  [[{ op: 'copy', from: '/a', path: '/c' }], { ...base, c: { b: 1 } }],
  [
    [
      { op: 'test', path: '/a/b', value: 1 },
      { op: 'remove', path: '/q~1r' },
    ],
    { a: { b: 1 }, list: ['x', 'y'] },
  ],
])('JSON patch %j', (patch, expected) => expect(applyJsonPatch(base, patch)).toEqual(expected));

test.each([
  [[{ op: 'test', path: '/a/b', value: 2 }], 422],
  [[{ op: 'remove', path: '/none' }], 422],
  [[{ op: 'add', path: '/none/x', value: 1 }], 422],
  [[{ op: 'add', path: '/list/9', value: 1 }], 422],
  [[{ op: 'bend', path: '/a' }], 400],
  [[{ op: 'add', path: 'a', value: 1 }], 400],
  [{ a: 1 }, 400],
])('JSON patch %j is refused with %i', (patch, code) => {
  expect(() => applyJsonPatch(base, patch)).toThrow(expect.objectContaining({ code }));
});

test('a merge patch merges objects, removes by null and replaces lists', () => {
  const patch = { a: { c: 2 }, list: ['z'], 'q/r': null, fresh: { keep: 1, drop: null } };
  expect(applyMergePatch(base, patch)).toEqual({ a: { b: 1, c: 2 }, list: ['z'], fresh: { keep: 1 } });
});

const schema: JsonSchema = {
  type: 'object',
  properties: {
    items: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        },
      },
    },
    atomic: { type: 'array', items: { type: 'string' } },
  },
};
const live = {
  items: [
    { name: 'a', v: 1, set: ['x'] },
    { name: 'b', v: 2 },
  ],
  atomic: ['x'],
  u: { a: 1, b: 2 },
};
const [a, b] = live.items;

test.each([
  ['items by their key', { items: [{ name: 'b', v: 3 }] }, { ...live, items: [a, { name: 'b', v: 3 }] }],
  ['new items before those not named', { items: [{ name: 'c' }] }, { ...live, items: [{ name: 'c' }, a, b] }],
  [
    'sets by value',
    { items: [{ name: 'a', set: ['y', 'x'] }] },
    { ...live, items: [{ ...a, set: ['x', 'y'] }, b] },
  ],
  ['other lists as a whole', { atomic: ['y'] }, { ...live, atomic: ['y'] }],
  ['$patch: delete', { items: [{ name: 'a', $patch: 'delete' }] }, { ...live, items: [b] }],
  [
    '$patch: replace in a list',
    { items: [{ $patch: 'replace' }, { name: 'z' }] },
    { ...live, items: [{ name: 'z' }] },
  ],
  ['$patch: replace', { u: { $patch: 'replace', c: 3 } }, { ...live, u: { c: 3 } }],
  ['$retainKeys', { u: { $retainKeys: ['b'], b: 3 } }, { ...live, u: { b: 3 } }],
  [
    '$deleteFromPrimitiveList',
    { items: [{ name: 'a', '$deleteFromPrimitiveList/set': ['x'] }] },
    { ...live, items: [{ ...a, set: [] }, b] },
  ],
  [
    '$setElementOrder',
    { '$setElementOrder/items': [{ name: 'b' }, { name: 'a' }] },
    { ...live, items: [b, a] },
  ],
  ['null', { u: null }, { items: live.items, atomic: ['x'] }],
])('a strategic merge patch: %s', (_name, patch, expected) => {
  expect(applyStrategicMerge(live, patch, schema)).toEqual(expected);
});

test('an item without its merge key is refused', () => {
  expect(() => applyStrategicMerge(live, { items: [{ v: 1 }] }, schema)).toThrow(ApiError);
});
