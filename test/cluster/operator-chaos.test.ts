// Two operators behind an API server that spoils a tenth of the calls and drops the watches, a leader that is killed
// again and again, and people who edit and delete meanwhile, the Lease too: it all settles as if nothing had been, and
// no two pods ever hold one address. CHAOS_SEED=N repeats the faults of a run, in the order of the requests.
import { describe, expect, test } from 'vitest';
import { ClusterError } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import { createObject, deleteObject, findObject, listObjects, patchObject } from '#cluster/objects.ts';
import { textAt } from '#core/json-value.ts';
import {
  configMapName,
  deploymentName,
  nadName,
  operatorLeaseName,
  operatorNamespace,
} from '#core/manifest/names.ts';
import { AddressHolders, addressesOf } from './address-holders.ts';
import { badDay, openFaultProxy } from './fault-proxy.ts';
import { installCrds, openWorld, router, rule, signal, type World } from './operations-world.ts';
import { conditionsOf, kubeconfigBehind, type RunningOperator, startOperator } from './operator-process.ts';
import { randomFrom } from './random.ts';
import { startSimulatedCluster } from './simulated-cluster.ts';
import { availableTargets, startTarget } from './target.ts';

const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000);
const settled = ['Available=True PodReady', 'Progressing=False Settled', 'Degraded=False AsExpected'];
const routers = 8;
const leaseSeconds = 3;
const chaosMs = 14_000;
const killEveryMs = 4_500;

describe.each(availableTargets())('operators on a bad day of the %s API', (kind) => {
  test(`everything settles, and no address is held twice (seed ${seed})`, { timeout: 90_000 }, async () => {
    const random = randomFrom(seed);
    const target = await startTarget(kind);
    const operators: RunningOperator[] = [];
    await using cleanUp = new CleanUp();
    cleanUp.defer(() => target.close());
    await installCrds(target.kubeconfig);
    const worlds: TeamWorld[] = [];
    for (let index = 0; index < routers; index += 1) {
      const world = cleanUp.use(await openWorld(target.kubeconfig));
      worlds.push({ ...world, ip: `10.0.${index}.10`, deletions: 0 });
    }
    const [first] = worlds;
    if (first === undefined) throw new Error('there are no worlds');
    cleanUp.use(await startSimulatedCluster(target.kubeconfig));
    const holders = new AddressHolders(first.connection);
    cleanUp.defer(async () => holders.close());
    const proxy = cleanUp.use(await openProxy(first, random));
    const kubeconfig = await kubeconfigBehind(first, proxy.url);
    cleanUp.defer(async () => operators.forEach((operator) => operator.kill()));
    const start = () => operators.push(startOperator(kubeconfig, `--lease-duration=${leaseSeconds}`));
    start();
    start();
    for (const world of worlds) await deploy(world);

    let kills = 0;
    const endMs = Date.now() + chaosMs;
    let killAtMs = Date.now() + killEveryMs;
    while (Date.now() < endMs || kills < 2) {
      await new Promise((resolve) => setTimeout(resolve, 100 + random() * 300));
      const world = worlds[Math.floor(random() * worlds.length)] ?? first;
      await meddle(world, random).catch(passOver);
      if (random() < 0.06) await meddleWithLease(first, random).catch(passOver);
      if (Date.now() < killAtMs) continue;
      const leader = await leaderAmong(operators, first);
      if (leader === undefined) continue;
      leader.kill();
      operators.splice(operators.indexOf(leader), 1);
      start();
      kills += 1;
      killAtMs = Date.now() + killEveryMs;
    }
    for (const world of worlds) {
      const there = await findObject(world.connection, kinds.egressRouter, place(world, 'partner'), signal);
      if (there === undefined) await deploy(world);
    }
    for (const world of worlds)
      await untilSettled(world, () => operators.map(({ log }) => log()).join('\n---\n'));

    expect(holders.clashes).toEqual([]);
    expect(holders.holders.size).toBeGreaterThan(routers);
    for (const fault of ['409', '429', '500', 'cut', 'answer lost', 'watch cut']) {
      expect(proxy.counts.get(fault), fault).toBeGreaterThan(0);
    }
    const codes = await Promise.all(operators.map((operator) => operator.stop()));
    expect(codes).toEqual([0, 0]);
  });
});

/** Last in, first out. */
class CleanUp implements AsyncDisposable {
  readonly #steps: (() => Promise<void>)[] = [];

  defer(step: () => Promise<void>): void {
    this.#steps.unshift(step);
  }

