import type { JsonObject } from '#core/schema/json-schema.ts';
import { badRequest } from '../api-error.ts';
import { nameOf, namespaceOf, textsAt } from '../json.ts';
import type { Resource } from '../resource.ts';
import { matchesFields, parseFieldSelector } from '../select/field-selector.ts';
import { matchesLabels, parseLabelSelector } from '../select/label-selector.ts';

/** Tests an object as shown. */
export type Selection = (object: JsonObject) => boolean;

/** What a list or a watch is narrowed to. @throws ApiError 400 */
export function readSelection(resource: Resource, query: URLSearchParams, name?: string): Selection {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '');
  const known = Object.keys(selectableFields(resource, {}));
  const unknown = fields.find(({ field }) => !known.includes(field));
  if (unknown !== undefined) {
    const { field } = unknown;
    const list = known.map((one) => `"${one}"`).join(', ');
    throw badRequest(
      resource.isCustom
        ? `field label not supported: ${field}`
        : `"${field}" is not a known field selector: only ${list}`,
    );
  }
  return (object) =>
    (name === undefined || nameOf(object) === name) &&
    matchesLabels(labels, textsAt(object, 'metadata', 'labels')) &&
    (fields.length === 0 || matchesFields(fields, selectableFields(resource, object)));
}

function selectableFields(resource: Resource, object: JsonObject): Readonly<Record<string, string>> {
  return {
    'metadata.name': nameOf(object),
    ...(resource.isNamespaced ? { 'metadata.namespace': namespaceOf(object) ?? '' } : {}),
    ...resource.behavior.selectable?.(object),
  };
}
