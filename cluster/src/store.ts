import { appLabel, appLabelValue, routerLabel } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { kinds, type ResourceKind } from './kinds.ts';
import type { WatchEvent } from './watch.ts';

/** What has to be known to draw a router. */
export type WatchedKind =
  | 'egressRouter'
  | 'nad'
  | 'deployment'
  | 'furtherDeployment'
  | 'pod'
  | 'furtherPod'
  | 'service'
  | 'event';

export interface Watched {
  readonly kind: ResourceKind;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** What the one router has that the platform documents, and what further routers of its namespace have. */
const documented = { labelSelector: `${appLabel}=${appLabelValue}` } as const;
const further = { labelSelector: `${routerLabel},${appLabel}!=${appLabelValue}` } as const;

/** Of kinds that a cluster has many of, only those that can belong to a router are asked for. */
export const watched = {
  egressRouter: { kind: kinds.egressRouter },
  nad: { kind: kinds.nad },
  deployment: { kind: kinds.deployment, ...documented },
  furtherDeployment: { kind: kinds.deployment, ...further },
  pod: { kind: kinds.pod, ...documented },
  furtherPod: { kind: kinds.pod, ...further },
  service: { kind: kinds.service },
  event: { kind: kinds.event, fieldSelector: 'type=Warning' },
} as const satisfies Record<WatchedKind, Watched>;

export const watchedKinds = [
  'egressRouter',
  'nad',
  'deployment',
  'furtherDeployment',
  'pod',
  'furtherPod',
  'service',
  'event',
] as const;

/** The watched objects by `namespace/name`. A value: every event makes a new one. */
export type Store = Readonly<Record<WatchedKind, ReadonlyMap<string, KubernetesObject>>>;

export const emptyStore: Store = {
  egressRouter: new Map(),
  nad: new Map(),
  deployment: new Map(),
  furtherDeployment: new Map(),
  pod: new Map(),
  furtherPod: new Map(),
  service: new Map(),
  event: new Map(),
};

/** Whose routers may look different now. */
export type Change =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'namespaces'; readonly namespaces: ReadonlySet<string> };

export type ObjectEvent = Exclude<WatchEvent, { readonly kind: 'state' }>;

export function applyEvent(
  store: Store,
  of: WatchedKind,
  event: ObjectEvent,
): { readonly store: Store; readonly change: Change } {
  const before = store[of];
  const after = nextObjects(before, event);
  const namespaces = changedNamespaces(before, after, event);
  if (namespaces.size === 0) return { store, change: { kind: 'nothing' } };
  return { store: { ...store, [of]: after }, change: { kind: 'namespaces', namespaces } };
}

/** Deployments and pods are those of all routers. */
export function objectsIn(
  store: Store,
  of: Exclude<WatchedKind, 'furtherDeployment' | 'furtherPod'>,
  namespace: string,
): readonly KubernetesObject[] {
  const more =
    of === 'deployment' ? store.furtherDeployment : of === 'pod' ? store.furtherPod : emptyStore[of];
  return [...store[of].values(), ...more.values()].filter(
    (object) => object.metadata.namespace === namespace,
  );
}

function nextObjects(
  before: ReadonlyMap<string, KubernetesObject>,
  event: ObjectEvent,
): ReadonlyMap<string, KubernetesObject> {
  switch (event.kind) {
    case 'listed':
      return new Map(event.objects.map((object) => [keyOf(object), object]));
    case 'put':
      return new Map(before).set(keyOf(event.object), event.object);
    case 'removed': {
      const after = new Map(before);
      after.delete(keyOf(event.object));
      return after;
    }
  }
}

function changedNamespaces(
  before: ReadonlyMap<string, KubernetesObject>,
  after: ReadonlyMap<string, KubernetesObject>,
  event: ObjectEvent,
): ReadonlySet<string> {
  const candidates = event.kind === 'listed' ? [...before.values(), ...after.values()] : [event.object];
  return new Set(
    candidates
      .filter((object) => !isSame(before.get(keyOf(object)), after.get(keyOf(object))))
      .map((object) => object.metadata.namespace ?? ''),
  );
}

function isSame(a: KubernetesObject | undefined, b: KubernetesObject | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.metadata.uid === b.metadata.uid && a.metadata.resourceVersion === b.metadata.resourceVersion;
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
