import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';

/** The object at a path, or an empty one where there is none. */
export function objectAt(value: unknown, ...path: readonly string[]): JsonObject {
  const found = valueAt(value, ...path);
  return isJsonObject(found) ? found : {};
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The objects of a list; what is no object is left out. */
export function objectsAt(value: unknown, ...path: readonly string[]): readonly JsonObject[] {
  return listAt(value, ...path).filter(isJsonObject);
}

export function stringsAt(value: unknown, ...path: readonly string[]): readonly string[] {
  return listAt(value, ...path).filter((item) => typeof item === 'string');
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

/** A map of strings such as labels; values of another type are left out. */
export function textsAt(value: unknown, ...path: readonly string[]): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [key, item] of Object.entries(objectAt(value, ...path))) {
    if (typeof item === 'string') texts[key] = item;
  }
  return texts;
}

export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (!isJsonObject(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

/** A copy with the value at the path set; undefined takes the key away. Objects on the way are made. */
export function withValue(object: JsonObject, path: readonly string[], value: unknown): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return object;
  if (rest.length > 0) {
    if (value === undefined && valueAt(object, ...path) === undefined) return object;
    return { ...object, [key]: withValue(objectAt(object, key), rest, value) };
  }
  if (value !== undefined) return { ...object, [key]: value };
  const { [key]: _, ...others } = object;
  return others;
}

/** A copy in which the keys of `defaults` that the object lacks are filled in. */
export function withDefaults(object: JsonObject, defaults: JsonObject): JsonObject {
  const missing = Object.entries(defaults).filter(
    ([key, value]) => value !== undefined && (object[key] === undefined || object[key] === null),
  );
  return missing.length === 0 ? object : { ...object, ...Object.fromEntries(missing) };
}

export function nameOf(object: JsonObject): string {
  return textAt(object, 'metadata', 'name') ?? '';
}

export function namespaceOf(object: JsonObject): string | undefined {
  return textAt(object, 'metadata', 'namespace');
}

export function isDeleting(object: JsonObject): boolean {
  return valueAt(object, 'metadata', 'deletionTimestamp') !== undefined;
}

/** A time as Kubernetes writes it: UTC, whole seconds. */
export function timestamp(date: Date = new Date()): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
