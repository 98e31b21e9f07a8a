import { expect, test } from 'vitest';
import { cachedWorld } from '#agent/operator/cached-world.ts';
import { ObjectCache } from '#agent/operator/object-cache.ts';
import { kinds } from '#cluster/kinds.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { MemoryWorld } from './memory-world.ts';

const signal = new AbortController().signal;
const place = { namespace: 'demo', name: 'a' };

test('what the watch told is not read again, what it did not tell is', async () => {
  const { cache, world } = worldWith(pod('b', 5));
  cache.take(kinds.pod, { kind: 'listed', objects: [pod('a', 7)], resourceVersion: '9' });
  expect(await versionOf(world, 'a')).toBe('7');
  expect(await versionOf(world, 'b'), 'read directly').toBe('1');
  expect(await versionOf(world, 'c')).toBeUndefined();
  cache.take(kinds.pod, { kind: 'put', object: pod('a', 10) });
  expect(await versionOf(world, 'a')).toBe('10');
  cache.take(kinds.pod, { kind: 'removed', object: pod('a', 11) });
  expect(await versionOf(world, 'a')).toBeUndefined();
});

test('what was missing is asked for once, until the next write', async () => {
  const { memory, world } = worldWith();
  const asked = () => memory.reads.length;
  await versionOf(world, 'a');
  await versionOf(world, 'a');
  expect(asked()).toBe(1);
  await world.apply(pod('a', 1), signal).catch(() => undefined);
  await versionOf(world, 'a');
  expect(asked()).toBe(2);
});

test('a list is answered from the watch, by its labels and namespace', async () => {
  const { cache, world } = worldWith();
  const where = { namespace: 'demo', labelSelector: 'app=x' };
  expect(await world.list(kinds.pod, where, signal)).toEqual([]);
  const other = { ...pod('a', 3), metadata: { ...pod('a', 3).metadata, namespace: 'other' } };
  const plain = { ...pod('b', 3), metadata: { ...pod('b', 3).metadata, labels: { app: 'y' } } };
  cache.take(kinds.pod, { kind: 'listed', objects: [pod('a', 2), other, plain], resourceVersion: '3' });
  expect(await world.list(kinds.pod, where, signal)).toEqual([pod('a', 2)]);
  expect(await world.list(kinds.pod, { ...where, isFresh: true }, signal)).toEqual([]);
});

test('while a watch is down everything is read directly', async () => {
  const { cache, world } = worldWith(pod('a', 1));
  cache.take(kinds.pod, { kind: 'listed', objects: [pod('a', 7)], resourceVersion: '7' });
  const failure = { reason: 'unreachable', message: 'down' } as const;
  cache.take(kinds.pod, { kind: 'state', state: { kind: 'unreachable', since: '', ...failure } });
  expect(await versionOf(world, 'a')).toBe('1');
  cache.take(kinds.pod, { kind: 'state', state: { kind: 'live' } });
  expect(await versionOf(world, 'a')).toBe('7');
});

test('an own write is seen at once, and never brings back what has been removed since', () => {
  const cache = new ObjectCache();
  cache.wrote(kinds.pod, pod('a', 4));
  expect(cache.find(kinds.pod, place), 'nothing is known of the kind').toBeUndefined();
  cache.take(kinds.pod, { kind: 'listed', objects: [], resourceVersion: '5' });
  cache.wrote(kinds.pod, pod('a', 6));
  expect(cache.find(kinds.pod, place)).toEqual(pod('a', 6));
  cache.take(kinds.pod, { kind: 'put', object: pod('a', 6) });
  cache.take(kinds.pod, { kind: 'removed', object: pod('a', 8) });
  cache.wrote(kinds.pod, pod('a', 7));
  expect(cache.find(kinds.pod, place)).toBeUndefined();
  cache.wrote(kinds.pod, pod('a', 10));
  cache.take(kinds.pod, { kind: 'put', object: pod('a', 9) });
  expect(cache.find(kinds.pod, place), 'an older event').toEqual(pod('a', 10));
  cache.take(kinds.pod, { kind: 'removed', object: pod('a', 9) });
  expect(cache.find(kinds.pod, place), 'made again before it was told that it had gone').toEqual(
    pod('a', 10),
  );
});

test('who set which field is not kept', () => {
  const cache = new ObjectCache();
  const metadata = { ...pod('a', 1).metadata, managedFields: [{ manager: 'kubectl' }] };
  cache.take(kinds.pod, { kind: 'listed', objects: [{ ...pod('a', 1), metadata }], resourceVersion: '1' });
  expect(cache.find(kinds.pod, place)).toEqual(pod('a', 1));
});

function worldWith(...objects: readonly KubernetesObject[]) {
  const cache = new ObjectCache();
  const memory = new CountingWorld(objects);
  return { cache, memory, world: cachedWorld(memory, cache) };
}

class CountingWorld extends MemoryWorld {
  readonly reads: string[] = [];

  override async get(...parameters: Parameters<MemoryWorld['get']>) {
    this.reads.push(parameters[1].name);
    return super.get(...parameters);
  }
}

async function versionOf(world: ReturnType<typeof cachedWorld>, name: string): Promise<string | undefined> {
  const found = await world.get(kinds.pod, { namespace: 'demo', name }, signal);
  return found?.metadata.resourceVersion;
}

function pod(name: string, version: number): KubernetesObject {
  const metadata = { namespace: 'demo', name, labels: { app: 'x' }, resourceVersion: String(version) };
  return { apiVersion: 'v1', kind: 'Pod', metadata };
}
