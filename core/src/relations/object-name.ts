import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import type { ObjectName } from './facts.ts';

/** Name and namespace as they are written, where they are words. */
export function readObjectName(object: JsonObject): ObjectName {
  const metadata = object['metadata'];
  if (!isJsonObject(metadata)) return {};
  const { name, namespace } = metadata;
  return {
    ...(typeof name === 'string' && name !== '' ? { name } : {}),
    ...(typeof namespace === 'string' && namespace !== '' ? { namespace } : {}),
  };
}