  use<T extends AsyncDisposable>(opened: T): T {
    this.defer(async () => opened[Symbol.asyncDispose]());
    return opened;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const step of this.#steps) await step();
  }
}

type TeamWorld = World & { ip: string; deletions: number };

async function deploy(world: TeamWorld): Promise<void> {
  const { connection, namespace, ip } = world;
  const object = router('partner', `${ip}/24`);
  const addresses = [{ ip: `${ip}/24`, gateway: gatewayOf(ip) }];
  const wanted = { ...object, spec: { ...object.spec, addresses } };
  await createObject(connection, kinds.egressRouter, wanted, { namespace, signal });
}

/** What people do to a namespace. */
async function meddle(world: TeamWorld, random: () => number): Promise<void> {
  const { connection } = world;
  const edit = (spec: Readonly<Record<string, unknown>>) =>
    patchObject(connection, kinds.egressRouter, place(world, 'partner'), { spec }, signal);
  const owned = [
    [kinds.nad, nadName],
    [kinds.configMap, configMapName],
    [kinds.deployment, deploymentName],
  ] as const;
  switch (Math.floor(random() * 5)) {
    case 0: {
      const ip = world.ip.replace(/[0-9]+$/, String(10 + Math.floor(random() * 200)));
      await edit({ addresses: [{ ip: `${ip}/24`, gateway: gatewayOf(ip) }] });
      world.ip = ip;
      return;
    }
    case 1:
      await edit({ redirect: { redirectRules: [rule(1024 + Math.floor(random() * 60_000))] } });
      return;
    case 2: {
      // More would be a fight, which is told of for a minute.
      if (world.deletions >= 2) return;
      world.deletions += 1;
      const [objectKind, name] = owned[Math.floor(random() * owned.length)] ?? owned[0];
      return deleteObject(connection, objectKind, place(world, name), { signal });
    }
    case 3:
      return deleteObject(connection, kinds.egressRouter, place(world, 'partner'), { signal });
    default:
      return deploy(world);
  }
}

async function meddleWithLease({ connection }: World, random: () => number): Promise<void> {
  const at = { namespace: operatorNamespace, name: operatorLeaseName };
  const change = (patch: Readonly<Record<string, unknown>>) =>
    patchObject(connection, kinds.lease, at, patch, signal);
  switch (Math.floor(random() * 5)) {
    case 0:
      return deleteObject(connection, kinds.lease, at, { signal });
    case 1:
      await change({ spec: { holderIdentity: '' } });
      return;
    case 2:
      await change({ spec: { holderIdentity: 'stranger', renewTime: '2999-01-01T00:00:00.000000Z' } });
      return;
    case 3:
      await change({ spec: { leaseDurationSeconds: 1, renewTime: '1970-01-01T00:00:00.000000Z' } });
      return;
    default:
      await change({ metadata: { annotations: { looked: String(random()) } } });
  }
}

function place({ namespace }: World, name: string) {
  return { namespace, name };
}

function gatewayOf(ip: string): string {
  return ip.replace(/[0-9]+$/, '1');
}

/** What was to be changed may be gone, or there already. */
function passOver(error: unknown): void {
  if (!ClusterError.is(error, 'not-found', 'already-exists', 'conflict')) throw error;
}

async function openProxy(world: World, random: () => number) {
  const proxy = await openFaultProxy({ server: world.connection.server, ca: world.ca });
  proxy.fault = badDay(random, 0.1);
  return proxy;
}

async function leaderAmong(
  operators: readonly RunningOperator[],
  { connection }: World,
): Promise<RunningOperator | undefined> {
  const at = { namespace: operatorNamespace, name: operatorLeaseName };
  const lease = await findObject(connection, kinds.lease, at, signal);
  const holder = textAt(lease, 'spec', 'holderIdentity') ?? '';
  return holder === '' ? undefined : operators.find((operator) => operator.log().includes(`as ${holder}`));
}

async function untilSettled(world: TeamWorld, log: () => string): Promise<void> {
  const { connection, namespace, ip } = world;
  const deadlineMs = Date.now() + 45_000;
  for (;;) {
    const conditions = await conditionsOf(world, 'partner');
    const { objects: pods } = await listObjects(connection, kinds.pod, { namespace, signal });
    const held = pods.flatMap(addressesOf);
    if (JSON.stringify([conditions, held]) === JSON.stringify([settled, [ip]])) return;
    if (Date.now() > deadlineMs) {
      throw new Error(
        `${namespace} has not settled at ${ip}: ${conditions.join()}; ${held.join()}\n${log()}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
