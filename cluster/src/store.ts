import { appLabel, appLabelValue, routerLabel } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { documentedNames, namesOfFurther } from '#core/manifest/router-names.ts';
import { claimsOf } from './address-claims.ts';
import { AddressRivals } from './address-rivals.ts';
import type { InForceParts } from './in-force.ts';
import { kinds, type ResourceKind } from './kinds.ts';
import { isOwnedBy } from './router-parts.ts';

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

export type ObjectEvent =
  /** Everything there is now: what was known before and is not in it is gone. */
  | { readonly kind: 'listed'; readonly objects: readonly KubernetesObject[] }
  | { readonly kind: 'put'; readonly object: KubernetesObject }
  | { readonly kind: 'removed'; readonly object: KubernetesObject }
  /** This user may not read them; until they are listed. */
  | { readonly kind: 'hidden' };

/** The watched objects by namespace and name, so that an event costs the same however many there are. */
export class Store {
  readonly #namespaces = new Map<string, NamespaceObjects>();
  readonly #hidden = new Map<string, Set<WatchedKind>>();
  /** Of all routers. */
  readonly rivals = new AddressRivals();

  /** Those that have, or had, any object. */
  get namespaces(): readonly string[] {
    return [...this.#namespaces.keys()];
  }

  /**
   * @param within the namespace that was listed; absent: all
   * @returns the namespaces whose routers may look different now
   */
  apply(of: WatchedKind, event: ObjectEvent, within?: string): ReadonlySet<string> {
    const changed = new Set<string>();
    switch (event.kind) {
      case 'listed':
        this.#replace(of, event.objects, within, changed);
        break;
      case 'put':
        this.#put(of, event.object, changed);
        break;
      case 'removed':
        this.#remove(of, event.object, changed);
        break;
      case 'hidden':
        this.#hide(of, within, changed);
        break;
    }
    return changed;
  }

  /** What this user may not read there. */
  hidden(namespace: string): ReadonlySet<WatchedKind> {
    return this.#hidden.get(namespace) ?? nothing;
  }

  objects(of: WatchedKind, namespace: string): Iterable<KubernetesObject> {
    return this.#namespaces.get(namespace)?.[of].values() ?? [];
  }

  #replace(
    of: WatchedKind,
    objects: readonly KubernetesObject[],
    within: string | undefined,
    changed: Set<string>,
  ): void {
    const present = new Set(objects.map(keyOf));
    for (const namespace of within === undefined ? this.namespaces : [within]) {
      for (const known of this.objects(of, namespace)) {
        if (!present.has(keyOf(known))) this.#remove(of, known, changed);
      }
    }
    for (const object of objects) this.#put(of, object, changed);
    for (const namespace of within === undefined ? this.#hidden.keys() : [within]) {
      if (this.#hidden.get(namespace)?.delete(of)) changed.add(namespace);
    }
  }

  #hide(of: WatchedKind, within: string | undefined, changed: Set<string>): void {
    for (const namespace of within === undefined ? this.namespaces : [within]) {
      for (const known of this.objects(of, namespace)) this.#remove(of, known, changed);
      const hidden = this.#hidden.get(namespace) ?? new Set();
      this.#hidden.set(namespace, hidden.add(of));
      changed.add(namespace);
    }
  }

  #put(of: WatchedKind, object: KubernetesObject, changed: Set<string>): void {
    const { namespace = '', name } = object.metadata;
    const known = this.#namespaces.get(namespace) ?? emptyNamespace();
    this.#namespaces.set(namespace, known);
    const before = known[of].get(name);
    known[of].set(name, object);
    if (before !== undefined && isSame(before, object)) return;
    changed.add(namespace);
    this.#claim(of, known, before === undefined ? { after: object } : { before, after: object }, changed);
  }

  #remove(of: WatchedKind, { metadata }: KubernetesObject, changed: Set<string>): void {
    const { namespace = '', name } = metadata;
    const known = this.#namespaces.get(namespace);
    const before = known?.[of].get(name);
    if (known === undefined || before === undefined) return;
    known[of].delete(name);
    changed.add(namespace);
    this.#claim(of, known, { before }, changed);
    if (watchedKinds.every((kind) => known[kind].size === 0)) this.#namespaces.delete(namespace);
  }

  /** Which addresses a router has is told by itself and by what is made for it. */
  #claim(
    of: WatchedKind,
    known: NamespaceObjects,
    { before, after }: { readonly before?: KubernetesObject; readonly after?: KubernetesObject },
    changed: Set<string>,
  ): void {
    if (!claimants.has(of)) return;
    if (of === 'egressRouter' && before !== undefined && after === undefined) {
      for (const one of this.rivals.delete(before)) changed.add(one);
      return;
    }
    for (const name of new Set([before, after].flatMap(routersOf))) {
      const router = known.egressRouter.get(name);
      if (router === undefined) continue;
      for (const one of this.rivals.set(router, claimsOf(madeFor(router, known)))) changed.add(one);
    }
  }
}

const claimants: ReadonlySet<WatchedKind> = new Set([
  'egressRouter',
  'nad',
  'deployment',
  'furtherDeployment',
]);

/** The names of those of which an object tells something. */
function routersOf(object: KubernetesObject | undefined): readonly string[] {
  if (object === undefined) return [];
  const { name, ownerReferences = [] } = object.metadata;
  const { kind } = kinds.egressRouter;
  if (object.kind === kind) return [name];
  return ownerReferences.filter((owner) => owner.kind === kind).map((owner) => owner.name);
}

/** What our operator makes for a router, looked for by its names. */
function madeFor(router: KubernetesObject, known: NamespaceObjects): InForceParts {
  const both = [documentedNames, namesOfFurther(router.metadata.name)];
  const own = (object: KubernetesObject | undefined): boolean =>
    object !== undefined && isOwnedBy(object, router);
  const nad = both.map((names) => known.nad.get(names.nad)).find(own);
  const deployment = both
    .map((names) => known.deployment.get(names.deployment) ?? known.furtherDeployment.get(names.deployment))
    .find(own);
  return { router, nad, deployment };
}

const nothing: ReadonlySet<WatchedKind> = new Set();

type NamespaceObjects = Readonly<Record<WatchedKind, Map<string, KubernetesObject>>>;

function emptyNamespace(): NamespaceObjects {
  return {
    egressRouter: new Map(),
    nad: new Map(),
    deployment: new Map(),
    furtherDeployment: new Map(),
    pod: new Map(),
    furtherPod: new Map(),
    service: new Map(),
    event: new Map(),
  };
}

/** Deployments and pods are those of all routers. */
export function objectsIn(
  store: Store,
  of: Exclude<WatchedKind, 'furtherDeployment' | 'furtherPod'>,
  namespace: string,
): readonly KubernetesObject[] {
  const own = [...store.objects(of, namespace)];
  if (of === 'deployment') own.push(...store.objects('furtherDeployment', namespace));
  if (of === 'pod') own.push(...store.objects('furtherPod', namespace));
  return own;
}

function isSame(a: KubernetesObject, b: KubernetesObject): boolean {
  return a.metadata.uid === b.metadata.uid && a.metadata.resourceVersion === b.metadata.resourceVersion;
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
