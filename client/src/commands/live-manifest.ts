import type { KubernetesObject } from '#core/manifest/object.ts';

/**
 * What a person would have written to get this object: without status and without what the API server notes, its
 * fields in the order of `like`, so that a diff shows differences only.
 */
export function toManifest(live: KubernetesObject, like: unknown): Readonly<Record<string, unknown>> {
  const { status: _, metadata, ...rest } = live;
  const annotations = without(metadata.annotations ?? {}, isNote);
  const written = without(
    { ...metadata, ...(metadata.annotations === undefined ? {} : { annotations }) },
    (key) => (key === 'annotations' ? Object.keys(annotations).length === 0 : serverFields.has(key)),
  );
  return inOrderOf({ ...rest, metadata: written }, like);
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

function inOrderOf(
  record: Readonly<Record<string, unknown>>,
  like: unknown,
): Readonly<Record<string, unknown>> {
  const order = Object.keys(own(like));
  const keys = [
    ...order.filter((key) => Object.hasOwn(record, key)),
    ...Object.keys(record).filter((key) => !order.includes(key)),
  ];
  return Object.fromEntries(keys.map((key) => [key, valueLike(record[key], own(like)[key])]));
}

function valueLike(value: unknown, like: unknown): unknown {
  if (Array.isArray(value)) {
    const likes: readonly unknown[] = Array.isArray(like) ? like : [];
    return value.map((item: unknown, index) => valueLike(item, likes[index] ?? likes[0]));
  }
  return isRecord(value) ? inOrderOf(value, like) : value;
}

function own(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
