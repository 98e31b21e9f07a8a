import { egressRouterSchema } from '#core/egress-router/schema.generated.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { applyDefaults } from '#core/schema/defaults.ts';
import { jsonEqual } from '#core/schema/json-schema.ts';

/**
 * What a person would have written to get this object: without status, without what the API server notes and fills
 * in, its fields in the order of `like`, so that a diff shows differences only.
 */
export function toManifest(live: KubernetesObject, like: unknown): Readonly<Record<string, unknown>> {
  const { status: _, metadata, ...rest } = live;
  const annotations = without(metadata.annotations ?? {}, isNote);
  const written = without(
    { ...metadata, ...(metadata.annotations === undefined ? {} : { annotations }) },
    (key) => (key === 'annotations' ? Object.keys(annotations).length === 0 : serverFields.has(key)),
  );
  const named = { namespace: metadata.namespace, ...own(own(like)['metadata']) };
  const full = applyDefaults(egressRouterSchema, { ...own(like), metadata: named });
  return inOrderOf({ ...rest, metadata: written }, like, full);
}

/** Set by the API server alone. */
const serverFields: ReadonlySet<string> = new Set([
  'managedFields',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'selfLink',
]);

/** kubectl's own copy of the manifest. */
function isNote(annotation: string): boolean {
  return annotation === 'kubectl.kubernetes.io/last-applied-configuration';
}

function without(
  record: Readonly<Record<string, unknown>>,
  isLeftOut: (key: string) => boolean,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !isLeftOut(key)));
}

/** @param full `like` as the API server completes it: what only that says is left out */
function inOrderOf(
  record: Readonly<Record<string, unknown>>,
  like: unknown,
  full: unknown,
): Readonly<Record<string, unknown>> {
  const order = Object.keys(own(like));
  const isFilledIn = (key: string): boolean =>
    Object.hasOwn(own(full), key) && jsonEqual(own(full)[key], record[key]);
  const keys = [
    ...order.filter((key) => Object.hasOwn(record, key)),
    ...Object.keys(record).filter((key) => !order.includes(key) && !isFilledIn(key)),
  ];
  return Object.fromEntries(keys.map((key) => [key, valueLike(record[key], own(like)[key], own(full)[key])]));
}

function valueLike(value: unknown, like: unknown, full: unknown): unknown {
  if (Array.isArray(value)) {
    const [likes, fulls] = [listOf(like), listOf(full)];
    return value.map((item: unknown, index) => valueLike(item, likes[index] ?? likes[0], fulls[index]));
  }
  return isRecord(value) ? inOrderOf(value, like, full) : value;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function own(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
