// The router process with as many rules as there can be, in the memory that the operator gives its pod.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from './command.ts';
import { KeptRouter } from './kept-router.ts';
import { MemoryGroup } from './memory-group.ts';
import { Topology } from './topology.ts';

const limitBytes = 128 * 1024 * 1024;
const start = path.join(import.meta.dirname, '../../agent/deploy/start-router.sh');

describe.skipIf(!MemoryGroup.isPossible)('10,000 rules in 128 MiB', () => {
  let topology: Topology;
  let group: MemoryGroup;
  let router: KeptRouter;

  beforeAll(async () => {
    topology = await Topology.make('memory');
    group = await MemoryGroup.make(`ert-memory-${process.pid}`, limitBytes);
    // As the image starts it.
    const flags = (await readFile(start, 'utf8')).match(/--[a-z-]+=[0-9]+/g) ?? [];
    const env = { NODE_OPTIONS: flags.join(' '), MALLOC_ARENA_MAX: '1' };
    router = await KeptRouter.make(topology, configOf(0, 10), env, group.command);
  }, 60_000);

  afterAll(async () => {
    await router?.close();
    await group?.remove();
    await topology?.remove();
  });

  /** @param changes in the sets of the table */
  const inForce = (changes: number): Promise<void> =>
    until(
      () => router.log.includes(`, and ${changes - 12} more`),
      60_000,
      () => router.log.slice(-2000),
    );

  test('many who ask for the metrics at once, and rules that change meanwhile, end no process', async () => {
    await router.configure(configOf(0));
    await inForce(29_970);
    const scrapes = Array.from({ length: 40 }, () => router.get('/metrics'));
    await router.configure(configOf(1));
    const answers = await Promise.all(scrapes);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await inForce(7_500);
    await router.becomesReady();
    expect((await router.get('/metrics')).body.length).toBeGreaterThan(2_000_000);
    expect(await group.kills()).toBe(0);
  }, 120_000);
});

/** @param version changes the target of every fourth rule */
function configOf(version: number, rules = 10_000) {
  const destinations = Array.from(
    { length: rules },
    (_, index) => `${index + 10_000} TCP 203.0.113.${index % 4 === 0 ? 10 + version : 9} 80`,
  );
  const ip = { addresses: ['192.168.12.99/24'], gateway: '192.168.12.1', destinations };
  return { cniVersion: '1.0.0', name: 'n', type: 'egress-router', ip, localPorts: ['9410 TCP'] };
}
