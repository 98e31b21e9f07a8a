import type { JsonObject, JsonSchema } from '#core/schema/json-schema.ts';
import { apiVersionOf, type Resource } from '../resource.ts';

/** `/openapi/v3`: one document for each group and version. */
export function openApiIndex(resources: readonly Resource[], revision: number): JsonObject {
  const paths = [...new Set(resources.map(pathOf))].map((path) => {
    // The hash lets clients keep a document until the kinds change.
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${revision}` }] as const;
  });
  return { paths: Object.fromEntries(paths) };
}

/** Schemas and the operations that kubectl looks up; undefined for what is not served. */
export function openApiDocument(path: string, resources: readonly Resource[]): JsonObject | undefined {
  const own = resources.filter((one) => pathOf(one) === path);
  if (own.length === 0) return undefined;
  const schemas = own.map((resource) => [schemaName(resource), schemaOf(resource)] as const);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'sandbox' },
    paths: Object.fromEntries(own.map((resource) => [urlOf(resource), operationsOf(resource)])),
    components: { schemas: Object.fromEntries(schemas) },
  };
}

function pathOf({ group, version }: Resource): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

function urlOf(resource: Resource): string {
  const base = `/${pathOf(resource)}${resource.isNamespaced ? '/namespaces/{namespace}' : ''}`;
  return `${base}/${resource.plural}/{name}`;
}

function schemaName({ group, version, kind }: Resource): string {
  return `${group === '' ? 'core' : group}.${version}.${kind}`;
}

function kindOf({ group, version, kind }: Resource): JsonObject {
  return { group, version, kind };
}

function schemaOf(resource: Resource): JsonSchema & JsonObject {
  return { ...resource.schema, 'x-kubernetes-group-version-kind': [kindOf(resource)] };
}

function operationsOf(resource: Resource): JsonObject {
  const parameter = (name: string): JsonObject => ({ name, in: 'query', schema: { type: 'string' } });
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map(parameter);
  const body = { 'application/json': { schema: { $ref: `#/components/schemas/${schemaName(resource)}` } } };
  const responses = { 200: { description: `OK (${apiVersionOf(resource)})`, content: body } };
  const operation = (action: string, more: JsonObject = {}): JsonObject => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': kindOf(resource),
    responses,
    ...more,
  });
  return {
    get: operation('get'),
    put: operation('put', { parameters }),
    patch: operation('patch', { parameters }),
    delete: operation('delete', { parameters: [parameter('dryRun')] }),
  };
}
