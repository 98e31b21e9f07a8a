import type { EgressRouter } from '#core/egress-router/model.ts';
import { routerLabel } from './names.ts';
import type { OwnerReference } from './object.ts';
import { documentedNames, type RouterNames, routerLabelValue } from './router-names.ts';

export interface ObjectOptions {
  /** Absent: the documented ones. */
  readonly names?: RouterNames;
  readonly owner?: OwnerReference;
}

/** What the objects of a router have in common. */
export function toMetadata(router: EgressRouter, nameOf: keyof RouterNames, options: ObjectOptions) {
  const { names = documentedNames, owner } = options;
  return {
    name: names[nameOf],
    ...(router.namespace === undefined ? {} : { namespace: router.namespace }),
    labels: { [routerLabel]: routerLabelValue(router.name) },
    ...(owner === undefined ? {} : { ownerReferences: [owner] }),
  };
}
