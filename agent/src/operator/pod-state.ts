import { conditionOf } from '#cluster/condition.ts';
import { eventTime } from '#cluster/event-time.ts';
import { failedProbe } from '#cluster/failed-probe.ts';
import { pluginSentence } from '#cluster/sandbox-error.ts';
import type { PodFailure, PodState } from '#core/egress-router/conditions.ts';
import { at, listAt, numberAt, textAt } from '#core/json-value.ts';
import { simulatedAnnotation } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { fewSentences } from '#core/shorten.ts';
import type { PodFaults } from './pod-probe.ts';

/**
 * What the cluster says of the one pod of `deployment` that carries its present template.
 * `pods` may hold others that share the label; `events` are the namespace's, in any order.
 *
 * @param faultsOf what a pod that runs and is not ready says of that; undefined where it cannot be asked
 */
export function toPodState(
  deployment: KubernetesObject | undefined,
  pods: readonly KubernetesObject[],
  events: readonly KubernetesObject[],
  templateAnnotation: string,
  faultsOf: (pod: KubernetesObject) => Exclude<PodFaults, 'asking'>,
): PodState {
  if (deployment === undefined) return { kind: 'none' };
  const states = presentPods(deployment, pods, templateAnnotation).map((pod) =>
    stateOfPod(pod, events, faultsOf),
  );
  return (
    states.find((state) => state.kind === 'ready') ??
    states.find((state) => state.kind === 'failing') ??
    states[0] ??
    stateWithoutPod(deployment, pods)
  );
}

/** The one of which `toPodState` says that it is ready. */
export function findReadyPod(
  deployment: KubernetesObject,
  pods: readonly KubernetesObject[],
  templateAnnotation: string,
): KubernetesObject | undefined {
  return presentPods(deployment, pods, templateAnnotation).find(
    (pod) => conditionOf(pod, 'Ready')?.status === 'True',
  );
}

/** Those that carry the present template and are to stay. */
function presentPods(
  deployment: KubernetesObject,
  pods: readonly KubernetesObject[],
  templateAnnotation: string,
): readonly KubernetesObject[] {
  const digest = textAt(deployment, 'spec', 'template', 'metadata', 'annotations', templateAnnotation);
  return pods.filter(
    (pod) =>
      pod.metadata.deletionTimestamp === undefined &&
      pod.metadata.annotations?.[templateAnnotation] === digest &&
      digest !== undefined,
  );
}

function stateWithoutPod(deployment: KubernetesObject, pods: readonly KubernetesObject[]): PodState {
  const refusal = conditionOf(deployment, 'ReplicaFailure');
  if (refusal?.status === 'True')
    return failing('PodRefused', `The cluster refuses the pod: ${refusal.message}`);
  const old = pods.find(
    (pod) => pod.metadata.ownerReferences?.some((owner) => owner.controller === true) ?? false,
  );
  return old === undefined
    ? { kind: 'starting', message: 'Waiting for the pod to be created.' }
    : { kind: 'starting', message: `Waiting for the old pod ${old.metadata.name} to give up the address.` };
}

function stateOfPod(
  pod: KubernetesObject,
  events: readonly KubernetesObject[],
  faultsOf: (pod: KubernetesObject) => Exclude<PodFaults, 'asking'>,
): PodState {
  const { name } = pod.metadata;
  const own = events.filter((event) => textAt(event, 'involvedObject', 'uid') === pod.metadata.uid);
  if (conditionOf(pod, 'Ready')?.status === 'True') return { kind: 'ready', message: readyMessage(pod) };
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False') {
    return failing('Unschedulable', `No node takes pod ${name}: ${scheduled.message}`);
  }
  const containers = listAt(pod, 'status', 'containerStatuses');
  const broken = containers
    .map((container) => stateOfWaiting(name, container))
    .find((one) => one !== undefined);
  if (broken !== undefined) return broken;
  // Once a container runs, what went wrong with the sandbox before is history.
  const isRunning = containers.some((container) => at(container, 'state', 'running') !== undefined);
  if (isRunning) {
    const probe = failedProbe(own);
    const faults = probe === undefined ? undefined : faultsOf(pod);
    return probe === undefined || faults === 'recovering'
      ? { kind: 'starting', message: `Pod ${name} runs and is not ready yet.` }
      : failing('RouterNotReady', notReadyText(name, probe, faults));
  }
  const sandbox = latest(own, 'FailedCreatePodSandBox');
  if (sandbox !== undefined)
    return failing('PodSandboxFailed', `Pod ${name} has no network: ${withoutIds(pluginSentence(sandbox))}`);
  const mount = latest(own, 'FailedMount');
  if (mount !== undefined) return failing('ContainerFailing', `Pod ${name}: ${withoutIds(mount)}`);
  const node = textAt(pod, 'spec', 'nodeName');
  return { kind: 'starting', message: `Pod ${name} is starting${node === undefined ? '' : ` on ${node}`}.` };
}

/** The kubelet tells by which status or for which failure a probe was in vain, and the router why. */
function notReadyText(pod: string, probe: string, faults: readonly string[] | undefined): string {
  if (faults === undefined) {
    return `Pod ${pod} runs but does not redirect: ${probe}. The pod cannot be asked why; its log tells.`;
  }
  return faults.length === 0
    ? `Pod ${pod} says that it redirects, and is not ready: ${probe}. See what lies between the kubelet of its node and the pod.`
    : `Pod ${pod} runs but does not redirect: ${fewSentences(faults)}`;
}

/** @returns undefined for a container that is not waiting, or waits as every new one does. */
function stateOfWaiting(pod: string, container: unknown): PodState | undefined {
  const reason = textAt(container, 'state', 'waiting', 'reason') ?? '';
  const message = textAt(container, 'state', 'waiting', 'message') ?? '';
  const sentence = `Pod ${pod}: ${reason}. ${message}`.trim();
  if (/^(ErrImage|ImagePull|InvalidImage)/.test(reason)) return failing('ImageUnavailable', sentence);
  if (reason === 'CrashLoopBackOff') {
    // Its message names a delay that grows with each attempt.
    const code = numberAt(container, 'lastState', 'terminated', 'exitCode');
    const end = code === undefined ? '' : ` with exit code ${code}`;
    return failing(
      'ContainerFailing',
      `Pod ${pod}: its container ends again and again${end}. See the pod's log.`,
    );
  }
  return reason.endsWith('Error') ? failing('ContainerFailing', sentence) : undefined;
}

function readyMessage(pod: KubernetesObject): string {
  const node = textAt(pod, 'spec', 'nodeName');
  const simulated = pod.metadata.annotations?.[simulatedAnnotation];
  const where = node === undefined ? '' : ` on ${node}`;
  return simulated === undefined
    ? `Pod ${pod.metadata.name}${where} redirects.`
    : `Pod ${pod.metadata.name}${where} is simulated and moves no packets: ${simulated}`;
}

/** Ids differ with each attempt, and a status must not move when nothing has changed. */
function withoutIds(message: string): string {
  return message.replaceAll(/\b[0-9a-f]{32,64}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '…');
}

function latest(events: readonly KubernetesObject[], reason: string): string | undefined {
  const newest = events
    .filter((event) => textAt(event, 'reason') === reason)
    .map((event) => ({ when: eventTime(event), message: textAt(event, 'message') ?? '' }))
    .toSorted((a, b) => (a.when < b.when ? 1 : -1))[0];
  return newest?.message;
}

function failing(reason: PodFailure, message: string): PodState {
  return { kind: 'failing', reason, message };
}
