import { setTimeout as delay } from 'node:timers/promises';
import { at, numberAt, textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import type { RestartPlan, RestartResult, RunOptions, WaitOptions } from '../api.ts';
import type { Connection } from '../connect.ts';
import { ClusterError, type Failure, toFailure } from '../errors.ts';
import { finalizerTexts } from '../finalizers.ts';
import { kinds } from '../kinds.ts';
import { type ObjectName, refOf, refText } from '../object-ref.ts';
import { deleteObject, findObject, getObject, listObjects, patchObject } from '../objects.ts';
import { isOwnedBy } from '../router-parts.ts';
import { followRouter } from './follow.ts';

/**
 * What a restart would replace; changes nothing.
 *
 * @throws ClusterError as `restartRouter`
 */
export async function planRestart(
  connection: Connection,
  name: ObjectName,
  signal: AbortSignal,
): Promise<RestartPlan> {
  const router = await getObject(connection, kinds.egressRouter, name, signal);
  const deployment = await deploymentOf(connection, router, signal);
  const pods = await podsOf(connection, deployment, signal);
  return { deployment: refOf(deployment), replaced: pods.map(refOf) };
}

/**
 * Gives a router a new pod, never before the old one has gone: two pods must not claim the address at once. Deleting
 * the pod would not do, as its ReplicaSet replaces a pod that is still ending.
 *
 * @throws ClusterError `not-found` without the router, or where it is torn down meanwhile, `refused` where nothing has made a Deployment of it
 */
export async function restartRouter(
  connection: Connection,
  name: ObjectName,
  options: RunOptions & WaitOptions,
): Promise<RestartResult> {
  const { signal, onProgress, wait, timeoutMs } = options;
  const deadline = Date.now() + timeoutMs;
  const router = await getObject(connection, kinds.egressRouter, name, signal);
  const deployment = await deploymentOf(connection, router, signal);
  const old = await podsOf(connection, deployment, signal);
  const replaced = old.map(refOf);
  const turn = { deployment, old, signal, onProgress, deadline };
  const waitsForOld = textAt(deployment, 'spec', 'strategy', 'type') === 'Recreate';
  const replace = waitsForOld ? rollOut : scaleDownAndUp;
  await replace(connection, turn).catch(async (error: unknown) => {
    throw ClusterError.is(error, 'not-found') ? await whatWentAway(connection, turn, router, error) : error;
  });
  if (!wait) return { replaced, outcome: { kind: 'applied' } };
  const left = await untilGone(connection, turn);
  if (left.length > 0) return { replaced, outcome: stillThere(left, timeoutMs, waitsForOld) };
  const follow = { signal, onProgress, timeoutMs: Math.max(0, deadline - Date.now()) };
  return { replaced, outcome: await followRouter(connection, router, follow) };
}

/** Whoever has torn the router down is not to be told of a Deployment that went with it. */
async function whatWentAway(
  connection: Connection,
  { deployment, signal }: Turn,
  router: KubernetesObject,
  cause: ClusterError,
): Promise<ClusterError> {
  const live = await findObject(connection, kinds.egressRouter, router.metadata, signal);
  const isSame = live?.metadata.uid === router.metadata.uid;
  const message =
    isSame && live?.metadata.deletionTimestamp === undefined
      ? `${refText(refOf(deployment))} was deleted while it was restarted. The operator makes it anew, and a pod with it: see the status of ${refText(refOf(router))}.`
      : `${refText(refOf(router))} was torn down while it was restarted, so there is nothing to restart any more.`;
  return new ClusterError({ reason: 'not-found', message }, cause);
}

async function deploymentOf(
  connection: Connection,
  router: KubernetesObject,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  const { namespace } = router.metadata;
  const { objects } = await listObjects(connection, kinds.deployment, { namespace, signal });
  const found = objects.find((object) => isOwnedBy(object, router));
  if (found !== undefined) return found;
  if (router.metadata.deletionTimestamp !== undefined) {
    const what = `${refText(refOf(router))} is being deleted and has no Deployment any more, so there is no pod to restart.`;
    throw new ClusterError({ reason: 'refused', message: [what, ...finalizerTexts(router)].join(' ') });
  }
  const message = `${refText(refOf(router))} has no Deployment yet, so there is no pod to restart. Preflight tells whether anything here acts on it.`;
  throw new ClusterError({ reason: 'refused', message });
}

/** A Deployment's pods belong to its ReplicaSets, whose names are its own and a hash. */
async function podsOf(
  connection: Connection,
  deployment: KubernetesObject,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const { namespace, name } = deployment.metadata;
  const labels = at(deployment, 'spec', 'selector', 'matchLabels');
  const labelSelector = Object.entries(isJsonObject(labels) ? labels : {})
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
  const { objects } = await listObjects(connection, kinds.pod, { namespace, labelSelector, signal });
  return objects.filter(({ metadata }) =>
    metadata.ownerReferences?.some(
      (owner) => owner.kind === kinds.replicaSet.kind && owner.name.replace(/-[^-]*$/, '') === name,
    ),
  );
}

interface Turn extends RunOptions {
  readonly deployment: KubernetesObject;
  /** The pods that there were. */
  readonly old: readonly KubernetesObject[];
  readonly deadline: number;
}

/**
 * As `kubectl rollout restart`. With strategy Recreate the Deployment controller itself waits for the old pod; our
 * operator, which applies the template on the server's side, leaves an annotation of others alone.
 */
async function rollOut(connection: Connection, { deployment, signal, onProgress }: Turn): Promise<void> {
  const annotations = { [restartedAnnotation]: new Date().toISOString() };
  const patch = { spec: { template: { metadata: { annotations } } } };
  await patchObject(connection, kinds.deployment, deployment.metadata, patch, signal);
  onProgress({ object: refOf(deployment), message: 'Asked for a new pod.' });
}

const restartedAnnotation = 'kubectl.kubernetes.io/restartedAt';

/**
 * Any other strategy starts the new pod first, for example that of the Cluster Network Operator's Deployment. It is
 * scaled up again whatever happens.
 */
async function scaleDownAndUp(connection: Connection, turn: Turn): Promise<void> {
  const { deployment, onProgress, signal } = turn;
  const replicas = Math.max(1, numberAt(deployment, 'spec', 'replicas') ?? 1);
  const scale = (to: number, by: AbortSignal): Promise<KubernetesObject> =>
    patchObject(connection, kinds.deployment, deployment.metadata, { spec: { replicas: to } }, by);
  const object = refOf(deployment);
  onProgress({ object, message: 'Scaling down, so that the old pod gives its address back first.' });
  try {
    await scale(0, signal);
    await untilGone(connection, turn, { isScaledDown: true });
  } finally {
    await insist(deployment, replicas, (by) => scale(replicas, by));
  }
  onProgress({ object, message: 'Scaled up again.' });
}

/** A Deployment without a pod must neither be the end of a bad moment nor go unsaid, also where the person has canceled. */
async function insist(
  deployment: KubernetesObject,
  replicas: number,
  scaleUp: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const signal = AbortSignal.timeout(undoTimeoutMs);
  let last: Failure | undefined;
  for (;;) {
    try {
      await scaleUp(signal);
      return;
    } catch (error) {
      // Nothing is left scaled down.
      if (ClusterError.is(error, 'not-found')) throw error;
      if (last === undefined || !signal.aborted) last = toFailure(error);
      if (!signal.aborted && ClusterError.is(error, ...passing)) {
        await delay(pollMs, undefined, { signal }).catch(() => undefined); // The next attempt says so.
        continue;
      }
      const reason = last.reason === 'canceled' ? 'timed-out' : last.reason;
      const message = `${refText(refOf(deployment))} is left scaled to 0, so the router has no pod: scale it to ${replicas}. ${last.message}`;
      throw new ClusterError({ reason, message }, error);
    }
  }
}

/** Faults of a moment. */
const passing = ['unreachable', 'server-error', 'throttled', 'timed-out'] as const;

const undoTimeoutMs = 10_000;
const pollMs = 300;
/** After which a pod that does not end was kept by somebody who scaled the Deployment up again. */
const revertedMs = 3_000;

/** @returns those of the pods that are still there at the deadline */
async function untilGone(
  connection: Connection,
  { deployment, old, signal, onProgress, deadline }: Turn,
  { isScaledDown = false }: { readonly isScaledDown?: boolean } = {},
): Promise<readonly KubernetesObject[]> {
  const deleteAt = Date.now() + revertedMs;
  const said = new Map<string, string>();
  const say = (pod: KubernetesObject, message: string): void => {
    if (said.get(pod.metadata.name) !== message) onProgress({ object: refOf(pod), message });
    said.set(pod.metadata.name, message);
  };
  for (;;) {
    const present = new Map(
      (await podsOf(connection, deployment, signal)).map((pod) => [pod.metadata.uid, pod] as const),
    );
    const left = old.flatMap((pod) => present.get(pod.metadata.uid) ?? []);
    for (const pod of old) if (!present.has(pod.metadata.uid)) say(pod, 'Gone.');
    for (const pod of left) {
      const isEnding = pod.metadata.deletionTimestamp !== undefined;
      say(pod, isEnding ? 'Ending.' : 'Waiting for it to end.');
      if (isScaledDown && !isEnding && Date.now() >= deleteAt) await end(connection, pod, signal);
    }
    if (left.length === 0 || Date.now() >= deadline) return left;
    await pause(deployment, signal);
  }
}

async function end(connection: Connection, pod: KubernetesObject, signal: AbortSignal): Promise<void> {
  try {
    const { uid } = pod.metadata;
    await deleteObject(connection, kinds.pod, pod.metadata, { uid, signal });
  } catch (error) {
    // Gone meanwhile, or replaced by a new one of the same name, which is not meant.
    if (!ClusterError.is(error, 'not-found', 'conflict')) throw error;
  }
}

function stillThere(
  left: readonly KubernetesObject[],
  timeoutMs: number,
  waitsForOld: boolean,
): RestartResult['outcome'] {
  const names = left.map(({ metadata }) => metadata.name).join(', ');
  const nodes = left.flatMap((pod) => textAt(pod, 'spec', 'nodeName') ?? []).join(', ');
  const where = nodes === '' ? '' : ` Look at node ${nodes}.`;
  const next = waitsForOld ? 'the new one waits for its address' : 'a new one is started beside it';
  const message = `After ${timeoutMs / 1000} s the old pod ${names} has not ended, and ${next}.${where}`;
  return { kind: 'failed', reason: 'timed-out', message };
}

async function pause(deployment: KubernetesObject, signal: AbortSignal): Promise<void> {
  try {
    await delay(pollMs, undefined, { signal });
  } catch (cause) {
    const message = `Stopped waiting for the new pod of ${refText(refOf(deployment))}. The restart goes on.`;
    throw new ClusterError({ reason: 'canceled', message }, cause);
  }
}
