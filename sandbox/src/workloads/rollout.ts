import { createHash } from 'node:crypto';
import {
  type Condition,
  conditionOf,
  type Deployment,
  type PodTemplate,
  type ReplicaSet,
} from '../objects.ts';

/** The label by which the pods of one version of a Deployment are told from those of the others. */
export const templateHashLabel = 'pod-template-hash';
export const revisionAnnotation = 'deployment.kubernetes.io/revision';

export interface RolloutView {
  readonly deployment: Deployment;
  /** Those the Deployment controls, any order. */
  readonly replicaSets: readonly ReplicaSet[];
  /** Pods of these ReplicaSets that have not come to their end, by the ReplicaSet's uid; those on their way out too. */
  readonly podCounts: ReadonlyMap<string, number>;
}

/** What is to be done next; the next look at the world decides what comes after. */
export type RolloutStep =
  | { readonly kind: 'create'; readonly replicas: number; readonly revision: number }
  | { readonly kind: 'scale'; readonly replicaSet: ReplicaSet; readonly replicas: number }
  | { readonly kind: 'remove'; readonly replicaSet: ReplicaSet };

/** Steps that may all be taken now, by the Deployment's strategy. */
export function planRollout(view: RolloutView): readonly RolloutStep[] {
  const { deployment, replicaSets } = view;
  const current = currentReplicaSet(view);
  const old = replicaSets.filter((set) => set !== current);
  if (deployment.spec.paused === true) return [];
  const isRecreate = deployment.spec.strategy?.type === 'Recreate';
  const steps = isRecreate ? planRecreate(view, current, old) : planRolling(deployment, current, old);
  return steps.length > 0 ? steps : planCleanUp(deployment, old);
}

export function currentReplicaSet({ deployment, replicaSets }: RolloutView): ReplicaSet | undefined {
  const hash = templateHash(deployment.spec.template);
  return replicaSets.find((set) => set.metadata.labels?.[templateHashLabel] === hash);
}

/** Equal templates have equal hashes, whatever the order of their fields. */
export function templateHash(template: PodTemplate): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(sorted(template)))
    .digest();
  // The letters that Kubernetes uses in generated names: no vowels, nothing to misread.
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  return [...digest.subarray(0, 10)].map((byte) => letters[byte % letters.length]).join('');
}

function planRecreate(
  { deployment, podCounts }: RolloutView,
  current: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): readonly RolloutStep[] {
  const tooMany = old.filter((set) => wantedBy(set) > 0);
  if (tooMany.length > 0) return tooMany.map((replicaSet) => ({ kind: 'scale', replicaSet, replicas: 0 }));
  // Not one new pod before the last old one is gone: they would claim the same address.
  const oldPods = old.reduce((sum, set) => sum + (podCounts.get(set.metadata.uid ?? '') ?? 0), 0);
  return oldPods > 0 ? [] : planCurrent(current, old, wanted(deployment));
}

function planRolling(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): readonly RolloutStep[] {
  const replicas = wanted(deployment);
  const { surge, unavailable } = rollingLimits(deployment);
  const oldWanted = old.reduce((sum, set) => sum + wantedBy(set), 0);
  const currentWanted = current === undefined ? 0 : wantedBy(current);
  const room = Math.max(0, replicas + surge - oldWanted - currentWanted);
  const grown = currentWanted > replicas ? replicas : Math.min(replicas, currentWanted + room);
  const growing = planCurrent(current, old, grown);
  if (growing.length > 0) return growing;
  const currentUnavailable = currentWanted - (current?.status?.availableReplicas ?? 0);
  let mayGo = Math.max(
    0,
    oldWanted + currentWanted - (replicas - unavailable) - Math.max(0, currentUnavailable),
  );
  const shrinking: RolloutStep[] = [];
  for (const replicaSet of [...old].sort(byAvailability)) {
    const going = Math.min(wantedBy(replicaSet), mayGo);
    if (going === 0) continue;
    shrinking.push({ kind: 'scale', replicaSet, replicas: wantedBy(replicaSet) - going });
    mayGo -= going;
  }
  return shrinking;
}

function planCurrent(
  current: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
  replicas: number,
): readonly RolloutStep[] {
  if (current === undefined) {
    const revision = Math.max(0, ...old.map(revisionOf)) + 1;
    return [{ kind: 'create', replicas, revision }];
  }
  if (wantedBy(current) === replicas) return [];
  return [{ kind: 'scale', replicaSet: current, replicas }];
}

