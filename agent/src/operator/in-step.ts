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

function contains(live: unknown, wanted: unknown, field = ''): boolean {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(live)) return false;
    const key = mergeKeys.get(field);
    return key === undefined
      ? live.length === wanted.length && wanted.every((item, index) => contains(live[index], item))
      : wanted.every((item) => contains(entryOf(live, key, item), item));
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof live !== 'object' || live === null) return isEmpty(wanted);
    const values: ReadonlyMap<string, unknown> = new Map(Object.entries(live));
    return Object.entries(wanted).every(([key, value]) => contains(values.get(key), value, key));
  }
  // The server leaves out what is false anyway.
  return live === wanted || (wanted === false && live === undefined);
}

/**
 * Lists whose entries each have an owner of their own: an entry that somebody adds is theirs, and applying would not
 * take it away. Every other list is one value.
 */
const mergeKeys: ReadonlyMap<string, readonly string[]> = new Map([
  ['ownerReferences', ['uid']],
  ['containers', ['name']],
  ['env', ['name']],
  ['volumes', ['name']],
  ['volumeMounts', ['mountPath']],
  ['ports', ['containerPort', 'port', 'protocol']],
]);

function entryOf(list: readonly unknown[], keys: readonly string[], wanted: unknown): unknown {
  return list.find((entry) => keys.every((key) => valueAt(entry, key) === valueAt(wanted, key)));
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}

/** What was asked for and is empty may be dropped by the server. */
function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
