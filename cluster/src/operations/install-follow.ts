import { setTimeout as delay } from 'node:timers/promises';
import { at, listAt, numberAt, textAt } from '#core/json-value.ts';
import type { KubernetesObject, ObjectMeta } from '#core/manifest/object.ts';
import type { InstallResult, Progress } from '../api.ts';
import { conditionOf } from '../condition.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { eventTime } from '../event-time.ts';
import { findKind, kinds } from '../kinds.ts';
import { refOf, refText } from '../object-ref.ts';
import { findObject, listObjects } from '../objects.ts';

export interface FollowPartOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly deadline: number;
  /** A fault must last for so long to count: the cluster tries again. */
  readonly faultGraceMs?: number;
  /** True where a node whose plugin is another's has nothing to do for the part, and is as good as ready. */
  readonly sparesForeign?: boolean;
}

type Outcome = InstallResult['parts'][number]['outcome'];

/**
 * Waits until a CRD is served, a Deployment is available or a DaemonSet stands on every node; ends with the reason
 * where it does not come up. Rejects only when canceled, or when the cluster cannot be asked.
 */
export async function followPart(
  connection: Connection,
  part: KubernetesObject,
  { signal, onProgress, deadline, faultGraceMs = 15_000, sparesForeign = false }: FollowPartOptions,
): Promise<Outcome> {
  const object = refOf(part);
  let said = '';
  let faultSince: number | undefined;
  for (;;) {
    const step = await look(connection, part, sparesForeign, signal);
    if (step.message !== said) onProgress({ object, message: step.message });
    said = step.message;
    if (step.kind === 'ready') return { kind: 'ready' };
    faultSince = step.kind === 'fault' ? (faultSince ?? Date.now()) : undefined;
    if (faultSince !== undefined && Date.now() - faultSince >= faultGraceMs) {
      return { kind: 'failed', reason: 'refused', message: `${refText(object)} does not come up. ${said}` };
    }
    if (Date.now() >= deadline) {
      const message = `${refText(object)} is not up in time. ${said}`;
      return { kind: 'failed', reason: 'timed-out', message };
    }
    await pause(part, signal);
  }
}

interface Step {
  readonly kind: 'ready' | 'waiting' | 'fault';
  readonly message: string;
}

async function look(
  connection: Connection,
  part: KubernetesObject,
  sparesForeign: boolean,
  signal: AbortSignal,
): Promise<Step> {
  const kind = findKind(part.apiVersion, part.kind);
  const live = kind && (await findObject(connection, kind, part.metadata, signal));
  if (live === undefined) return { kind: 'fault', message: 'It is gone: somebody has deleted it.' };
  const step = stepOf(live);
  if (step.kind !== 'waiting' || live.kind === kinds.crd.kind) return step;
  const pods = await podsOf(connection, live.metadata, signal);
  if (sparesForeign && isDoneBy(pods, live)) return { kind: 'ready', message: 'Done on all nodes.' };
  const problem =
    pods.length > 0
      ? pods.map(problemOfPod).find((found) => found !== undefined)
      : await problemOfNone(connection, live.metadata, signal);
  return problem === undefined ? step : { kind: 'fault', message: problem };
}

/** From the object alone. */
function stepOf(live: KubernetesObject): Step {
  if (live.kind === kinds.crd.kind) {
    const refused = conditionOf(live, 'NamesAccepted');
    if (refused?.status === 'False') return { kind: 'fault', message: refused.message };
    return conditionOf(live, 'Established')?.status === 'True'
      ? { kind: 'ready', message: 'Served by the API server.' }
      : { kind: 'waiting', message: 'Waiting for the API server to serve it.' };
  }
  if (!isSeen(live)) return { kind: 'waiting', message: 'Waiting for the cluster to take it up.' };
  return live.kind === kinds.daemonSet.kind ? stepOfDaemonSet(live) : stepOfDeployment(live);
}

function stepOfDaemonSet({ status }: KubernetesObject): Step {
  const wanted = numberAt(status, 'desiredNumberScheduled') ?? 0;
  const count = Math.min(
    numberAt(status, 'updatedNumberScheduled') ?? 0,
    numberAt(status, 'numberReady') ?? 0,
  );
  if (count >= wanted) return { kind: 'ready', message: `Ready on ${nodes(wanted)}.` };
  return { kind: 'waiting', message: `Ready on ${count} of ${nodes(wanted)}.` };
}

