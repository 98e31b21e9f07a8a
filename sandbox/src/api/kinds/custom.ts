import { isJsonObject, type JsonObject, type JsonSchema } from '#core/schema/json-schema.ts';
import { numberAt, objectAt, objectsAt, stringsAt, textAt, valueAt } from '../json.ts';
import type { Column, Resource, ScalePaths } from '../resource.ts';
import { tableOf } from '../resource.ts';
import { ageColumn, ageOf, nameColumn } from './columns.ts';
import { valuesAtJsonPath } from './json-path.ts';
import { plainBehavior } from './small.ts';

/** The resources that a CRD serves, one for each version that is on. */
export function customResources(crd: JsonObject, metadataSchema: JsonSchema): readonly Resource[] {
  const group = textAt(crd, 'spec', 'group') ?? '';
  const names = objectAt(crd, 'spec', 'names');
  const plural = textAt(names, 'plural') ?? '';
  const kind = textAt(names, 'kind') ?? '';
  return objectsAt(crd, 'spec', 'versions')
    .filter((version) => version['served'] === true)
    .map((version) => {
      const scale = scaleOf(objectAt(version, 'subresources', 'scale'));
      const fields = objectsAt(version, 'selectableFields').map((field) => textAt(field, 'jsonPath') ?? '');
      return {
        group,
        version: textAt(version, 'name') ?? '',
        plural,
        singular: textAt(names, 'singular') ?? kind.toLowerCase(),
        kind,
        listKind: textAt(names, 'listKind') ?? `${kind}List`,
        shortNames: stringsAt(names, 'shortNames'),
        categories: stringsAt(names, 'categories'),
        isNamespaced: textAt(crd, 'spec', 'scope') === 'Namespaced',
        isCustom: true,
        table: tableOf(group, plural),
        schema: withMetadata(valueAt(version, 'schema', 'openAPIV3Schema'), metadataSchema),
        hasStatus: valueAt(version, 'subresources', 'status') !== undefined,
        ...(scale === undefined ? {} : { scale }),
        subresources: [],
        columns: columnsOf(objectsAt(version, 'additionalPrinterColumns')),
        behavior: {
          ...plainBehavior,
          bumpsGeneration: true,
          selectable: (object: JsonObject) =>
            Object.fromEntries(
              fields.map((path) => [path.replace(/^\./, ''), shown(valuesAtJsonPath(object, path)[0])]),
            ),
        },
      };
    });
}

function withMetadata(schema: unknown, metadata: JsonSchema): JsonSchema {
  const own: JsonSchema = isSchema(schema) ? schema : {};
  const named = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata } as const;
  return { ...own, type: 'object', properties: { ...own.properties, ...named } };
}

/** A CRD's schema was checked when the CRD was made. */
function isSchema(value: unknown): value is JsonSchema {
  return isJsonObject(value);
}

function scaleOf(scale: JsonObject): ScalePaths | undefined {
  const specReplicas = keysOf(textAt(scale, 'specReplicasPath'));
  const statusReplicas = keysOf(textAt(scale, 'statusReplicasPath'));
  if (specReplicas === undefined || statusReplicas === undefined) return undefined;
  const selector = keysOf(textAt(scale, 'labelSelectorPath'));
  return { specReplicas, statusReplicas, ...(selector === undefined ? {} : { selector }) };
}

function keysOf(path: string | undefined): readonly string[] | undefined {
  return path?.split('.').filter((key) => key !== '');
}

function columnsOf(rows: readonly JsonObject[]): readonly Column[] {
  if (rows.length === 0) return [nameColumn, ageColumn];
  return [nameColumn, ...rows.map(toColumn)];
}

function toColumn(row: JsonObject): Column {
  const path = textAt(row, 'jsonPath') ?? '';
  const type = columnTypes.find((one) => one === row['type']) ?? 'string';
  const format = textAt(row, 'format');
  const description = textAt(row, 'description');
  return {
    name: textAt(row, 'name') ?? '',
    type,
    priority: numberAt(row, 'priority') ?? 0,
    ...(format === undefined ? {} : { format }),
    ...(description === undefined ? {} : { description }),
    cell(object) {
      const values = valuesAtJsonPath(object, path);
      const [first] = values;
      if (first === undefined || first === null) return null;
      if (type === 'date') return ageOf(shown(first));
      if (type === 'integer' || type === 'number') return typeof first === 'number' ? first : null;
      if (type === 'boolean') return typeof first === 'boolean' ? first : null;
      return values.map(shown).join(',');
    },
  };
}

function shown(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const columnTypes = ['string', 'integer', 'number', 'boolean', 'date'] as const;
