import { applyDefaults } from '#core/schema/defaults.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { validate } from '#core/schema/validate.ts';
import { badRequest } from '../api-error.ts';
import { apiVersionOf, type Resource } from '../resource.ts';
import { fieldOf } from './field-errors.ts';
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
  const { isCustom, kind, schema } = resource;
  const version = apiVersionOf(resource);
  const { value, unknown } = prune(schema, sent, !isCustom, schema.properties?.['metadata']);
  const faults = unknown.map((field) => `unknown field "${field}"`);
  if (fieldValidation === 'Strict' && faults.length > 0) {
    const text = `strict decoding error: ${faults.join(', ')}`;
    throw badRequest(
      isCustom ? text : `${kind} in version "${version}" cannot be handled as a ${kind}: ${text}`,
    );
  }
  const wrong = isCustom ? undefined : validate(schema, value).find(({ code }) => code === 'wrong-type');
  if (wrong !== undefined) {
    const field = fieldOf(wrong.path);
    throw badRequest(
      `${kind} in version "${version}" cannot be handled as a ${kind}: json: cannot unmarshal ` +
        `the value of ${kind}.${field}: ${wrong.message}`,
    );
  }
  const complete = applyDefaults(schema, value);
  const object = isJsonObject(complete) ? complete : {};
  return {
    object: resource.behavior.setDefaults?.(object) ?? object,
    warnings: fieldValidation === 'Warn' ? faults : [],
  };
}
