import { at, listAt, numberAt, textAt } from '#core/json-value.ts';
import {
  configHashAnnotation,
  networkStatusAnnotation,
  networksAnnotation,
  routerLabel,
  simulatedAnnotation,
} from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import type { WatchedKind } from './store.ts';

/**
 * What of a watched object is kept: the fields that views are made of. Whoever needs the whole object reads it.
 *
 * @returns undefined for one that can belong to no router
 */
export function toKept(of: WatchedKind, object: KubernetesObject): KubernetesObject | undefined {
  const { apiVersion, kind, metadata } = object;
  const kept = { apiVersion, kind, metadata: keptMetadata(object) };
  switch (of) {
    case 'egressRouter': {
      const conditions = at(object, 'status', 'conditions');
      return {
        ...kept,
        metadata: {
          ...kept.metadata,
          ...defined({ finalizers: metadata.finalizers }),
          ...annotationsOf(metadata, (key) => key !== lastApplied),
        },
        ...defined({ spec: object['spec'], status: conditions === undefined ? undefined : { conditions } }),
      };
    }
    case 'nad': {
      if (metadata.ownerReferences === undefined) return undefined;
      const changedAt = lastChange(object);
      const managedFields =
        changedAt === undefined ? undefined : [{ time: changedAt, fieldsV1: { 'f:spec': {} } }];
      return {
        ...kept,
        metadata: { ...kept.metadata, ...(managedFields === undefined ? {} : { managedFields }) },
        spec: { config: at(object, 'spec', 'config') },
      };
    }
    case 'deployment':
    case 'furtherDeployment': {
      const template = at(object, 'spec', 'template', 'metadata');
      const annotations = pick(at(template, 'annotations'), [configHashAnnotation]);
      return {
        ...kept,
        spec: {
          ...defined({ replicas: numberAt(object, 'spec', 'replicas') }),
          template: { metadata: defined({ labels: at(template, 'labels'), annotations }) },
        },
        status: { conditions: conditionsOf(object, ['ReplicaFailure']) },
      };
    }
    case 'pod':
    case 'furtherPod':
      return { ...kept, ...keptPod(object) };
    case 'service':
      return {
        ...kept,
        metadata: { ...kept.metadata, ...managersOf(object) },
        spec: defined(pick(object['spec'], serviceFields) ?? {}),
      };
    case 'event':
      return keptEvent(object, kept);
  }
}

const serviceFields: readonly string[] = [
  'type',
  'clusterIP',
  'ipFamilies',
  'ipFamilyPolicy',
  'selector',
  'ports',
];

function keptMetadata({ metadata }: KubernetesObject): KubernetesObject['metadata'] {
  const { labels: _labels, annotations: _annotations, finalizers: _finalizers, ...kept } = metadata;
  const { managedFields: _managed, ...rest }: typeof kept & { readonly managedFields?: unknown } = kept;
  return rest;
}

function annotationsOf(
  { annotations = {} }: KubernetesObject['metadata'],
  isKept: (key: string) => boolean,
): Pick<KubernetesObject['metadata'], 'annotations'> {
  const found = Object.entries(annotations).filter(([key]) => isKept(key));
  return found.length === 0 ? {} : { annotations: Object.fromEntries(found) };
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

const podAnnotations: readonly string[] = [
  configHashAnnotation,
  networksAnnotation,
  networkStatusAnnotation,
  simulatedAnnotation,
];

function keptPod(
  pod: KubernetesObject,
): Readonly<Record<string, unknown>> & Pick<KubernetesObject, 'metadata'> {
  const status = pick(pod['status'], ['phase', 'podIP', 'startTime']);
  return {
    metadata: {
      ...keptMetadata(pod),
      ...defined({ labels: pick(pod.metadata.labels, [routerLabel]) }),
      ...annotationsOf(pod.metadata, (key) => podAnnotations.includes(key)),
    },
    spec: defined({ nodeName: textAt(pod, 'spec', 'nodeName') }),
    status: {
      ...status,
      conditions: conditionsOf(pod, ['Ready', 'PodScheduled', 'PodReadyToStartContainers']),
      containerStatuses: listAt(pod, 'status', 'containerStatuses').map((container) => ({
        restartCount: at(container, 'restartCount'),
        state: at(container, 'state'),
      })),
    },
  };
}

/** The warnings of a cluster are many, and few of them are about what a router has. */
function keptEvent(event: KubernetesObject, kept: KubernetesObject): KubernetesObject | undefined {
  const kind = textAt(event, 'involvedObject', 'kind') ?? '';
  if (!kindsWithWarnings.has(kind)) return undefined;
  const message = textAt(event, 'message') ?? '';
  return {
    ...kept,
    involvedObject: pick(event['involvedObject'], ['kind', 'name', 'uid']),
    ...defined({ source: pick(event['source'], ['component']) }),
    ...pick(event, ['type', 'reason', 'count', 'series', 'lastTimestamp', 'eventTime']),
    message: message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message,
  };
}

const kindsWithWarnings: ReadonlySet<string> = new Set([
  'EgressRouter',
  'NetworkAttachmentDefinition',
  'Deployment',
  'ReplicaSet',
  'Pod',
  'Service',
]);

const longestMessage = 4000;

/** When the specification was last written, by whomever. */
function lastChange(object: KubernetesObject): string | undefined {
  return listAt(object, 'metadata', 'managedFields')
    .filter((entry) => at(entry, 'fieldsV1', 'f:spec') !== undefined)
    .flatMap((entry) => textAt(entry, 'time') ?? [])
    .toSorted()
    .at(-1);
}

/** Who wrote which ports, and who asked for which families. */
function managersOf(service: KubernetesObject): { readonly managedFields?: readonly unknown[] } {
  const managedFields = listAt(service, 'metadata', 'managedFields').flatMap((entry) => {
    const spec = at(entry, 'fieldsV1', 'f:spec');
    const ports = at(spec, 'f:ports');
    const keys = isJsonObject(ports)
      ? { 'f:ports': Object.fromEntries(Object.keys(ports).map((key) => [key, {}])) }
      : {};
    const fields = { ...keys, ...pick(spec, ['f:ipFamilyPolicy']) };
    if (Object.keys(fields).length === 0) return [];
    return [{ ...pick(entry, ['manager', 'operation']), fieldsV1: { 'f:spec': fields } }];
  });
  return managedFields.length === 0 ? {} : { managedFields };
}

function conditionsOf(object: KubernetesObject, types: readonly string[]): readonly unknown[] {
  return listAt(object, 'status', 'conditions').filter((entry) =>
    types.includes(textAt(entry, 'type') ?? ''),
  );
}

/** @returns undefined where it has none of them */
function pick(value: unknown, keys: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  const found = keys.filter((key) => at(value, key) !== undefined);
  return found.length === 0 ? undefined : Object.fromEntries(found.map((key) => [key, at(value, key)]));
}

function defined(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
