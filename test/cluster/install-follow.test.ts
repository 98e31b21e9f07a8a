import { afterAll, beforeAll, expect, test } from 'vitest';
import { kinds } from '#cluster/kinds.ts';
import { createObject, patchObject } from '#cluster/objects.ts';
import { followPart } from '#cluster/operations/install-follow.ts';
import { toAgentObjects } from '#core/manifest/agent-objects.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { openWorld, signal, type World } from './operations-world.ts';
import { availableTargets, startTarget } from './target.ts';

for (const kind of availableTargets()) {
  let target: Awaited<ReturnType<typeof startTarget>>;
  beforeAll(async () => {
    target = await startTarget(kind);
  });
  afterAll(() => target.close());

  test.each([
    [
      'an image that cannot be pulled',
      { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "nowhere"' } },
      undefined,
      /does not come up\. Pod egress-router-installer-x: ImagePullBackOff: Back-off pulling image "nowhere"/,
    ],
    [
      'a node with the plugin of somebody else',
      { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } },
      { terminated: { exitCode: 3, message: 'egress-router was not installed by this project' } },
      /CrashLoopBackOff: egress-router was not installed by this project/,
    ],
  ])(`${kind}: %s is the reason why a part does not come up`, async (_, state, lastState, why) => {
    await using world = await openWorld(target.kubeconfig);
    const { node } = toAgentObjects('agent', world.namespace);
    const part = await daemonSet(world, node, 1);
    await pod(world, node, { state, lastState });
    const outcome = await follow(world, part, { faultGraceMs: 0 });
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'refused', message: expect.stringMatching(why) });
  });

  test(`${kind}: without pods, the Events of the part tell`, async () => {
    await using world = await openWorld(target.kubeconfig);
    const part = await daemonSet(world, toAgentObjects('agent', world.namespace).node, 1);
    const { name, uid } = part.metadata;
    const { namespace } = world;
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.1`, namespace },
      involvedObject: { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace, name, uid },
      type: 'Warning',
      reason: 'FailedCreate',
      message:
        'Error creating: pods "x" is forbidden: violates PodSecurity "baseline:latest": hostPath volumes',
      lastTimestamp: '2026-01-01T00:00:00Z',
    };
    await createObject(world.connection, kinds.event, event, { namespace, signal });
    const outcome = await follow(world, part, { faultGraceMs: 0 });
    expect(outcome).toMatchObject({ message: expect.stringMatching(/violates PodSecurity "baseline/) });
  });

  test(`${kind}: a node with the plugin of somebody else has nothing to be taken from it`, async () => {
    await using world = await openWorld(target.kubeconfig);
    const { node, nodeCleanup } = toAgentObjects('agent', world.namespace);
    const part = await daemonSet(world, nodeCleanup, 1);
    const foreign = {
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 3 } },
    };
    // Of the DaemonSet as it was before, which says nothing of the cleaning.
    const before = await pod(world, node, foreign, 'old');
    const waiting = await follow(world, part, { sparesForeign: true, deadline: Date.now() });
    expect(waiting).toMatchObject({ kind: 'failed', reason: 'timed-out' });
    expect(before.metadata.name).toBe('egress-router-installer-old');
    await pod(world, nodeCleanup, foreign);
    expect(await follow(world, part, { sparesForeign: true })).toEqual({ kind: 'ready' });
  });

  test(`${kind}: waiting can be canceled`, async () => {
    await using world = await openWorld(target.kubeconfig);
    const part = await daemonSet(world, toAgentObjects('agent', world.namespace).node, 1);
    const abort = new AbortController();
    const onProgress = (): void => abort.abort();
    const following = followPart(world.connection, part, {
      signal: abort.signal,
      onProgress,
      deadline: Date.now() + 20_000,
    });
    await expect(following).rejects.toMatchObject({ reason: 'canceled' });
  });
}

function follow(
  { connection }: World,
  part: KubernetesObject,
  options: { readonly faultGraceMs?: number; readonly sparesForeign?: boolean; readonly deadline?: number },
) {
  const usual = { signal, onProgress: () => undefined, deadline: Date.now() + 20_000 };
  return followPart(connection, part, { ...usual, ...options });
}

/** As its controller tells of it, when no pod is ready yet. */
async function daemonSet(
  { connection, namespace }: World,
  object: KubernetesObject,
  nodes: number,
): Promise<KubernetesObject> {
  const made = await createObject(connection, kinds.daemonSet, object, { namespace, signal });
  const status = {
    observedGeneration: made.metadata.generation,
    currentNumberScheduled: nodes,
    desiredNumberScheduled: nodes,
    numberMisscheduled: 0,
    numberReady: 0,
  };
  const place = { namespace, name: made.metadata.name, subresource: 'status' } as const;
  return patchObject(connection, kinds.daemonSet, place, { status }, signal);
}

async function pod(
  { connection, namespace }: World,
  { metadata, spec }: KubernetesObject,
  status: { readonly state: object; readonly lastState?: object | undefined },
  suffix = 'x',
): Promise<KubernetesObject> {
  const options = { namespace, signal };
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
  await createObject(connection, kinds.serviceAccount, account, options).catch(() => undefined);
  const template = Object.entries(spec ?? {}).find(([key]) => key === 'template')?.[1];
  const name = `${metadata.name}-${suffix}`;
  const labels = metadata.labels ?? {};
  const object = { apiVersion: 'v1', kind: 'Pod', ...template, metadata: { name, labels } };
  const made = await createObject(connection, kinds.pod, object, options);
  const container = {
    name: 'install',
    image: 'agent',
    imageID: '',
    ready: false,
    restartCount: 1,
    state: status.state,
    ...(status.lastState === undefined ? {} : { lastState: status.lastState }),
  };
  const place = { namespace, name, subresource: 'status' } as const;
  await patchObject(connection, kinds.pod, place, { status: { containerStatuses: [container] } }, signal);
  return made;
}
