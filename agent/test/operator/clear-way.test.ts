import { expect, test } from 'vitest';
import { clearWay } from '#agent/operator/clear-way.ts';
import { Contests } from '#agent/operator/contests.ts';
import { overrule } from '#agent/operator/overrule.ts';
import { kinds } from '#cluster/kinds.ts';
import { MemoryWorld } from './memory-world.ts';

const signal = new AbortController().signal;
const nameless = { port: 9000, protocol: 'TCP' };
const wanted = serviceWith([{ name: 'tcp-8080', port: 8080, protocol: 'TCP' }]);

test('a port without a name gets one, beside those that are wanted', async () => {
  const world = new MemoryWorld([serviceWith([nameless])]);
  await clearWay(serviceIn(world), wanted, world, signal);
  expect(serviceIn(world)['spec']).toEqual({
    ports: [
      { name: 'tcp-8080', port: 8080, protocol: 'TCP' },
      { name: 'tcp-9000', port: 9000, protocol: 'TCP' },
    ],
  });
});

test('a port that somebody adds after the Service was read is not lost', async () => {
  const world = new MemoryWorld([serviceWith([nameless])]);
  const read = serviceIn(world);
  const ports = [
    { ...nameless, name: 'theirs' },
    { name: 'added', port: 9001, protocol: 'TCP' },
  ];
  world.put(serviceWith(ports));
  await expect(clearWay(read, wanted, world, signal)).rejects.toThrow(/^Somebody wrote at the same moment: /);
  expect(serviceIn(world)['spec']).toEqual({ ports });
});

test('a tool that sets a port without a name again and again is answered ever less often, and told of', async () => {
  const world = new MemoryWorld([serviceWith([nameless])]);
  let nowMs = 0;
  const contests = new Contests(() => nowMs);
  let isTold = false;
  for (let generation = 1; nowMs < 60_000; generation += 1, nowMs += 100) {
    const service = serviceWith([nameless]);
    world.put({ ...service, metadata: { ...service.metadata, generation } });
    const ruling = await overrule(serviceIn(world), wanted, { world, contests }, signal);
    if (ruling.mustWrite) await clearWay(serviceIn(world), wanted, world, signal);
    isTold = ruling.fault?.reason === 'Contested';
  }
  expect(isTold).toBe(true);
  expect(world.writes.length).toBeLessThan(10);
});

function serviceWith(ports: readonly object[]) {
  const metadata = { name: 'a', namespace: 'demo' };
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports } };
}

function serviceIn(world: MemoryWorld) {
  const found = world.find(kinds.service, { namespace: 'demo', name: 'a' });
  if (found === undefined) throw new Error('the Service is gone');
  return found;
}
