import { expect, test } from 'vitest';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { nameOf } from '#sandbox/api/json.ts';
import { Store, type StoreEvent } from '#sandbox/api/store.ts';

const object = (name: string, more: JsonObject = {}): JsonObject => ({
  metadata: { name, namespace: 'n' },
  ...more,
});
const shown = ({ revision, type, object: subject }: StoreEvent): string =>
  `${revision} ${type} ${nameOf(subject)}`;

test('one counter runs over all tables', () => {
  const store = new Store(100);
  store.put('a', object('x'));
  store.put('b', object('y'));
  store.put('a', object('x', { v: 2 }));
  store.remove('a', object('x', { v: 2 }));
  expect(store.eventsAfter('a', 1)?.map(shown)).toEqual(['2 ADDED x', '4 MODIFIED x', '5 DELETED x']);
});

test('a list can be had as it was', () => {
  const store = new Store(100);
  store.put('a', object('x'));
  const revision = store.revision;
  store.put('a', object('y'));
  store.remove('a', object('x'));
  expect(store.listAt('a', 'n', revision)?.map(nameOf)).toEqual(['x']);
  expect(store.list('a', 'n').map(nameOf)).toEqual(['y']);
});

test('what is too old is forgotten', () => {
  const store = new Store(5);
  for (let index = 0; index < 20; index += 1) store.put('a', object(`o${index}`));
  expect(store.eventsAfter('a', 2)).toBeUndefined();
  expect(store.listAt('a', 'n', 2)).toBeUndefined();
  expect(store.eventsAfter('a', store.oldestRevision)?.length).toBeGreaterThanOrEqual(5);
});

test('listeners that write do not disturb the order for others', () => {
  const store = new Store(100);
  const heard: string[] = [];
  store.subscribe('a', (event) => {
    if (event.type === 'ADDED') store.put('a', { ...event.object, settled: true });
  });
  store.subscribe('a', (event) => void heard.push(shown(event)));
  store.put('a', object('x'));
  expect(heard).toEqual(['2 ADDED x', '3 MODIFIED x']);
});
