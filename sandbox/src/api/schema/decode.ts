import { applyDefaults } from '#core/schema/defaults.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { validate } from '#core/schema/validate.ts';
import { badRequest } from '../api-error.ts';
import { objectAt } from '../json.ts';
import type { Resource } from '../resource.ts';
import { goTypeFault } from './go-type-fault.ts';
import { prune } from './prune.ts';

/** What the client wants to happen with fields that the kind does not have. */
export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface Decoded {
  readonly object: JsonObject;
  readonly warnings: readonly string[];
}

/**
 * What a client sent, as an object of the kind: unknown fields dropped (and told, or refused), defaults filled
 * in. Values that no Go type could hold are refused for the built-in kinds.
 * @throws ApiError 400
 */
export function decode(sent: JsonObject, resource: Resource, fieldValidation: FieldValidation): Decoded {
  const { isCustom, kind, version, schema } = resource;
  const refusal = `${kind} in version "${version}" cannot be handled as a ${kind}`;
  const { value, unknown } = prune(schema, sent, !isCustom, schema.properties?.['metadata']);
  const faults = unknown.map((field) => `unknown field "${field}"`);
  if (fieldValidation === 'Strict' && faults.length > 0) {
    throw badRequest(`${refusal}: strict decoding error: ${faults.join(', ')}`);
  }
  const wrong = isCustom ? undefined : validate(schema, value).find(({ code }) => code === 'wrong-type');
  if (wrong !== undefined) throw badRequest(`${refusal}: ${goTypeFault(schema, value, wrong.path)}`);
  const complete = applyDefaults(schema, value);
  const object = withoutEmptyMetadata(isJsonObject(complete) ? complete : {});
  return {
    object: resource.behavior.setDefaults?.(object) ?? object,
    warnings: fieldValidation === 'Warn' ? faults : [],
  };
}

/** Empty lists and maps in the metadata are as good as none, for every kind. */
function withoutEmptyMetadata(object: JsonObject): JsonObject {
  const kept = Object.entries(objectAt(object, 'metadata')).filter(([, value]) => {
    if (Array.isArray(value)) return value.length > 0;
    return isJsonObject(value) ? Object.keys(value).length > 0 : value !== '';
  });
  return { ...object, metadata: Object.fromEntries(kept) };
}
