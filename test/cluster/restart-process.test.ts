// The command line, ended or left alone while a restart has scaled the router down: it is scaled up again.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyObject } from '#cluster/apply.ts';
import { kinds } from '#cluster/kinds.ts';
import { createObject, getObject, listObjects, patchObject } from '#cluster/objects.ts';
import { numberAt } from '#core/json-value.ts';
import { documentedNames } from '#core/manifest/router-names.ts';
import { actAs, installCrds, openWorld, router, signal, until, type World } from './operations-world.ts';
import { startSimulatedCluster } from './simulated-cluster.ts';
import { availableTargets, startTarget } from './target.ts';

const program = path.join(import.meta.dirname, '../../dist/cli.mjs');

for (const kind of availableTargets()) {
  let target: Awaited<ReturnType<typeof startTarget>>;
  let cluster: AsyncDisposable;
  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
    cluster = await startSimulatedCluster(target.kubeconfig);
  });
  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
    await target.close();
  });

  test.each([
    { what: 'Ctrl-C', disturb: (child: ChildProcess) => child.kill('SIGINT') },
    { what: 'a terminal that closes', disturb: (child: ChildProcess) => child.kill('SIGHUP') },
    { what: 'a reader that goes away', disturb: (child: ChildProcess) => child.stderr?.destroy() },
  ])(`${kind}: $what leaves no router without a pod`, async ({ disturb }) => {
    await using world = await openWorld(target.kubeconfig);
    await using _held = await bringUp(world);
    const kubeconfig = await world.kubeconfig(() => undefined);
    const args = [
      'restart',
      'egress-a',
      '-n',
      world.namespace,
      '--kubeconfig',
      kubeconfig,
      '--timeout',
      '3s',
    ];
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'exit');
    await untilSaid(child.stderr, 'Ending.');
    expect(await replicas(world)).toBe(0);
    disturb(child);
    expect(await ended).toEqual([1, null]);
    expect(await replicas(world)).toBe(1);
  });
}

function untilSaid(stream: Readable, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      if (chunk.includes(text)) resolve();
    });
  });
}

/** A router whose pod does not end before it is let go. */
async function bringUp(world: World): Promise<AsyncDisposable> {
  const { connection, namespace } = world;
  await applyObject(connection, router('egress-a'), { fieldManager: 'test', signal });
  await actAs.operator(world, 'egress-a', 'one');
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: documentedNames.configMap } };
  await createObject(connection, kinds.configMap, configMap, { namespace, signal });
  // As that of the Cluster Network Operator.
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
  const place = { namespace, name: documentedNames.deployment };
  await patchObject(connection, kinds.deployment, place, { spec: { strategy } }, signal);
  const pods = async () => (await listObjects(connection, kinds.pod, { namespace, signal })).objects;
  await until(async () => (await pods()).length === 1);
  const [pod] = await pods();
  const at = { namespace, name: pod?.metadata.name ?? '' };
  const hold = async (finalizers: readonly string[] | null): Promise<void> => {
    await patchObject(connection, kinds.pod, at, { metadata: { finalizers } }, signal);
  };
  await hold(['example.com/hold']);
  return { [Symbol.asyncDispose]: () => hold(null) };
}

async function replicas({ connection, namespace }: World): Promise<number | undefined> {
  const place = { namespace, name: documentedNames.deployment };
  return numberAt(await getObject(connection, kinds.deployment, place, signal), 'spec', 'replicas');
}
