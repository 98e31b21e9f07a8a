import type { JsonObject } from '#core/schema/json-schema.ts';
import { objectAt } from '../json.ts';
import type { Resource } from '../resource.ts';

/** How much of the object comes with each row. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** What `kubectl get` asks for: the columns are the server's business. */
export function toTable(
  resource: Resource,
  items: readonly JsonObject[],
  metadata: JsonObject,
  include: IncludeObject,
  hasHeader = true,
): JsonObject {
  const { columns } = resource;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: hasHeader
      ? columns.map(({ name, type, format, description, priority }) => ({
          name,
          type,
          format: format ?? '',
          description: description ?? '',
          priority,
        }))
      : null,
    rows: items.map((item) => ({
      cells: columns.map(({ cell }) => cell(item)),
      ...(include === 'None' ? {} : { object: include === 'Object' ? item : toPartial(item) }),
    })),
  };
}

export function toPartial(object: JsonObject): JsonObject {
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: objectAt(object, 'metadata'),
  };
}
