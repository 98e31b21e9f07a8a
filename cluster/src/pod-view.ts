import {
  configHashAnnotation,
  networkStatusAnnotation,
  routerIfName,
  simulatedAnnotation,
} from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { conditionOf } from './condition.ts';
import { eventTime } from './event-time.ts';
import { at, listAt, parseJson, textAt } from './json.ts';
import { decodeSandboxError } from './sandbox-error.ts';
import type { PodView } from './view.ts';

/** `events` may be those of any objects of the namespace. */
export function toPodView(pod: KubernetesObject, events: readonly KubernetesObject[]): PodView {
  const node = textAt(pod, 'spec', 'nodeName');
  const podIP = textAt(pod, 'status', 'podIP');
  const simulated = pod.metadata.annotations?.[simulatedAnnotation];
  const net1 = readNet1(pod);
  const problem = problemOf(pod, events);
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
  const own = newestFirst(
    events.filter((event) => textAt(event, 'involvedObject', 'uid') === pod.metadata.uid),
  );
  // Once a container runs, what went wrong with the sandbox before is history.
  if (containers.some((container) => at(container, 'state', 'running') !== undefined)) {
    const unhealthy = own.find((event) => textAt(event, 'reason') === 'Unhealthy');
    return unhealthy === undefined ? undefined : textAt(unhealthy, 'message');
  }
  const failed = own.find((event) => textAt(event, 'reason')?.startsWith('Failed'));
  const message = textAt(failed, 'message');
  return message === undefined ? undefined : decodeSandboxError(message);
}

function newestFirst(events: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return events.toSorted((a, b) => (eventTime(a) < eventTime(b) ? 1 : -1));
}
