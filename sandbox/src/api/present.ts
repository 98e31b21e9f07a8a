import type { JsonObject } from '#core/schema/json-schema.ts';
import { apiVersionOf, type Resource } from './resource.ts';

/** A stored object as this version of its kind shows it. */
export function present(resource: Resource, stored: JsonObject): JsonObject {
  const shown = resource.behavior.fromStored?.(stored) ?? stored;
  const { apiVersion: _version, kind: _kind, ...rest } = shown;
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, ...rest };
}

export function toStored(resource: Resource, shown: JsonObject): JsonObject {
  return resource.behavior.toStored?.(shown) ?? shown;
}
