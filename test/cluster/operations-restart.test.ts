import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Progress, RestartResult } from '#cluster/api.ts';
import { applyObject } from '#cluster/apply.ts';
import type { Connection } from '#cluster/connect.ts';
import { ClusterError } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import {
  createObject,
  deleteObject,
  findObject,
  getObject,
  listObjects,
  patchObject,
} from '#cluster/objects.ts';
import { restartRouter } from '#cluster/operations/restart.ts';
import { readStatus } from '#cluster/operations/status.ts';
import { watchObjects } from '#cluster/watch.ts';
import { numberAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { documentedNames } from '#core/manifest/router-names.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { openBehind } from './faulty-world.ts';
import { actAs, installCrds, openWorld, router, signal, until, type World } from './operations-world.ts';
import { startSimulatedCluster } from './simulated-cluster.ts';
import { availableTargets, startTarget } from './target.ts';

const deployment = documentedNames.deployment;

/** How the Deployment of our operator replaces a pod, and how that of the Cluster Network Operator does. */
const strategies = {
  Recreate: { type: 'Recreate' },
  RollingUpdate: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
} as const;

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

  for (const [name, strategy] of Object.entries(strategies)) {
    test(`${kind}: a restart under ${name} gives a new pod, and never two at once`, async () => {
      await using world = await openWorld(target.kubeconfig);
      const before = await bringUp(world, strategy);
      const most = countPods(world);
      const { said, result } = await restart(world);
      expect(result.outcome).toEqual({ kind: 'ready' });
      expect(result.replaced.map((pod) => pod.name)).toEqual(before);
      expect(said).toContain('Gone.');
      const after = await podNames(world);
      expect(after).toHaveLength(1);
      expect(after).not.toEqual(before);
      expect(most()).toBe(1);
      const place = { namespace: world.namespace, name: deployment };
      const live = await getObject(world.connection, kinds.deployment, place, signal);
      expect(numberAt(live, 'spec', 'replicas')).toBe(1);
    });
  }

  test(`${kind}: a restart goes on where somebody scales the Deployment up again`, async () => {
    await using world = await openWorld(target.kubeconfig);
    const before = await bringUp(world, strategies.RollingUpdate);
    await using _reconciler = actAsStubbornReconciler(world);
    const { result } = await restart(world);
    expect(result.outcome).toEqual({ kind: 'ready' });
    expect(await podNames(world)).not.toEqual(before);
  });

  test(`${kind}: an old pod that does not end is named, and the new one is asked for all the same`, async () => {
    await using world = await openWorld(target.kubeconfig);
    const [name = ''] = await bringUp(world, strategies.RollingUpdate);
    const place = { namespace: world.namespace, name };
    const hold = (finalizers: readonly string[] | null): Promise<KubernetesObject> =>
      patchObject(world.connection, kinds.pod, place, { metadata: { finalizers } }, signal);
    await hold(['example.com/hold']);
    const { result } = await restart(world, 2_000);
    expect(result.outcome).toMatchObject({
      kind: 'failed',
      reason: 'timed-out',
      message: expect.stringContaining(
        `the old pod ${name} has not ended, and a new one is started beside it.`,
      ),
    });
    await until(async () => (await podNames(world)).some((one) => one !== name));
    await hold(null);
  });

  test(`${kind}: a restart that is canceled scales the router up again`, async () => {
    await using world = await openWorld(target.kubeconfig);
    await bringUp(world, strategies.RollingUpdate);
    const abort = new AbortController();
    const refused = restartRouter(
      world.connection,
      { namespace: world.namespace, name: 'egress-a' },
      { signal: abort.signal, wait: true, timeoutMs: 30_000, onProgress: () => abort.abort() },
    );
    await expect(refused).rejects.toMatchObject({ reason: 'canceled' });
    await until(async () => (await stateOf(world)) === 'simulated' && (await podNames(world)).length === 1);
  });

  test(`${kind}: a bad moment does not leave the router scaled down, and what lasts is told`, async () => {
    await using behind = await openBehind(target.kubeconfig);
    const { world, connection, proxy } = behind;
    const before = await bringUp(world, strategies.RollingUpdate);
    const restarted = (): Promise<RestartResult> =>
      restartRouter(
        connection,
        { namespace: world.namespace, name: 'egress-a' },
        { signal, wait: true, timeoutMs: 30_000, onProgress: () => undefined },
      );
    proxy.fault = failingScaleUp(500, 2);
    expect((await restarted()).outcome).toEqual({ kind: 'ready' });
    expect(await podNames(world)).not.toEqual(before);
    proxy.fault = failingScaleUp(403, 1);
    await expect(restarted()).rejects.toMatchObject({
      reason: 'forbidden',
      message: expect.stringMatching(
        /^Deployment \S+ is left scaled to 0, so the router has no pod: scale it to 1\. Cannot .*: 403\./,
      ),
    });
  });

  for (const [name, strategy] of Object.entries(strategies)) {
    test(`${kind}: a restart under ${name} of a router that is torn down meanwhile says that`, async () => {
      await using world = await openWorld(target.kubeconfig);
      await bringUp(world, strategy);
      const { connection, namespace } = world;
      const place = { namespace, name: 'egress-a' };
      const tearingDown: Connection = {
        ...connection,
        json: async (request) => {
          if (request.verb === 'patch' && request.kind.plural === kinds.deployment.plural) {
            await deleteObject(connection, kinds.egressRouter, place, { signal });
            const gone = { namespace, name: deployment };
            await until(
              async () => (await findObject(connection, kinds.deployment, gone, signal)) === undefined,
            );
          }
          return connection.json(request);
        },
      };
      const options = { signal, onProgress: () => undefined, wait: true, timeoutMs: 30_000 };
      await expect(restartRouter(tearingDown, place, options)).rejects.toMatchObject({
        reason: 'not-found',
        message: `EgressRouter ${namespace}/egress-a was torn down while it was restarted, so there is nothing to restart any more.`,
      });
    });
  }

  test(`${kind}: without a Deployment there is nothing to restart`, async () => {
    await using world = await openWorld(target.kubeconfig);
    await applyObject(world.connection, router('egress-a'), { fieldManager: 'test', signal });
    const error = await restart(world).catch((thrown: unknown) => thrown);
    expect(ClusterError.is(error, 'refused')).toBe(true);
    expect(String(error)).toContain('has no Deployment yet');
  });
}

