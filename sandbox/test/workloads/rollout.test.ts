import { expect, test } from 'vitest';
import type { Deployment, ReplicaSet } from '#sandbox/objects.ts';
import {
  planRollout,
  type RolloutStep,
  revisionAnnotation,
  templateHash,
  templateHashLabel,
  toDeploymentStatus,
} from '#sandbox/workloads/rollout.ts';

const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'one' }] } };
const oldTemplate = { ...template, spec: { containers: [{ name: 'c', image: 'zero' }] } };

type Strategy = NonNullable<Deployment['spec']['strategy']>;

function deployment(replicas: number, strategy: Strategy): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'demo', uid: 'd', generation: 3 },
    spec: { replicas, strategy, selector: { matchLabels: { app: 'a' } }, template },
  };
}

interface SetRow {
  readonly isOld?: true;
  readonly wanted: number;
  /** Pods that are there, and of these the ones that serve. */
  readonly pods: number;
  readonly available: number;
}

function replicaSet({ isOld, wanted, pods, available }: SetRow): ReplicaSet {
  const of = isOld === true ? oldTemplate : template;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: isOld === true ? 'old' : 'new',
      uid: isOld === true ? 'old' : 'new',
      labels: { [templateHashLabel]: templateHash(of) },
      annotations: { [revisionAnnotation]: isOld === true ? '1' : '2' },
    },
    spec: { replicas: wanted, selector: {}, template: of },
    status: { replicas: pods, readyReplicas: available, availableReplicas: available },
  };
}

function show(step: RolloutStep): string {
  switch (step.kind) {
    case 'create':
      return `create ${step.replicas} revision ${step.revision}`;
    case 'scale':
      return `${step.replicaSet.metadata.name} -> ${step.replicas}`;
    case 'remove':
      return `remove ${step.replicaSet.metadata.name}`;
  }
}

function check(
  strategy: Strategy,
  replicas: number,
  sets: readonly SetRow[],
  expected: readonly string[],
): void {
  const replicaSets = sets.map(replicaSet);
  const podCounts = new Map(sets.map((row) => [row.isOld === true ? 'old' : 'new', row.pods]));
  expect(
    planRollout({ deployment: deployment(replicas, strategy), replicaSets, podCounts }).map(show),
  ).toEqual(expected);
}

const recreate: Strategy = { type: 'Recreate' };
const rolling: Strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
const bold: Strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: '50%' } };

test('Recreate makes no new pod before the last old one is gone', () => {
  check(recreate, 1, [], ['create 1 revision 1']);
  check(recreate, 1, [{ isOld: true, wanted: 1, pods: 1, available: 1 }], ['old -> 0']);
  check(recreate, 1, [{ isOld: true, wanted: 0, pods: 1, available: 0 }], []);
  check(recreate, 1, [{ isOld: true, wanted: 0, pods: 0, available: 0 }], ['create 1 revision 2']);
  check(recreate, 3, [{ wanted: 1, pods: 1, available: 1 }], ['new -> 3']);
  check(recreate, 0, [{ wanted: 1, pods: 1, available: 1 }], ['new -> 0']);
  check(recreate, 1, [{ wanted: 1, pods: 1, available: 1 }], []);
});

test('RollingUpdate grows by the surge and shrinks by what is available', () => {
  const serving = { isOld: true, wanted: 2, pods: 2, available: 2 } as const;
  check(rolling, 2, [], ['create 2 revision 1']);
  check(rolling, 2, [serving], ['create 1 revision 2']);
  check(rolling, 2, [serving, { wanted: 1, pods: 1, available: 0 }], []);
  check(rolling, 2, [serving, { wanted: 1, pods: 1, available: 1 }], ['old -> 1']);
  check(
    rolling,
    2,
    [
      { ...serving, wanted: 1 },
      { wanted: 1, pods: 1, available: 1 },
    ],
    ['new -> 2'],
  );
  check(
    rolling,
    2,
    [
      { ...serving, wanted: 1 },
      { wanted: 2, pods: 2, available: 2 },
    ],
    ['old -> 0'],
  );
  check(bold, 2, [serving], ['create 0 revision 2']);
  check(bold, 2, [serving, { wanted: 0, pods: 0, available: 0 }], ['old -> 1']);
});

test('a paused Deployment is left as it is', () => {
  const view = { deployment: deployment(1, recreate), replicaSets: [], podCounts: new Map() };
  const paused = { ...view.deployment, spec: { ...view.deployment.spec, paused: true } };
  expect(planRollout({ ...view, deployment: paused })).toEqual([]);
});

test('old versions beyond the history limit are removed, oldest first', () => {
  const base = deployment(1, recreate);
  const limited = { ...base, spec: { ...base.spec, revisionHistoryLimit: 0 } };
  const replicaSets = [
    replicaSet({ isOld: true, wanted: 0, pods: 0, available: 0 }),
    replicaSet({ wanted: 1, pods: 1, available: 1 }),
  ];
  expect(planRollout({ deployment: limited, replicaSets, podCounts: new Map() }).map(show)).toEqual([
    'remove old',
  ]);
});

test('the hash of a template does not depend on the order of its fields', () => {
  const turned = { spec: { containers: [{ image: 'one', name: 'c' }] }, metadata: { labels: { app: 'a' } } };
  expect(templateHash(turned)).toBe(templateHash(template));
  expect(templateHash(oldTemplate)).not.toBe(templateHash(template));
});

test('the status counts all versions and says how far the rollout is', () => {
  const now = '2026-01-01T00:00:00Z';
  const replicaSets = [
    replicaSet({ isOld: true, wanted: 1, pods: 1, available: 1 }),
    replicaSet({ wanted: 2, pods: 1, available: 0 }),
  ];
  const view = { deployment: deployment(2, rolling), replicaSets, podCounts: new Map() };
  expect(toDeploymentStatus(view, now)).toEqual({
    observedGeneration: 3,
    replicas: 2,
    updatedReplicas: 1,
    readyReplicas: 1,
    availableReplicas: 1,
    unavailableReplicas: 1,
    conditions: [
      {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
        lastUpdateTime: now,
        lastTransitionTime: now,
      },
      {
        type: 'Progressing',
        status: 'True',
        reason: 'ReplicaSetUpdated',
        message: 'ReplicaSet "new" is progressing.',
        lastUpdateTime: now,
        lastTransitionTime: now,
      },
    ],
  });
});

test('a rollout that is stuck past its deadline says so, and only then', () => {
  const before = { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' } as const;
  const stuck = (lastUpdateTime: string) => {
    const base = deployment(1, recreate);
    const status = { observedGeneration: 3, conditions: [{ ...before, lastUpdateTime }] };
    const limited = { ...base, status, spec: { ...base.spec, progressDeadlineSeconds: 60 } };
    const replicaSets = [replicaSet({ wanted: 1, pods: 1, available: 0 })];
    const view = { deployment: limited, replicaSets, podCounts: new Map() };
    return toDeploymentStatus(view, '2026-01-01T00:01:30Z').conditions[1]?.reason;
  };
  expect(stuck('2026-01-01T00:00:29Z')).toBe('ProgressDeadlineExceeded');
  expect(stuck('2026-01-01T00:00:31Z')).toBe('ReplicaSetUpdated');
});
