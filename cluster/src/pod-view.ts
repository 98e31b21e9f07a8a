import { at, listAt, numberAt, parseJson, textAt } from '#core/json-value.ts';
import {
  configHashAnnotation,
  networkStatusAnnotation,
  networksAnnotation,
  routerIfName,
  simulatedAnnotation,
} from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { conditionOf } from './condition.ts';
import { failedProbe } from './failed-probe.ts';
import { decodeSandboxError } from './sandbox-error.ts';
import type { PodView } from './view.ts';

/** `events` are those about the pod, the newest first. */
export function toPodView(pod: KubernetesObject, events: readonly KubernetesObject[]): PodView {
  const node = textAt(pod, 'spec', 'nodeName');
  const podIP = textAt(pod, 'status', 'podIP');
  const simulated = pod.metadata.annotations?.[simulatedAnnotation];
  const net1 = readNet1(pod);
  const problem = problemOf(pod, events) ?? withoutNet1(pod, net1);
  return {
    name: pod.metadata.name,
    phase:
      pod.metadata.deletionTimestamp === undefined
        ? (textAt(pod, 'status', 'phase') ?? 'Pending')
        : 'Terminating',
    ready: isReady(pod),
    ...(node === undefined ? {} : { node }),
    ...(podIP === undefined ? {} : { podIP }),
    ...(net1 === undefined ? {} : { net1 }),
    ...(simulated === undefined ? {} : { simulated }),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** True for a pod made from the Deployment's present template; of another reconciler's pods all are. */
export function isCurrent(pod: KubernetesObject, deployment: KubernetesObject): boolean {
  const wanted = configHashOf(deployment);
  return wanted === undefined || pod.metadata.annotations?.[configHashAnnotation] === wanted;
}

/** Set by our operator: moves whenever a change of the router needs a new pod. */
export function configHashOf(deployment: KubernetesObject): string | undefined {
  return textAt(deployment, 'spec', 'template', 'metadata', 'annotations', configHashAnnotation);
}

/** When the plugin set up the pod's network, or the nearest that the pod tells of it. */
export function attachedAt(pod: KubernetesObject): string | undefined {
  const attached = listAt(pod, 'status', 'conditions').find(
    (entry) => textAt(entry, 'type') === 'PodReadyToStartContainers' && textAt(entry, 'status') === 'True',
  );
  const [container] = listAt(pod, 'status', 'containerStatuses');
  // A container that was started again got no new network.
  const isFirst = numberAt(container, 'restartCount') === 0;
  return (
    textAt(attached, 'lastTransitionTime') ??
    (isFirst ? textAt(container, 'state', 'running', 'startedAt') : undefined) ??
    textAt(pod, 'status', 'startTime') ??
    pod.metadata.creationTimestamp
  );
}

function isReady(pod: KubernetesObject): boolean {
  return pod.metadata.deletionTimestamp === undefined && conditionOf(pod, 'Ready')?.status === 'True';
}

/** Multus' account of the pod's networks: a JSON list in an annotation. */
function readNet1(pod: KubernetesObject): PodView['net1'] {
  const networks = parseJson(pod.metadata.annotations?.[networkStatusAnnotation] ?? '');
  const net1 = listAt(networks).find((network) => textAt(network, 'interface') === routerIfName);
  if (net1 === undefined) return undefined;
  const ips = listAt(net1, 'ips').filter((ip) => typeof ip === 'string');
  const mac = textAt(net1, 'mac');
  return mac === undefined ? { ips } : { ips, mac };
}

function problemOf(pod: KubernetesObject, events: readonly KubernetesObject[]): string | undefined {
  if (isReady(pod) || pod.metadata.deletionTimestamp !== undefined) return undefined;
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False') return `No node takes the pod: ${scheduled.message}`;
  const containers = listAt(pod, 'status', 'containerStatuses');
  for (const container of containers) {
    const reason = textAt(container, 'state', 'waiting', 'reason') ?? '';
    const message = textAt(container, 'state', 'waiting', 'message') ?? '';
    if (/^(ErrImage|ImagePull|InvalidImage)|BackOff$|Error$/.test(reason)) return `${reason}: ${message}`;
  }
  // Once a container runs, what went wrong with the sandbox before is history.
  if (isRunning(pod)) return failedProbe(events);
  const failed = events.find((event) => textAt(event, 'reason')?.startsWith('Failed'));
  const message = textAt(failed, 'message');
  return message === undefined ? undefined : decodeSandboxError(message);
}

/** Multus tells what a pod got before its containers start. */
function withoutNet1(pod: KubernetesObject, net1: PodView['net1']): string | undefined {
  const isSimulated = pod.metadata.annotations?.[simulatedAnnotation] !== undefined;
  if (net1 !== undefined || isSimulated || !isRunning(pod) || pod.metadata.deletionTimestamp !== undefined) {
    return undefined;
  }
  const why =
    pod.metadata.annotations?.[networksAnnotation] === undefined
      ? `its annotation ${networksAnnotation} names no network, so that Multus attaches none. Have its operator make it anew`
      : pod.metadata.annotations[networkStatusAnnotation] === undefined
        ? 'Multus has not attached its networks. Look at Multus on the node, then restart the router'
        : 'Multus has attached other networks only. Look at the NetworkAttachmentDefinition, then restart the router';
  return `Running without ${routerIfName}: ${why}.`;
}

function isRunning(pod: KubernetesObject): boolean {
  return listAt(pod, 'status', 'containerStatuses').some(
    (container) => at(container, 'state', 'running') !== undefined,
  );
}
