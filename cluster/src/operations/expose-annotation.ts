import type { EgressRouter } from '#core/egress-router/model.ts';
import { egressRouterKind } from '#core/egress-router/wire.ts';
import { routerLabel } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { ExposePlan } from '../api.ts';

/** What comes of a router's annotation that asks for a Service; undefined where nothing does, or nothing tells. */
export function annotationOf(
  { options, rules }: EgressRouter,
  live: KubernetesObject,
  present: KubernetesObject | undefined,
  reconciler: 'cno' | 'agent' | undefined,
): ExposePlan['annotation'] {
  if (options?.expose !== true) return undefined;
  if (reconciler === 'cno') return 'ignored-by-cno';
  // Without rules the operator makes none, and one that somebody else has made it leaves alone.
  const isKept = present === undefined ? reconciler === 'agent' : madeFor(present)?.uid === live.metadata.uid;
  return isKept && rules.length > 0 ? 'kept-by-operator' : undefined;
}

/**
 * The router by which the operator has made a Service; undefined for other Services. Expose makes its own without a
 * controller, as people do who make one by hand.
 */
export function madeFor({ metadata: { labels, ownerReferences = [] } }: KubernetesObject) {
  const owner = ownerReferences.find(
    ({ kind, controller }) => kind === egressRouterKind && controller === true,
  );
  return labels?.[routerLabel] === undefined ? undefined : owner;
}
