import type { Path } from '#core/problem.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { listAt, objectAt, valueAt } from './fields.ts';
import { legacyImageOf } from './image.ts';

/** What asks OpenShift SDN for a macvlan interface: `true`, or the name of the node's NIC. */
export const macvlanAnnotation = 'pod.network.openshift.io/assign-macvlan';

/** Where a router of OpenShift SDN stands in a YAML document. */
export interface LegacyPlace {
  /** The object, counted from the document: empty but for those in a List or Template. */
  readonly root: Path;
  /** The pod with its `metadata` and `spec`, counted from the object: empty for a Pod. */
  readonly podPath: Path;
  /** Of the object. */
  readonly kind: LegacyKind;
  /** The Template that the object is in, counted from the document. */
  readonly template?: Path;
}

export type LegacyKind = keyof typeof podPaths;

/**
 * The routers of OpenShift SDN in one parsed document. They are told by the annotation or by the platform's images,
 * never by their environment alone, which routers of another vendor share.
 */
export function legacyRoutersIn(document: unknown): readonly LegacyPlace[] {
  return placesIn(document, [], undefined, 0);
}

function placesIn(
  value: unknown,
  root: Path,
  template: Path | undefined,
  depth: number,
): readonly LegacyPlace[] {
  if (!isJsonObject(value)) return [];
  const { kind } = value;
  if (typeof kind !== 'string') return [];
  const field = kind === 'Template' ? 'objects' : kind.endsWith('List') ? 'items' : undefined;
  if (field !== undefined) {
    // Lists in Lists are possible, but not without an end: a value may hold itself.
    if (depth >= 4) return [];
    const within = kind === 'Template' ? root : template;
    return listAt(value[field]).flatMap((item, index) =>
      placesIn(item, [...root, field, index], within, depth + 1),
    );
  }
  if (!isLegacyKind(kind)) return [];
  const podPath = podPaths[kind];
  const isRouter = isLegacyPod(objectAt(valueAt(value, podPath))) || hasAnnotation(value);
  return isRouter ? [{ root, podPath, kind, ...(template === undefined ? {} : { template }) }] : [];
}

function isLegacyKind(kind: string): kind is LegacyKind {
  return Object.hasOwn(podPaths, kind);
}

function isLegacyPod(pod: JsonObject): boolean {
  const spec = objectAt(pod['spec']);
  const containers = [...listAt(spec['initContainers']), ...listAt(spec['containers'])];
  return (
    hasAnnotation(pod) ||
    containers.some((container) => legacyImageOf(objectAt(container)['image']) !== undefined)
  );
}

function hasAnnotation(object: JsonObject): boolean {
  const annotation = valueAt(object, ['metadata', 'annotations', macvlanAnnotation]);
  // As if it were not there, to OpenShift SDN.
  return annotation !== undefined && annotation !== 'false';
}

const podPaths = {
  Pod: [],
  Deployment: ['spec', 'template'],
  DeploymentConfig: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
} as const satisfies Record<string, Path>;
