import { expect, test } from 'vitest';
import { type ContainerView, toPodStatus } from '#sandbox/node/pod-status.ts';
import { conditionOf, type Pod } from '#sandbox/objects.ts';

const now = '2026-01-01T00:00:00Z';
const running: ContainerView = { state: { running: { startedAt: now } }, restartCount: 0, isReady: true };

function ended(exitCode: number): ContainerView {
  const terminated = { exitCode, reason: 'x', startedAt: now, finishedAt: now };
  return { state: { terminated }, restartCount: 0, isReady: false };
}

interface Row {
  readonly restarts?: 'Always' | 'OnFailure' | 'Never';
  readonly container?: ContainerView;
  readonly expected: string;
}

function check({ restarts, container, expected }: Row): void {
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'demo' },
    spec: { containers: [{ name: 'c' }], ...(restarts === undefined ? {} : { restartPolicy: restarts }) },
  };
  const containers = new Map(container === undefined ? [] : [['c', container]]);
  const status = toPodStatus(pod, { hostIp: '192.168.12.10', startTime: now, ips: [], containers }, now);
  const ready = conditionOf(status.conditions, 'Ready');
  expect(`${status.phase} ${ready?.status} ${ready?.reason ?? ''}`.trim()).toBe(expected);
}

test('the phase and readiness of a pod follow from its containers', () => {
  check({ expected: 'Pending False ContainersNotReady' });
  check({ container: running, expected: 'Running True' });
  check({ container: { ...running, isReady: false }, expected: 'Running False ContainersNotReady' });
  check({
    container: { state: { waiting: { reason: 'CrashLoopBackOff' } }, restartCount: 2, isReady: false },
    expected: 'Running False ContainersNotReady',
  });
  check({ container: ended(0), restarts: 'Never', expected: 'Succeeded False PodCompleted' });
  check({ container: ended(3), restarts: 'Never', expected: 'Failed False PodCompleted' });
  check({ container: ended(3), restarts: 'OnFailure', expected: 'Running False ContainersNotReady' });
  check({ container: ended(0), restarts: 'Always', expected: 'Running False ContainersNotReady' });
});

test('a condition that did not turn keeps its time', () => {
  const earlier = '2025-12-31T00:00:00Z';
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c' }] },
    status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: earlier }] },
  };
  const view = { hostIp: 'x', startTime: now, ips: ['10.128.0.2'], containers: new Map([['c', running]]) };
  const status = toPodStatus(pod, view, now);
  expect(conditionOf(status.conditions, 'Ready')?.lastTransitionTime).toBe(earlier);
  expect(conditionOf(status.conditions, 'Initialized')?.lastTransitionTime).toBe(now);
  expect(status.podIP).toBe('10.128.0.2');
});
