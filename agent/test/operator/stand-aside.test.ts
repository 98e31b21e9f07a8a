import { expect, test } from 'vitest';
import { StandAside } from '#agent/operator/stand-aside.ts';
import { kinds } from '#cluster/kinds.ts';
import { MemoryWorld } from './memory-world.ts';

const signal = new AbortController().signal;
const network = {
  apiVersion: 'config.openshift.io/v1',
  kind: 'ClusterOperator',
  metadata: { name: 'network' },
};

test('the Cluster Network Operator is noticed when it comes and when it goes, and each is told once', async () => {
  const world = new MemoryWorld([]);
  const { standAside, told, advance } = watcherOf(world);
  expect(await standAside.isNeeded(signal)).toBe(false);
  world.put(network);
  advance(999);
  expect(await standAside.isNeeded(signal)).toBe(false);
  advance(1);
  expect(await standAside.isNeeded(signal)).toBe(true);
  advance(1000);
  expect(await standAside.isNeeded(signal)).toBe(true);
  world.remove(kinds.clusterOperator, { name: 'network' });
  advance(1000);
  expect(await standAside.isNeeded(signal)).toBe(false);
  expect(told).toEqual([false, true, false]);
});

test('another operator of the platform is none to stand aside for', async () => {
  const { standAside } = watcherOf(new MemoryWorld([{ ...network, metadata: { name: 'dns' } }]));
  expect(await standAside.isNeeded(signal)).toBe(false);
});

test('no answer is no leave to act', async () => {
  const { standAside } = watcherOf({
    get: () => Promise.reject(new Error('forbidden')),
    list: () => Promise.resolve([]),
    apply: () => Promise.resolve(),
    patch: () => Promise.resolve(),
    delete: () => Promise.resolve(),
    managersOf: async () => [],
    rulesOf: () => 'inForce',
    faultsOf: () => undefined,
    writeConditions: () => Promise.resolve(),
  });
  await expect(standAside.isNeeded(signal)).rejects.toThrow('forbidden');
});

function watcherOf(world: ConstructorParameters<typeof StandAside>[0]['world']) {
  const told: boolean[] = [];
  let time = 0;
  const standAside = new StandAside({
    world,
    maxAgeMs: 1000,
    now: () => time,
    onChange: (isPresent) => told.push(isPresent),
  });
  return {
    standAside,
    told,
    advance: (ms: number) => {
      time += ms;
    },
  };
}
