import type { KubernetesObject } from '#core/manifest/object.ts';

/**
 * An object as one text, beside what says which router it is of: in parts it takes three times the room. What it
 * holds besides comes back with `unpack`.
 */
export interface PackedObject extends KubernetesObject {
  readonly [whole]: string;
}

const whole = Symbol('whole');

/** The list of who set which field is larger than most of these objects, and nothing here reads it. */
export function pack(object: KubernetesObject): PackedObject {
  if (isPacked(object)) return object;
  const { apiVersion, kind, metadata } = object;
  const { managedFields: _fields, ...kept } = { managedFields: undefined, ...metadata };
  const { name, namespace, labels, ownerReferences, resourceVersion } = kept;
  const told = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels === undefined ? {} : { labels }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  return { apiVersion, kind, metadata: told, [whole]: JSON.stringify({ ...object, metadata: kept }) };
}

export function textOf(object: PackedObject): string {
  return object[whole];
}

export function unpack(text: string): KubernetesObject {
  return JSON.parse(text);
}

function isPacked(object: KubernetesObject): object is PackedObject {
  return whole in object;
}