function planCleanUp(deployment: Deployment, old: readonly ReplicaSet[]): readonly RolloutStep[] {
  const keep = deployment.spec.revisionHistoryLimit ?? 10;
  const idle = old.filter((set) => wantedBy(set) === 0 && (set.status?.replicas ?? 0) === 0);
  const surplus = [...idle]
    .sort((a, b) => revisionOf(a) - revisionOf(b))
    .slice(0, Math.max(0, idle.length - keep));
  return surplus.map((replicaSet) => ({ kind: 'remove', replicaSet }));
}

/** Rounding as Kubernetes does it: surge up, unavailable down, and never both zero. */
function rollingLimits(deployment: Deployment): { readonly surge: number; readonly unavailable: number } {
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec.strategy?.rollingUpdate ?? {};
  const replicas = wanted(deployment);
  const surge = amount(maxSurge, replicas, Math.ceil);
  const unavailable = amount(maxUnavailable, replicas, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

function amount(value: number | string, of: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = /^([0-9]+)%$/.exec(value)?.[1];
  return percent === undefined ? 0 : round((Number(percent) * of) / 100);
}

/** The status of a Deployment, but for the times of conditions that did not turn. */
export function toDeploymentStatus(view: RolloutView, now: string) {
  const { deployment, replicaSets } = view;
  const current = currentReplicaSet(view);
  const sum = (field: 'replicas' | 'readyReplicas' | 'availableReplicas'): number =>
    replicaSets.reduce((total, set) => total + (set.status?.[field] ?? 0), 0);
  const replicas = sum('replicas');
  const availableReplicas = sum('availableReplicas');
  const updatedReplicas = current?.status?.replicas ?? 0;
  const { unavailable } = rollingLimits(deployment);
  const isRecreate = deployment.spec.strategy?.type === 'Recreate';
  const needed = wanted(deployment) - (isRecreate ? 0 : unavailable);
  const isComplete =
    updatedReplicas === wanted(deployment) &&
    replicas === updatedReplicas &&
    availableReplicas === wanted(deployment) &&
    current !== undefined;
  const conditions: readonly Condition[] = [
    availableReplicas >= needed
      ? {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
    progressing(view, current, isComplete, now),
    ...failures(current),
  ];
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas,
    updatedReplicas,
    readyReplicas: sum('readyReplicas'),
    availableReplicas,
    unavailableReplicas: Math.max(0, wanted(deployment) - availableReplicas),
    conditions: conditions.map((condition) => stamped(deployment, condition, now)),
  };
}

function failures(current: ReplicaSet | undefined): readonly Condition[] {
  const failure = conditionOf(current?.status?.conditions, 'ReplicaFailure');
  return failure === undefined ? [] : [failure];
}

function progressing(
  { deployment }: RolloutView,
  current: ReplicaSet | undefined,
  isComplete: boolean,
  now: string,
): Condition {
  const type = 'Progressing';
  if (current === undefined) {
    const message = `Deployment "${deployment.metadata.name}" waits for its old pods to go`;
    return { type, status: 'True', reason: 'ReplicaSetUpdated', message };
  }
  const name = current.metadata.name;
  if (isComplete) {
    const message = `ReplicaSet "${name}" has successfully progressed.`;
    return { type, status: 'True', reason: 'NewReplicaSetAvailable', message };
  }
  const before = conditionOf(deployment.status?.conditions, type);
  const limitMs = (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
  const isSame = deployment.status?.observedGeneration === deployment.metadata.generation;
  const since = Date.parse(before?.lastUpdateTime ?? now);
  const wasUnderWay = before?.reason === 'ReplicaSetUpdated' || before?.reason === 'ProgressDeadlineExceeded';
  if (isSame && wasUnderWay && Date.parse(now) - since > limitMs) {
    const message = `ReplicaSet "${name}" has timed out progressing.`;
    return { type, status: 'False', reason: 'ProgressDeadlineExceeded', message };
  }
  return {
    type,
    status: 'True',
    reason: 'ReplicaSetUpdated',
    message: `ReplicaSet "${name}" is progressing.`,
  };
}

function stamped(deployment: Deployment, condition: Condition, now: string): Condition {
  const before = conditionOf(deployment.status?.conditions, condition.type);
  const isSame =
    before !== undefined &&
    before.status === condition.status &&
    before.reason === condition.reason &&
    before.message === condition.message;
  if (isSame) return before;
  const lastTransitionTime = before?.status === condition.status ? (before.lastTransitionTime ?? now) : now;
  return { ...condition, lastUpdateTime: now, lastTransitionTime };
}

function wanted(deployment: Deployment): number {
  return deployment.spec.replicas ?? 1;
}

function wantedBy(set: ReplicaSet): number {
  return set.spec.replicas ?? 1;
}

function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[revisionAnnotation] ?? 0);
}

function byAvailability(a: ReplicaSet, b: ReplicaSet): number {
  return (a.status?.availableReplicas ?? 0) - (b.status?.availableReplicas ?? 0);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