/** Scaling down goes well, and scaling up after it fails so many times. */
function failingScaleUp(code: number, times: number): FaultProxy['fault'] {
  let patches = 0;
  return ({ method, path }) => {
    if (method !== 'PATCH' || !path.includes('/deployments/')) return undefined;
    patches += 1;
    return patches > 1 && patches <= times + 1 ? { kind: 'answer', code } : undefined;
  };
}

async function bringUp(world: World, strategy: object): Promise<readonly string[]> {
  const { connection, namespace } = world;
  await applyObject(connection, router('egress-a'), { fieldManager: 'test', signal });
  await actAs.operator(world, 'egress-a', 'one');
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: documentedNames.configMap } };
  await createObject(connection, kinds.configMap, configMap, { namespace, signal });
  const place = { namespace, name: deployment };
  await patchObject(connection, kinds.deployment, place, { spec: { strategy } }, signal);
  await until(async () => (await stateOf(world)) === 'simulated');
  return podNames(world);
}

async function restart(
  world: World,
  timeoutMs = 30_000,
): Promise<{ said: readonly string[]; result: RestartResult }> {
  const said: string[] = [];
  const onProgress = ({ message }: Progress): void => void said.push(message);
  const name = { namespace: world.namespace, name: 'egress-a' };
  const options = { signal, onProgress, wait: true, timeoutMs };
  return { said, result: await restartRouter(world.connection, name, options) };
}

async function stateOf({ connection, namespace }: World): Promise<string | undefined> {
  const { routers } = await readStatus(connection, { namespace }, signal);
  return routers[0]?.state.kind;
}

async function podNames({ connection, namespace }: World): Promise<readonly string[]> {
  const { objects } = await listObjects(connection, kinds.pod, { namespace, signal });
  return objects.map(({ metadata }) => metadata.name);
}

/** Sets the number of pods again as soon as somebody else has, faster than the pods are looked after. */
function actAsStubbornReconciler({ connection, namespace }: World): AsyncDisposable {
  let isOver = false;
  const place = { namespace, name: deployment };
  const turn = async (): Promise<void> => {
    while (!isOver) {
      const live = await getObject(connection, kinds.deployment, place, signal);
      if (numberAt(live, 'spec', 'replicas') === 0) {
        await patchObject(connection, kinds.deployment, place, { spec: { replicas: 1 } }, signal);
      }
    }
  };
  const running = turn();
  return {
    [Symbol.asyncDispose]: () => {
      isOver = true;
      return running;
    },
  };
}

/** @returns how many pods there were at most */
function countPods({ connection, namespace }: World): () => number {
  const present = new Set<string>();
  let most = 0;
  const watch = watchObjects(connection, kinds.pod, {
    namespace,
    onEvent: (event) => {
      if (event.kind === 'put') present.add(event.object.metadata.uid ?? '');
      if (event.kind === 'removed') present.delete(event.object.metadata.uid ?? '');
      if (event.kind === 'listed') for (const { metadata } of event.objects) present.add(metadata.uid ?? '');
      most = Math.max(most, present.size);
    },
  });
  return () => {
    watch.close();
    return most;
  };
}
