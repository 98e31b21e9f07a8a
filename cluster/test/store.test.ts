import { expect, test } from 'vitest';
import { type ObjectEvent, Store } from '#cluster/store.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';

function object(namespace: string, name: string, resourceVersion: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, uid: `${namespace}-${name}`, resourceVersion },
  };
}

const a1 = object('a', 'x', '1');
const a2 = object('a', 'x', '2');
const b1 = object('b', 'y', '1');

function check(
  start: readonly KubernetesObject[],
  event: ObjectEvent,
  changed: readonly string[],
  left: readonly KubernetesObject[],
  within?: string,
) {
  const store = new Store();
  store.apply('pod', { kind: 'listed', objects: start });
  expect([...store.apply('pod', event, within)].toSorted()).toEqual(changed);
  expect(store.namespaces.flatMap((namespace) => [...store.objects('pod', namespace)])).toEqual(left);
}

const both = [a1, b1];
test('a changed object', () => check(both, { kind: 'put', object: a2 }, ['a'], [a2, b1]));
test('the same object again', () => check(both, { kind: 'put', object: a1 }, [], [a1, b1]));
test('a removed object', () => check(both, { kind: 'removed', object: b1 }, ['b'], [a1]));
test('an object removed twice', () => check([], { kind: 'removed', object: b1 }, [], []));
test('a list anew without changes', () => check(both, { kind: 'listed', objects: both }, [], both));
test('a list anew tells what is gone', () =>
  check(both, { kind: 'listed', objects: [a2] }, ['a', 'b'], [a2]));
test('a list of one namespace says nothing of another', () =>
  check(both, { kind: 'listed', objects: [] }, ['a'], [b1], 'a'));

test('a router that takes the address of another changes both namespaces', () => {
  const routerIn = (namespace: string, ip: string, resourceVersion: string) => ({
    ...object(namespace, 'r', resourceVersion),
    kind: 'EgressRouter',
    spec: { addresses: [{ ip }] },
  });
  const store = new Store();
  store.apply('egressRouter', { kind: 'put', object: routerIn('a', '10.0.0.9/24', '1') });
  const put = { kind: 'put', object: routerIn('b', '10.0.0.9/24', '1') } as const;
  expect([...store.apply('egressRouter', put)].toSorted()).toEqual(['a', 'b']);
  const moved = { kind: 'put', object: routerIn('b', '10.0.0.10/24', '2') } as const;
  expect([...store.apply('egressRouter', moved)].toSorted()).toEqual(['a', 'b']);
  expect([...store.apply('egressRouter', { kind: 'removed', object: moved.object })]).toEqual(['b']);
});
