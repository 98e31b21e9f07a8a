import { isDeepStrictEqual } from 'node:util';
import { kinds } from '#cluster/kinds.ts';
import { kindOf } from '../client.ts';
import { controllerOf, type Deployment, keyOf, locationOf, type ReplicaSet } from '../objects.ts';
import type { Handled } from '../queue.ts';
import type { Controller, ControllerContext } from './controller.ts';
import {
  planRollout,
  type RolloutStep,
  type RolloutView,
  revisionAnnotation,
  templateHash,
  templateHashLabel,
  toDeploymentStatus,
} from './rollout.ts';

/** How soon a rollout is looked at again for its deadline alone. */
const deadlineCheckMs = 15_000;

export function deploymentController(context: ControllerContext): Controller {
  const { client, mirrors, now } = context;
  return {
    name: 'deployment',
    listen: (enqueue) => {
      mirrors.deployments.onChange(({ object }) => enqueue(keyOf(object)));
      mirrors.replicaSets.onChange(({ object }) => {
        const owner = controllerOf(object);
        if (owner?.kind === 'Deployment') enqueue(`${object.metadata.namespace}/${owner.name}`);
      });
      // Recreate waits for pods that their ReplicaSet no longer counts.
      mirrors.pods.onChange(({ object }) => {
        const set = mirrors.replicaSets.get(`${object.metadata.namespace}/${controllerOf(object)?.name}`);
        const owner = set === undefined ? undefined : controllerOf(set);
        if (owner?.kind === 'Deployment') enqueue(`${object.metadata.namespace}/${owner.name}`);
      });
    },
    reconcile: async (key, signal) => {
      const deployment = await client.find(kindOf.deployment, locationOf(key), signal);
      if (deployment === undefined || deployment.metadata.deletionTimestamp !== undefined) return undefined;
      const before = await look(context, deployment, signal);
      const steps = planRollout(before);
      for (const step of steps) await take(context, deployment, step, signal);
      const view = steps.length === 0 ? before : await look(context, deployment, signal);
      return report(context, view, now(), signal);
    },
  };
}

async function look(
  { client }: ControllerContext,
  deployment: Deployment,
  signal: AbortSignal,
): Promise<RolloutView> {
  const { namespace, uid } = deployment.metadata;
  const sets = await client.list(kindOf.replicaSet, namespace, signal);
  const replicaSets = sets.filter((set) => controllerOf(set)?.uid === uid);
  const podCounts = new Map<string, number>();
  for (const pod of await client.list(kindOf.pod, namespace, signal)) {
    const owner = controllerOf(pod)?.uid;
    const isOver = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
    if (owner !== undefined && !isOver) podCounts.set(owner, (podCounts.get(owner) ?? 0) + 1);
  }
  return { deployment, replicaSets, podCounts };
}

async function take(
  { client, events }: ControllerContext,
  deployment: Deployment,
  step: RolloutStep,
  signal: AbortSignal,
): Promise<void> {
  const { namespace } = deployment.metadata;
  if (step.kind === 'create') {
    const set = toReplicaSet(deployment, step.replicas, step.revision);
    await client.create(kinds.replicaSet, set, signal);
    const message = `Scaled up replica set ${set.metadata.name} from 0 to ${step.replicas}`;
    events.record(deployment, { type: 'Normal', reason: 'ScalingReplicaSet', message });
    return;
  }
  const { name, uid } = step.replicaSet.metadata;
  if (step.kind === 'remove') {
    await client.remove(kinds.replicaSet, { namespace, name }, { uid, signal });
    return;
  }
  await client.patch(kinds.replicaSet, { namespace, name }, { spec: { replicas: step.replicas } }, signal);
  const from = step.replicaSet.spec.replicas ?? 1;
  const message = `Scaled ${step.replicas > from ? 'up' : 'down'} replica set ${name} from ${from} to ${step.replicas}`;
  events.record(deployment, { type: 'Normal', reason: 'ScalingReplicaSet', message });
}

async function report(
  { client }: ControllerContext,
  view: RolloutView,
  now: string,
  signal: AbortSignal,
): Promise<Handled> {
  const { deployment } = view;
  const at = locationOf(keyOf(deployment));
  const status = toDeploymentStatus(view, now);
  const current = new Map(Object.entries(deployment.status ?? {}));
  const isSame = Object.entries(status).every(([field, value]) =>
    isDeepStrictEqual(current.get(field), value),
  );
  if (!isSame) await client.patchStatus(kinds.deployment, at, status, signal);
  const isUnderWay = status.conditions.some(({ reason }) => reason === 'ReplicaSetUpdated');
  return isUnderWay ? { againAfterMs: deadlineCheckMs } : undefined;
}

function toReplicaSet(deployment: Deployment, replicas: number, revision: number): ReplicaSet {
  const { name, namespace, uid = '' } = deployment.metadata;
  const { selector, template, minReadySeconds } = deployment.spec;
  const hash = templateHash(template);
  const labels = { ...template.metadata?.labels, [templateHashLabel]: hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels,
      annotations: { [revisionAnnotation]: String(revision) },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: {
      replicas,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [templateHashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}
