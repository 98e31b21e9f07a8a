import { expect, test } from 'vitest';
import { toPodState } from '#agent/operator/pod-state.ts';
import type { PodState } from '#core/egress-router/conditions.ts';
import { simulatedAnnotation } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';

const annotation = 'hash';
const running = { containerStatuses: [{ state: { running: {} } }] };
const probe = 'Readiness probe failed: HTTP probe failed with statuscode: 503';
const notAsked = (): undefined => undefined;
const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'rs', controller: true };

test('no deployment, no pod', () => {
  expect(toPodState(undefined, [], [], annotation, notAsked)).toEqual({ kind: 'none' });
});

test.each<readonly [string, readonly KubernetesObject[], PodState]>([
  ['none yet', [], { kind: 'starting', message: 'Waiting for the pod to be created.' }],
  [
    'the one before, still there',
    [pod({}, { annotations: { [annotation]: 'old' }, ownerReferences: [owner] })],
    { kind: 'starting', message: 'Waiting for the old pod p to give up the address.' },
  ],
  [
    'one of somebody else with the same label',
    [pod(ready(), { annotations: {} })],
    { kind: 'starting', message: 'Waiting for the pod to be created.' },
  ],
  ['scheduled', [pod({})], { kind: 'starting', message: 'Pod p is starting on node-1.' }],
  [
    'running, first probes not answered',
    [pod(running)],
    { kind: 'starting', message: 'Pod p runs and is not ready yet.' },
  ],
  ['ready', [pod(ready())], { kind: 'ready', message: 'Pod p on node-1 redirects.' }],
  [
    'simulated',
    [pod(ready(), { annotations: { [annotation]: 'now', [simulatedAnnotation]: 'not root' } })],
    { kind: 'ready', message: 'Pod p on node-1 is simulated and moves no packets: not root' },
  ],
  [
    'going, though ready',
    [pod(ready(), { deletionTimestamp: '2026-01-01T00:00:00Z' })],
    { kind: 'starting', message: 'Waiting for the pod to be created.' },
  ],
  [
    'no node',
    [pod({ conditions: [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes are available' }] })],
    { kind: 'failing', reason: 'Unschedulable', message: 'No node takes pod p: 0/3 nodes are available' },
  ],
  [
    'no image',
    [pod(waiting('ImagePullBackOff', 'Back-off pulling image "agent"'))],
    {
      kind: 'failing',
      reason: 'ImageUnavailable',
      message: 'Pod p: ImagePullBackOff. Back-off pulling image "agent"',
    },
  ],
  [
    'no container',
    [pod(waiting('CreateContainerConfigError', 'configmap "c" not found'))],
    {
      kind: 'failing',
      reason: 'ContainerFailing',
      message: 'Pod p: CreateContainerConfigError. configmap "c" not found',
    },
  ],
  [
    'ends again and again',
    [pod(waiting('CrashLoopBackOff', 'back-off 20s restarting failed container', 137))],
    {
      kind: 'failing',
      reason: 'ContainerFailing',
      message: "Pod p: its container ends again and again with exit code 137. See the pod's log.",
    },
  ],
  [
    'as every new one',
    [pod(waiting('ContainerCreating', ''))],
    { kind: 'starting', message: 'Pod p is starting on node-1.' },
  ],
])('a pod: %s', (_name, pods, state) => {
  expect(toPodState(deployment({}), pods, [], annotation, notAsked)).toEqual(state);
});

test('what the cluster refuses to create is told in its words', () => {
  const message = 'pods "p-" is forbidden: violates PodSecurity "baseline:latest"';
  const refused = deployment({ conditions: [{ type: 'ReplicaFailure', status: 'True', message }] });
  expect(toPodState(refused, [], [], annotation, notAsked)).toEqual({
    kind: 'failing',
    reason: 'PodRefused',
    message: `The cluster refuses the pod: ${message}`,
  });
});

test.each<readonly [string, object, readonly KubernetesObject[], PodState]>([
  [
    'the newest reason why there is no network',
    {},
    [
      event('FailedCreatePodSandBox', 'new', '2026-01-02'),
      event('FailedCreatePodSandBox', 'old', '2026-01-01'),
    ],
    { kind: 'failing', reason: 'PodSandboxFailed', message: 'Pod p has no network: new' },
  ],
  [
    'an id that changes with each attempt is left out',
    {},
    [event('FailedCreatePodSandBox', `sandbox "${'0a'.repeat(32)}" of 12345678-1234-1234-1234-123456789abc`)],
    { kind: 'failing', reason: 'PodSandboxFailed', message: 'Pod p has no network: sandbox "…" of …' },
  ],
  [
    'what the plugin said, out of what Multus as a daemon and the runtime say around it',
    {},
    [
      event(
        'FailedCreatePodSandBox',
        `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create pod network sandbox k8s_p_demo_u_0(${'0a'.repeat(32)}): error adding pod demo_p to CNI network "multus-cni-network": plugin type="multus-shim" name="multus-cni-network" failed (add): CmdAdd (shim): CNI request failed with status 400: 'ContainerID:"${'0a'.repeat(32)}" Netns:"/var/run/netns/6c" IfName:"eth0" Args:"K8S_POD_NAME=p" Path:"" ERRORED: error configuring pod [demo/p] networking: [demo/p/u:n]: error adding container to network "n": no NIC has 10.0.0.1\n': StdinData: {"type":"multus-shim"}`,
      ),
    ],
    { kind: 'failing', reason: 'PodSandboxFailed', message: 'Pod p has no network: no NIC has 10.0.0.1' },
  ],
  [
    'a failed attempt that was made good is history',
    running,
    [event('FailedCreatePodSandBox', 'old')],
    { kind: 'starting', message: 'Pod p runs and is not ready yet.' },
  ],
  [
    'a volume that cannot be mounted',
    {},
    [event('FailedMount', 'configmap "c" not found')],
    { kind: 'failing', reason: 'ContainerFailing', message: 'Pod p: configmap "c" not found' },
  ],
  [
    'one failed probe is part of a start',
    running,
    [{ ...event('Unhealthy', probe), count: 2 }],
    { kind: 'starting', message: 'Pod p runs and is not ready yet.' },
  ],
  [
    'three are not',
    running,
    [{ ...event('Unhealthy', probe), count: 3 }],
    {
      kind: 'failing',
      reason: 'RouterNotReady',
      message: `Pod p runs but does not redirect: ${probe}. The pod cannot be asked why; its log tells.`,
    },
  ],
])('%s', (_name, status, events, state) => {
  expect(toPodState(deployment({}), [pod(status)], events, annotation, notAsked)).toEqual(state);
});

test.each<readonly [string, readonly string[], string]>([
  [
    'tells why',
    ['The gateway does not answer.', 'Port 80/TCP is not redirected.'],
    'Pod p runs but does not redirect: The gateway does not answer. Port 80/TCP is not redirected.',
  ],
  [
    'tells too much',
    Array.from({ length: 9 }, (_, index) => `Fault ${index}.`),
    'Pod p runs but does not redirect: Fault 0. Fault 1. Fault 2. Fault 3. Fault 4. … and 4 more.',
  ],
  [
    'finds nothing',
    [],
    `Pod p says that it redirects, and is not ready: ${probe}. See what lies between the kubelet of its node and the pod.`,
  ],
])('a router whose probes fail and which %s', (_what, faults, message) => {
  const events = [{ ...event('Unhealthy', probe), count: 3 }];
  const asked: string[] = [];
  const state = toPodState(deployment({}), [pod(running)], events, annotation, ({ metadata: { name } }) => {
    asked.push(name);
    return faults;
  });
  expect(state).toEqual({ kind: 'failing', reason: 'RouterNotReady', message });
  expect(asked).toEqual(['p']);
  expect(toPodState(deployment({}), [pod(running)], events, annotation, () => 'recovering').kind).toBe(
    'starting',
  );
});

function deployment(status: object): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd' },
    spec: { template: { metadata: { annotations: { [annotation]: 'now' } } } },
    status,
  };
}

function pod(status: object, metadata: Partial<KubernetesObject['metadata']> = {}): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', uid: 'uid-p', annotations: { [annotation]: 'now' }, ...metadata },
    spec: { nodeName: 'node-1' },
    status,
  };
}

function ready(): object {
  return { ...running, conditions: [{ type: 'Ready', status: 'True' }] };
}

function waiting(reason: string, message: string, exitCode?: number): object {
  const lastState = exitCode === undefined ? {} : { terminated: { exitCode } };
  return { containerStatuses: [{ state: { waiting: { reason, message } }, lastState }] };
}

function event(reason: string, message: string, lastTimestamp = '2026-01-01'): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e' },
    reason,
    message,
    lastTimestamp,
    involvedObject: { uid: 'uid-p' },
  };
}
