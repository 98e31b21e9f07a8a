import type { KubernetesObject } from '#core/manifest/object.ts';

/** Holds a digest of all that the operator applied, so that fields it no longer sets are noticed too. */
export const appliedAnnotation = 'egress-router-tools/applied';

/**
 * True where applying `wanted` would change nothing: each of its values stands in `live`, which may have more
 * (defaults, status, other people's labels). Both carry `appliedAnnotation`.
 */
export function isInStep(live: KubernetesObject, wanted: KubernetesObject): boolean {
  return contains(live, wanted);
}

function contains(live: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(live) &&
      live.length === wanted.length &&
      wanted.every((item, index) => contains(live[index], item))
    );
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof live !== 'object' || live === null) return false;
    const values: ReadonlyMap<string, unknown> = new Map(Object.entries(live));
    // An empty map or list that was asked for may be dropped by the server.
    return Object.entries(wanted).every(([key, value]) => contains(values.get(key), value) || isEmpty(value));
  }
  return live === wanted;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
