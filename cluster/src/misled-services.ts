import { at } from '#core/json-value.ts';
import { routerLabel } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { routerLabelValue } from '#core/manifest/router-names.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';

/** A router and the Services that select its pods. */
export interface Selected {
  readonly router: KubernetesObject;
  /** False where the Cluster Network Operator makes it, or nothing tells: then one pod may be for all. */
  readonly isOfAgent: boolean;
  readonly selected: readonly KubernetesObject[];
}

/** A Service that bears the name of one router, and selects the pods of another. */
export interface Misled {
  readonly meantFor: string;
  readonly leadsTo: string;
  readonly sentence: string;
}

/** Of the routers of one namespace. Clients of such a Service leave by an address that was reserved for others. */
export function misledServices(routers: readonly Selected[]): ReadonlyMap<KubernetesObject, Misled> {
  const found = new Map<KubernetesObject, Misled>();
  if (routers.length < 2) return found;
  const byName = new Map(routers.map((one) => [one.router.metadata.name, one]));
  for (const { router, isOfAgent, selected } of routers) {
    const leadsTo = router.metadata.name;
    for (const service of isOfAgent ? selected : []) {
      const meant = byName.get(service.metadata.name);
      if (meant === undefined || meant.router === router || meant.selected.includes(service)) continue;
      const meantFor = meant.router.metadata.name;
      found.set(service, { meantFor, leadsTo, sentence: misledText(service, leadsTo) });
    }
  }
  return found;
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
