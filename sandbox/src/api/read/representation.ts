import type { JsonObject } from '#core/schema/json-schema.ts';
import { ApiError } from '../api-error.ts';
import { textAt } from '../json.ts';
import { apiVersionOf, type Resource } from '../resource.ts';
import { type IncludeObject, toPartial, toTable } from './table.ts';

/** In which form the client wants objects, and lists of them. */
export interface Representation {
  one(object: JsonObject): JsonObject;
  list(items: readonly JsonObject[], metadata: JsonObject): JsonObject;
  /** For watches: a table names its columns in the first event only. */
  next(object: JsonObject, isFirst: boolean): JsonObject;
}

/** Takes the first form of the Accept header that this server can give. @throws ApiError 406 */
export function readRepresentation(
  accept: string | undefined,
  resource: Resource,
  query: URLSearchParams,
): Representation {
  const wishes = (accept ?? '*/*').split(',').map((wish) => wish.trim().toLowerCase());
  for (const wish of wishes) {
    const [type = '', ...parameters] = wish.split(';').map((part) => part.trim());
    if (!['application/json', 'application/*', '*/*', ''].includes(type)) continue;
    const as = parameters.find((part) => part.startsWith('as='))?.slice(3);
    if (as === 'table') return tables(resource, readInclude(query));
    if (as === 'partialobjectmetadata' || as === 'partialobjectmetadatalist') return partials;
    if (as === undefined) return whole(resource);
  }
  throw new ApiError(
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml',
  );
}

function whole(resource: Resource): Representation {
  return {
    one: (object) => object,
    next: (object) => object,
    list: (items, metadata) => wholeList(resource, items, metadata),
  };
}

/** The items of a built-in kind do not repeat what the list says of all of them. */
export function wholeList(
  resource: Resource,
  items: readonly JsonObject[],
  metadata: JsonObject,
): JsonObject {
  const shown = resource.isCustom
    ? items
    : items.map(({ apiVersion: _version, kind: _kind, ...rest }) => rest);
  return { kind: resource.listKind, apiVersion: apiVersionOf(resource), metadata, items: shown };
}

const partials: Representation = {
  one: toPartial,
  next: toPartial,
  list: (items, metadata) => ({
    kind: 'PartialObjectMetadataList',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    items: items.map(toPartial),
  }),
};

function tables(resource: Resource, include: IncludeObject): Representation {
  const single = (object: JsonObject, hasHeader: boolean): JsonObject => {
    return toTable(
      resource,
      [object],
      { resourceVersion: textAt(object, 'metadata', 'resourceVersion') },
      include,
      hasHeader,
    );
  };
  return {
    one: (object) => single(object, true),
    next: single,
    list: (items, metadata) => toTable(resource, items, metadata, include),
  };
}

function readInclude(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject');
  return value === 'None' || value === 'Object' ? value : 'Metadata';
}
