import { at, textAt } from '#core/json-value.ts';
import { appLabel, routerLabel } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { routerLabelValue } from '#core/manifest/router-names.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';

/** A router and the Services that select its pods. */
export interface Selected {
  readonly router: KubernetesObject;
  /** False where the Cluster Network Operator makes it, or nothing tells: then one pod may be for all. */
  readonly isOfAgent: boolean;
  readonly selected: readonly KubernetesObject[];
  readonly owned: readonly KubernetesObject[];
  /** Of its pods; absent where nothing tells. */
  readonly labels: unknown;
}

/** A Service that bears the name of one router or belongs to it, and does not select its pods. */
export interface Misled {
  readonly meantFor: string;
  readonly sentence: string;
}

/**
 * Of the routers of one namespace. Clients of such a Service leave by an address that was reserved for others, or not
 * at all.
 */
export function misledServices(routers: readonly Selected[]): ReadonlyMap<KubernetesObject, Misled> {
  const found = new Map<KubernetesObject, Misled>();
  for (const one of routers) {
    for (const service of one.owned) {
      if (!isDead(service, one)) continue;
      found.set(service, { meantFor: one.router.metadata.name, sentence: deadText(service, one) });
    }
  }
  if (routers.length < 2) return found;
  const byName = new Map(routers.map((one) => [one.router.metadata.name, one]));
  for (const { router, isOfAgent, selected } of routers) {
    const leadsTo = router.metadata.name;
    for (const service of isOfAgent ? selected : []) {
      const meant = byName.get(service.metadata.name);
      if (meant === undefined || meant.router === router || meant.selected.includes(service)) continue;
      const meantFor = meant.router.metadata.name;
      found.set(service, { meantFor, sentence: misledText(service, leadsTo) });
    }
  }
  return found;
}

/** Without a selector, somebody else says where it leads. */
function isDead(service: KubernetesObject, { selected, labels }: Selected): boolean {
  if (labels === undefined || selected.includes(service)) return false;
  return textAt(service, 'spec', 'type') !== 'ExternalName' && selectorText(service) !== '';
}

function deadText(service: KubernetesObject, { router, labels }: Selected): string {
  const { name, namespace = '' } = router.metadata;
  const key = at(labels, routerLabel) === undefined ? appLabel : routerLabel;
  const own = `${key}: ${String(at(labels, key))}`;
  const what = `The selector ${selectorText(service)} of this Service selects no pod of the router ${namespace}/${name}, so its clients do not reach it.`;
  // Expose makes and mends the one that bears the router's name.
  return service.metadata.name === name
    ? `${what} Expose the router again, or select ${own}.`
    : `${what} Select ${own} instead.`;
}

/**
 * What is wrong with a Service that bears a router's name, and what to do.
 *
 * @param leadsTo the router whose pods it selects
 */
export function misledText(service: KubernetesObject, leadsTo: string): string {
  const { name, namespace = '' } = service.metadata;
  return `The selector ${selectorText(service)} of this Service selects the pods of the router ${namespace}/${leadsTo}: its clients leave by the address of that one. Select ${routerLabel}: ${routerLabelValue(name)} instead.`;
}

/** `app: egress-router-cni` */
export function selectorText(service: KubernetesObject): string {
  const selector = at(service, 'spec', 'selector');
  const pairs = Object.entries(isJsonObject(selector) ? selector : {});
  return pairs.map(([key, value]) => `${key}: ${String(value)}`).join(', ');
}
