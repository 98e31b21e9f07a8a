import { expect, test } from 'vitest';
import { applyEvent, type Change, emptyStore, type ObjectEvent, type Store } from '#cluster/store.ts';
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
const start = applyEvent(emptyStore, 'pod', { kind: 'listed', objects: [a1, b1] }).store;

function check(store: Store, event: ObjectEvent, change: Change, left: readonly KubernetesObject[]) {
  const next = applyEvent(store, 'pod', event);
  expect(next.change).toEqual(change);
  expect([...next.store.pod.values()]).toEqual(left);
}

const nothing: Change = { kind: 'nothing' };
const namespaces = (...names: string[]): Change => ({ kind: 'namespaces', namespaces: new Set(names) });

test('a changed object', () => check(start, { kind: 'put', object: a2 }, namespaces('a'), [a2, b1]));
test('the same object again', () => check(start, { kind: 'put', object: a1 }, nothing, [a1, b1]));
test('a removed object', () => check(start, { kind: 'removed', object: b1 }, namespaces('b'), [a1]));
test('an object removed twice', () => check(emptyStore, { kind: 'removed', object: b1 }, nothing, []));
test('a list anew without changes', () =>
  check(start, { kind: 'listed', objects: [a1, b1] }, nothing, [a1, b1]));
test('a list anew tells what is gone', () =>
  check(start, { kind: 'listed', objects: [a2] }, namespaces('a', 'b'), [a2]));
