import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  difference,
  equalSets,
  type FieldSet,
  fromFieldsV1,
  intersection,
  isEmptySet,
  memberSet,
  nodeSet,
  pathsOf,
  setOfPaths,
  toFieldsV1,
  union,
  withoutBelow,
} from '#sandbox/api/apply/field-set.ts';

const sets: fc.Arbitrary<FieldSet> = fc
  .letrec<{ set: FieldSet }>((tie) => ({
    set: fc.oneof(
      { depthSize: 'small' },
      fc.constant(memberSet),
      fc
        .tuple(
          fc.dictionary(fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'v:"y"'), tie('set'), { maxKeys: 3 }),
          fc.boolean(),
        )
        .map(([children, isMember]) => nodeSet(Object.entries(children), isMember)),
    ),
  }))
  .set.map((set) => ({ ...set, isMember: false }));

test('a set comes back from FieldsV1 as it was', () => {
  fc.assert(fc.property(sets, (set) => equalSets(fromFieldsV1(toFieldsV1(set)), set)));
});

test('difference and intersection divide a set', () => {
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      const both = intersection(a, b);
      const rest = difference(a, b);
      return equalSets(union(both, rest), a) && isEmptySet(intersection(rest, b));
    }),
  );
});

test('a union holds both sides and nothing else', () => {
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      const all = new Set([...pathsOf(a), ...pathsOf(b)]);
      return [...all].toSorted().join() === pathsOf(union(a, b)).toSorted().join();
    }),
  );
});

test('paths are printed as Kubernetes prints them', () => {
  const fields = {
    'f:spec': {
      'f:replicas': {},
      'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {} } },
      'f:tags': { 'v:"a"': {} },
      'f:list': { 'i:0': {} },
    },
  };
  expect(pathsOf(fromFieldsV1(fields))).toEqual([
    '.spec.replicas',
    '.spec.ports[port=80,protocol="TCP"]',
    '.spec.ports[port=80,protocol="TCP"].name',
    '.spec.tags[="a"]',
    '.spec.list[0]',
  ]);
});

test('what begins with a prefix can be left out', () => {
  const set = setOfPaths(['spec', 'a'], ['status', 'b'], ['status']);
  expect(pathsOf(withoutBelow(set, setOfPaths(['status'])))).toEqual(['.spec.a']);
});
