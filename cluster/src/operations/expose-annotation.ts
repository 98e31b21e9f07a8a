import type { EgressRouter } from '#core/egress-router/model.ts';
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
  const isKept = rules.length > 0 && (present === undefined || isMadeByOperator(present, live));
  return reconciler === 'agent' && isKept ? 'kept-by-operator' : undefined;
}

/** Expose makes its Services without a controller, as people do who make one by hand. */
function isMadeByOperator({ metadata }: KubernetesObject, router: KubernetesObject): boolean {
  const { labels, ownerReferences = [] } = metadata;
  const isControlled = ownerReferences.some(
    ({ uid, controller }) => controller === true && uid === router.metadata.uid,
  );
  return isControlled && labels?.[routerLabel] !== undefined;
}