function nodes(count: number): string {
  return count === 1 ? '1 node' : `${count} nodes`;
}

function stepOfDeployment(live: KubernetesObject): Step {
  const wanted = numberAt(live, 'spec', 'replicas') ?? 1;
  const isNew = (numberAt(live, 'status', 'updatedReplicas') ?? 0) >= wanted;
  if (isNew && conditionOf(live, 'Available')?.status === 'True') {
    return { kind: 'ready', message: 'Available.' };
  }
  return { kind: 'waiting', message: 'Waiting for its pod to be ready.' };
}

/** Whoever may not see the pods still sees that they are not ready. */
async function podsOf(
  connection: Connection,
  { namespace, name }: ObjectMeta,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const options = { namespace, labelSelector: `app=${name}`, signal };
  return (await listObjects(connection, kinds.pod, options).catch(orNothing))?.objects ?? [];
}

/** Each node has a pod of the present template, which is ready or has found nothing that it may touch. */
function isDoneBy(pods: readonly KubernetesObject[], live: KubernetesObject): boolean {
  if (!isSeen(live)) return false;
  const command = commandOf(at(live, 'spec', 'template', 'spec'));
  const done = pods.filter(
    (pod) =>
      commandOf(at(pod, 'spec')) === command &&
      (conditionOf(pod, 'Ready')?.status === 'True' || leavesNodeAlone(pod)),
  );
  return done.length >= (numberAt(live, 'status', 'desiredNumberScheduled') ?? 0);
}

function isSeen({ status, metadata: { generation = 0 } }: KubernetesObject): boolean {
  return (numberAt(status, 'observedGeneration') ?? 0) >= generation;
}

function commandOf(podSpec: unknown): string {
  return JSON.stringify(listAt(podSpec, 'containers').map((container) => at(container, 'command')));
}

/** A node on which another's plugin stands: the container ends with code 3 and has said why. */
function leavesNodeAlone(pod: KubernetesObject): boolean {
  return listAt(pod, 'status', 'containerStatuses').some((container) =>
    ['state', 'lastState'].some((state) => at(container, state, 'terminated', 'exitCode') === 3),
  );
}

async function problemOfNone(
  connection: Connection,
  { namespace, name }: ObjectMeta,
  signal: AbortSignal,
): Promise<string | undefined> {
  const options = { namespace, fieldSelector: `type=Warning,involvedObject.name=${name}`, signal };
  const events = (await listObjects(connection, kinds.event, options).catch(orNothing))?.objects ?? [];
  return textAt(events.toSorted((a, b) => (eventTime(a) < eventTime(b) ? 1 : -1))[0], 'message');
}

function orNothing(error: unknown): undefined {
  if (ClusterError.is(error, 'forbidden')) return undefined;
  throw error;
}

function problemOfPod(pod: KubernetesObject): string | undefined {
  const node = textAt(pod, 'spec', 'nodeName');
  const where = `Pod ${pod.metadata.name}${node === undefined ? '' : ` on ${node}`}`;
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False') return `${where}: no node takes it: ${scheduled.message}`;
  for (const container of listAt(pod, 'status', 'containerStatuses')) {
    const reason = textAt(container, 'state', 'waiting', 'reason') ?? '';
    if (!/^(ErrImage|ImagePull|InvalidImage)|BackOff$|Error$/.test(reason)) continue;
    // What the container said before it ended, which is the reason.
    const last = textAt(container, 'lastState', 'terminated', 'message')?.trim();
    const message = last ?? textAt(container, 'state', 'waiting', 'message') ?? '';
    return `${where}: ${reason}${message === '' ? '' : `: ${message.replace(/\s+/g, ' ')}`}`;
  }
  return undefined;
}

async function pause(part: KubernetesObject, signal: AbortSignal): Promise<void> {
  try {
    await delay(pollMs, undefined, { signal });
  } catch (cause) {
    const message = `Stopped waiting for ${refText(refOf(part))}. It stays as applied.`;
    throw new ClusterError({ reason: 'canceled', message }, cause);
  }
}

const pollMs = 700;
