import type { Reconciler } from '#core/egress-router/reconciler.ts';
import { at } from '#core/json-value.ts';
import { routerLabel } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { documentedNames, namesOfFurther, routerLabelValue } from '#core/manifest/router-names.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import type { Misled } from './misled-services.ts';
import { configHashOf } from './pod-view.ts';
import { deploymentOf } from './warnings.ts';

/** A router and what belongs to it. */
export interface Parts {
  readonly isOfAgent: boolean;
  readonly router: KubernetesObject;
  readonly nad: KubernetesObject | undefined;
  readonly deployment: KubernetesObject | undefined;
  readonly pods: readonly KubernetesObject[];
  /** The Services that select its pods. */
  readonly selected: readonly KubernetesObject[];
  readonly owned: readonly KubernetesObject[];
  readonly labels: unknown;
  /** Those that select its pods, and those that belong to it. */
  readonly services: readonly KubernetesObject[];
}

/** The objects of a namespace, by what ties them to a router. */
export interface Found {
  readonly nads: ReadonlyMap<string, KubernetesObject>;
  readonly deployments: ReadonlyMap<string, KubernetesObject>;
  /** By the name of their Deployment. */
  readonly pods: ReadonlyMap<string, readonly KubernetesObject[]>;
  readonly services: readonly KubernetesObject[];
  /** False: that a router has no Deployment here tells nothing. */
  readonly maySeeDeployments: boolean;
  readonly isOnlyRouter: boolean;
}

export function partsOf(router: KubernetesObject, found: Found): Parts {
  const { uid = '' } = router.metadata;
  const nad = found.nads.get(uid);
  const deployment = found.deployments.get(uid);
  const pods = found.maySeeDeployments
    ? (found.pods.get(deployment?.metadata.name ?? '') ?? [])
    : podsOfUnseen(router.metadata.name, found);
  const labels = at(deployment, 'spec', 'template', 'metadata', 'labels');
  const selected = found.services.filter((service) => selects(service, labels));
  const owned = found.services.filter((service) => isOwnedBy(service, router));
  const services = found.services.filter((service) => owned.includes(service) || selected.includes(service));
  const isOfAgent = reconcilerOf(deployment) === 'agent';
  return { router, isOfAgent, nad, deployment, pods, selected, owned, labels, services };
}

/** Those of a Deployment that this user may not see. This project's operator says on its pods whose they are. */
function podsOfUnseen(router: string, { pods, isOnlyRouter }: Found): readonly KubernetesObject[] {
  const own = pods.get(namesOfFurther(router).deployment);
  if (own !== undefined) return own;
  const documented = pods.get(documentedNames.deployment) ?? [];
  return documented.filter(({ metadata: { labels = {} } }) => {
    const named = labels[routerLabel];
    return named === undefined ? isOnlyRouter : named === routerLabelValue(router);
  });
}

/** It is told of the router that it is meant for. */
export function withoutMisled(parts: Parts, misled: ReadonlyMap<KubernetesObject, Misled>): Parts {
  return { ...parts, services: parts.services.filter((service) => !misled.has(service)) };
}

/** Of several with one owner the first. */
export function byOwner(objects: readonly KubernetesObject[]): ReadonlyMap<string, KubernetesObject> {
  const found = new Map<string, KubernetesObject>();
  for (const object of objects) {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      if (!found.has(uid)) found.set(uid, object);
    }
  }
  return found;
}

/** A Deployment's pods belong to its ReplicaSets, whose names are its own and a hash. */
export function byDeployment(
  pods: readonly KubernetesObject[],
): ReadonlyMap<string, readonly KubernetesObject[]> {
  const found = new Map<string, KubernetesObject[]>();
  for (const pod of pods) {
    const owner = pod.metadata.ownerReferences?.find(({ kind }) => kind === 'ReplicaSet');
    if (owner === undefined) continue;
    const name = deploymentOf(owner.name) ?? '';
    const others = found.get(name);
    if (others === undefined) found.set(name, [pod]);
    else others.push(pod);
  }
  return found;
}

/** Told by its Deployment: this project's operator marks those it makes. */
export function reconcilerOf(deployment: KubernetesObject | undefined): Reconciler {
  if (deployment === undefined) return 'unknown';
  return configHashOf(deployment) === undefined ? 'cno' : 'agent';
}

export function isOwnedBy(object: KubernetesObject, owner: KubernetesObject): boolean {
  const { uid } = owner.metadata;
  return object.metadata.ownerReferences?.some((reference) => reference.uid === uid) ?? false;
}

export function selects(service: KubernetesObject, labels: unknown): boolean {
  const selector = at(service, 'spec', 'selector');
  if (!isJsonObject(selector)) return false;
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => at(labels, key) === value);
}
