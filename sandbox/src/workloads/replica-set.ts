import { isDeepStrictEqual } from 'node:util';
import { kinds } from '#cluster/kinds.ts';
import { kindOf } from '../client.ts';
import {
  conditionOf,
  controllerOf,
  isPodActive,
  isPodReady,
  keyOf,
  locationOf,
  type Pod,
  type ReplicaSet,
} from '../objects.ts';
import type { Handled } from '../queue.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { randomSuffix } from './names.ts';

export function replicaSetController(context: ControllerContext): Controller {
  const { client, mirrors } = context;
  return {
    name: 'replicaset',
    listen: (enqueue) => {
      mirrors.replicaSets.onChange(({ object }) => enqueue(keyOf(object)));
      mirrors.pods.onChange(({ object }) => {
        const owner = controllerOf(object);
        if (owner?.kind === 'ReplicaSet') enqueue(`${object.metadata.namespace}/${owner.name}`);
      });
    },
    reconcile: async (key, signal) => {
      const set = await client.find(kindOf.replicaSet, locationOf(key), signal);
      if (set === undefined) return undefined;
      // From the API server, not from a mirror: a late one would make the same pods again.
      const pods = (await client.list(kindOf.pod, set.metadata.namespace, signal)).filter(
        (pod) => controllerOf(pod)?.uid === set.metadata.uid,
      );
      if (set.metadata.deletionTimestamp !== undefined) return report(context, set, pods, signal);
      try {
        await adjust(context, set, pods, signal);
      } catch (error) {
        await tellFailure(context, set, messageOf(error), signal);
        throw error;
      }
      return report(context, set, pods, signal);
    },
  };
}

async function adjust(
  { client, events }: ControllerContext,
  set: ReplicaSet,
  pods: readonly Pod[],
  signal: AbortSignal,
): Promise<void> {
  const active = pods.filter(isPodActive);
  const wanted = set.spec.replicas ?? 1;
  const { namespace } = set.metadata;
  for (let missing = wanted - active.length; missing > 0; missing--) {
    const pod = toPod(set);
    try {
      await client.create(kinds.pod, pod, signal);
    } catch (error) {
      const message = `Error creating: ${messageOf(error)}`;
      events.record(set, { type: 'Warning', reason: 'FailedCreate', message });
      throw error;
    }
    events.record(set, {
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: `Created pod: ${pod.metadata.name}`,
    });
  }
  for (const { metadata } of [...active].sort(byWorth).slice(0, Math.max(0, active.length - wanted))) {
    await client.remove(kinds.pod, { namespace, name: metadata.name }, { uid: metadata.uid, signal });
    events.record(set, {
      type: 'Normal',
      reason: 'SuccessfulDelete',
      message: `Deleted pod: ${metadata.name}`,
    });
  }
}

/** As a cluster would put it. */
function messageOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return said.replace(/^Cannot create pods in namespace \S+: (?:\d+|the API server refused it)\. /, '');
}

const failureType = 'ReplicaFailure';

/** The first failure stays until pods can be made again, as each attempt has a name of its own in its message. */
async function tellFailure(
  { client, now }: ControllerContext,
  set: ReplicaSet,
  message: string,
  signal: AbortSignal,
): Promise<void> {
  if (conditionOf(set.status?.conditions, failureType) !== undefined) return;
  const condition = { type: failureType, status: 'True', reason: 'FailedCreate', message };
  const status = {
    replicas: set.status?.replicas ?? 0,
    conditions: [{ ...condition, lastTransitionTime: now() }],
  };
  await client.patchStatus(kinds.replicaSet, locationOf(keyOf(set)), status, signal);
}

async function report(
  { client, now }: ControllerContext,
  set: ReplicaSet,
  pods: readonly Pod[],
  signal: AbortSignal,
): Promise<Handled> {
  const minReadyMs = (set.spec.minReadySeconds ?? 0) * 1000;
  const active = pods.filter(isPodActive);
  const ready = active.filter(isPodReady);
  const at = Date.parse(now());
  const availableAt = ready.map((pod) => {
    const since = conditionOf(pod.status?.conditions, 'Ready')?.lastTransitionTime;
    return Date.parse(since ?? now()) + minReadyMs;
  });
  const status = {
    replicas: active.length,
    fullyLabeledReplicas: active.length,
    readyReplicas: ready.length,
    availableReplicas: availableAt.filter((time) => time <= at || minReadyMs === 0).length,
    observedGeneration: set.metadata.generation ?? 0,
    ...((set.status?.conditions ?? []).length > 0 ? { conditions: [] } : {}),
  };
  const current = new Map(Object.entries(set.status ?? {}));
  const isSame = Object.entries(status).every(([field, value]) =>
    isDeepStrictEqual(current.get(field), value),
  );
  if (!isSame) await client.patchStatus(kinds.replicaSet, locationOf(keyOf(set)), status, signal);
  const next = Math.min(...availableAt.filter((time) => time > at));
  return minReadyMs > 0 && Number.isFinite(next) ? { againAfterMs: next - at + 100 } : undefined;
}

function toPod(set: ReplicaSet): Pod {
  const { name, namespace, uid = '' } = set.metadata;
  const { metadata, spec } = set.spec.template;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${randomSuffix()}`,
      ...(namespace === undefined ? {} : { namespace }),
      ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
      ...(metadata?.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec,
  };
}

/** Who goes first: pods without a node, then those that are not ready, then the youngest. */
function byWorth(a: Pod, b: Pod): number {
  return (
    Number(a.spec.nodeName !== undefined) - Number(b.spec.nodeName !== undefined) ||
    Number(isPodReady(a)) - Number(isPodReady(b)) ||
    (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '')
  );
}
