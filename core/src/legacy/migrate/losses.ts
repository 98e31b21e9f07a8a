import type { Path } from '#core/problem.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { macvlanAnnotation } from '../detect.ts';
import { listAt, objectAt, shown, valueAt, wordAt } from '../fields.ts';
import type { LegacyContainer, LegacyReading } from '../parse.ts';
import { isOfEveryPod } from './pod-options.ts';

/** What the manifest has and an EgressRouter has no place for. */
export interface Loss {
  /** Counted from the object that is migrated. */
  readonly path: Path;
  readonly message: string;
}

/**
 * @param selector by which the pods of the new router are selected
 * @param kept fields of the pod and its router that the new one has as annotations
 */
export function lossesOf(
  reading: LegacyReading,
  selector: Readonly<Record<string, string>>,
  kept: ReadonlySet<string>,
): readonly Loss[] {
  return [
    ...podCountLosses(reading),
    ...podFieldLosses(reading, kept),
    ...containerLosses(reading, kept),
    ...labelLosses(reading, selector),
    ...annotationLosses(reading),
  ];
}

function podCountLosses({ object, place }: LegacyReading): readonly Loss[] {
  if (place.kind === 'DaemonSet') {
    const message = 'A DaemonSet has a pod on each node; an EgressRouter has one pod in all.';
    return [{ path: ['kind'], message }];
  }
  if (place.kind === 'Job' || place.kind === 'CronJob') {
    const message = `A ${place.kind} ends; the pod of an EgressRouter runs until the router is deleted.`;
    return [{ path: ['kind'], message }];
  }
  const path = ['spec', 'replicas'];
  const replicas = place.kind === 'Pod' ? undefined : valueAt(object, path);
  if (replicas === undefined || replicas === 1) return [];
  const message =
    replicas === 0
      ? 'replicas: 0 had switched the router off; an EgressRouter always has one pod.'
      : `replicas: ${shown(replicas)} becomes one pod, as the source address can be in one place only.`;
  return [{ path, message }];
}

function podFieldLosses({ pod, place }: LegacyReading, kept: ReadonlySet<string>): readonly Loss[] {
  const path = [...place.podPath, 'spec'];
  return Object.entries(objectAt(pod['spec'])).flatMap(([field, value]): Loss[] => {
    if (kept.has(field) || withoutMeaning.has(field) || isEmpty(value) || isOfCluster(field, value))
      return [];
    const message =
      field === 'nodeSelector'
        ? `nodeSelector (${pairs(objectAt(value))}): only this project's operator lets an EgressRouter choose its node, by the annotation egress-router-tools/node-selector. Every node that it may run on has to reach the gateway.`
        : `"${field}" of the pod has no place in an EgressRouter.`;
    return [{ path: [...path, field], message }];
  });
}

/** Fields that every pod has, and such as only concern the containers that go. */
const withoutMeaning = new Set([
  'containers',
  'initContainers',
  'restartPolicy',
  'dnsPolicy',
  'schedulerName',
  'terminationGracePeriodSeconds',
  'enableServiceLinks',
  'preemptionPolicy',
  'automountServiceAccountToken',
  'imagePullSecrets',
]);

/** What a cluster puts into every pod, and `oc get` prints. */
function isOfCluster(field: string, value: unknown): boolean {
  const entries = listAt(value).map(objectAt);
  switch (field) {
    case 'serviceAccount':
    case 'serviceAccountName':
      return value === 'default';
    case 'priority':
      return value === 0;
    case 'tolerations':
      return entries.every(isOfEveryPod);
    case 'volumes':
    case 'volumeMounts':
      return entries.every(({ name }) => typeof name === 'string' && /^kube-api-access-|-token-/.test(name));
    default:
      return false;
  }
}

function containerLosses({ containers, router }: LegacyReading, kept: ReadonlySet<string>): readonly Loss[] {
  return containers.flatMap((container): readonly Loss[] => {
    if (container === router) return routerLosses(container, kept);
    const image = wordAt(container.value['image']) ?? '';
    // It only keeps the pod alive.
    if (/(^|[/-])(pod|pause)(-rhel\d+)?([:@]|$)/.test(image)) return [];
    const what = container.isInit ? 'The init container' : 'The container';
    const message = `${what} ${JSON.stringify(container.name ?? '')} (${image === '' ? 'no image' : image}) is not carried over.`;
    return [{ path: container.path, message }];
  });
}

function routerLosses({ path, value }: LegacyContainer, kept: ReadonlySet<string>): readonly Loss[] {
  return ownFields
    .filter((field) => !kept.has(field) && !isEmpty(value[field]) && !isOfCluster(field, value[field]))
    .map((field) => ({
      path: [...path, field],
      message: `"${field}" of the router's container has no place in an EgressRouter.`,
    }));
}

const ownFields = [
  'command',
  'args',
  'resources',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'volumeMounts',
] as const;

function labelLosses(
  { labels, place }: LegacyReading,
  selector: Readonly<Record<string, string>>,
): readonly Loss[] {
  if (Object.keys(labels).length === 0) return [];
  const message = `The labels of the pods (${pairs(labels)}) become ${pairs(selector)}: change what else selects pods by them, such as a NetworkPolicy.`;
  return [{ path: [...place.podPath, 'metadata', 'labels'], message }];
}

function annotationLosses({ object, pod, place }: LegacyReading): readonly Loss[] {
  const within = ['metadata', 'annotations'];
  const places =
    place.podPath.length === 0
      ? [{ holder: object, path: within }]
      : [
          { holder: object, path: within },
          { holder: pod, path: [...place.podPath, ...within] },
        ];
  return places.flatMap(({ holder, path }): Loss[] => {
    const keys = Object.keys(objectAt(valueAt(holder, within))).filter(
      (key) =>
        key !== macvlanAnnotation &&
        !/^(kubectl\.kubernetes|deployment\.kubernetes|openshift)\.io\//.test(key),
    );
    return keys.length === 0
      ? []
      : [{ path, message: `Annotations are not carried over: ${keys.join(', ')}.` }];
  });
}

function pairs(words: JsonObject): string {
  return Object.entries(words)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : shown(value)}`)
    .join(', ');
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    (Array.isArray(value) && value.length === 0) ||
    (isJsonObject(value) && Object.keys(value).length === 0)
  );
}
