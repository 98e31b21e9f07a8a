import { expect, test } from 'vitest';
import { fencedWorld } from '#agent/operator/fenced-world.ts';
import type { World } from '#agent/operator/world.ts';
import { ClusterError } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import { MemoryWorld } from './memory-world.ts';

const signal = new AbortController().signal;
const metadata = { name: 'a', namespace: 'demo', uid: 'uid-of-a' };
const router = { apiVersion: 'network.operator.openshift.io/v1', kind: 'EgressRouter', metadata };
const owner = { ...router, name: 'a', uid: 'uid-of-a', controller: true };
const config = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', namespace: 'demo', ownerReferences: [owner] },
};

test.each<[string, (world: World) => Promise<void>]>([
  ['applied', (world) => world.apply(config, signal)],
  ['patched', (world) => world.patch(kinds.egressRouter, router, { spec: {} }, signal)],
  ['deleted', (world) => world.delete(kinds.egressRouter, router, signal)],
  ['told', (world) => world.writeConditions(router, [], signal)],
])('nothing is %s once another operator may hold the Lease', async (_, write) => {
  const memory = new MemoryWorld([router]);
  let isHeld = false;
  const world = fencedWorld(asWorld(memory), () => isHeld);
  const failure = await write(world).catch((error: unknown) => error);
  expect(ClusterError.is(failure, 'canceled')).toBe(true);
  expect(memory.writes).toEqual([]);
  expect(await world.get(kinds.egressRouter, metadata, signal)).toBeDefined();
  isHeld = true;
  await write(world);
  expect(memory.writes).toHaveLength(1);
});

/** A fence copies properties, and the methods of a class are none. */
function asWorld(memory: MemoryWorld): World {
  return {
    get: (...args) => memory.get(...args),
    list: (...args) => memory.list(...args),
    apply: (...args) => memory.apply(...args),
    patch: (...args) => memory.patch(...args),
    delete: (...args) => memory.delete(...args),
    managersOf: (...args) => memory.managersOf(...args),
    rulesOf: (pod, digest) => memory.rulesOf(pod, digest),
    faultsOf: (pod) => memory.faultsOf(pod),
    writeConditions: (...args) => memory.writeConditions(...args),
  };
}
