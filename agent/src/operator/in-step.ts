import type { KubernetesObject } from '#core/manifest/object.ts';

/** Holds a digest of all that the operator applied, so that fields it no longer sets are noticed too. */
export const appliedAnnotation = 'egress-router-tools/applied';

/**
 * The first field that applying `wanted` would change; undefined where each of its values stands in `live`, which may
 * have more (defaults, status, other people's labels). Of lists it names the list. Both carry `appliedAnnotation`.
 */
export function differenceOf(
  live: KubernetesObject,
  wanted: KubernetesObject,
): readonly string[] | undefined {
  return difference(live, wanted, []);
}

function difference(live: unknown, wanted: unknown, path: readonly string[]): readonly string[] | undefined {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(live)) return path;
    const key = mergeKeys.get(path.at(-1) ?? '');
    if (key === undefined && live.length !== wanted.length) return path;
    const isWithin = (item: unknown, index: number): boolean =>
      difference(key === undefined ? live[index] : entryOf(live, key, item), item, []) === undefined;
    return wanted.every(isWithin) ? undefined : path;
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof live !== 'object' || live === null) return isEmpty(wanted) ? undefined : path;
    const values: ReadonlyMap<string, unknown> = new Map(Object.entries(live));
    for (const [key, value] of Object.entries(wanted)) {
      const found = difference(values.get(key), value, [...path, key]);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  // The server leaves out what is false anyway.
  return live === wanted || (wanted === false && live === undefined) ? undefined : path;
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
