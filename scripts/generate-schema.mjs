// Writes the editor's JSON schema of an EgressRouter, core/src/egress-router/schema.generated.ts, from the CRD.
// It differs from the CRD's where a person's manifest differs from a stored object: a field with a default
// may be left out, unknown fields are faults, and apiVersion, kind and metadata are spelled out.
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

export const target = 'core/src/egress-router/schema.generated.ts';

export async function generateSchema() {
  const crd = parse(await readFile('agent/deploy/manifests/crd.yaml', 'utf8'));
  const stored = crd.spec.versions[0].schema.openAPIV3Schema;
  const schema = toEditorSchema(stored);
  schema.title = 'EgressRouter';
  schema.required = ['apiVersion', 'kind', 'metadata', 'spec'];
  schema.properties.apiVersion.const = `${crd.spec.group}/${crd.spec.versions[0].name}`;
  schema.properties.kind.const = crd.spec.names.kind;
  schema.properties.metadata = metadata;
  return [
    "import type { JsonSchema } from '#core/schema/json-schema.ts';",
    '',
    '/** Generated from agent/deploy/manifests/crd.yaml by `npm run generate`. */',
    `export const egressRouterSchema: JsonSchema = ${JSON.stringify(schema, null, 2)};`,
    '',
  ].join('\n');
}

// Of what is empty there the API server takes no notice.
const strings = { type: 'object', nullable: true, additionalProperties: { type: 'string', nullable: true } };
const metadata = {
  type: 'object',
  description: 'The name of the router, its namespace, labels and annotations.',
  properties: {
    name: {
      type: 'string',
      description: 'The name of the router, one of its kind in the namespace.',
      minLength: 1,
      maxLength: 253,
    },
    generateName: {
      type: 'string',
      nullable: true,
      description: 'A prefix from which the server makes a name.',
    },
    namespace: {
      type: 'string',
      nullable: true,
      description: 'The namespace of the router and of its pod. Without it, that of the current context.',
    },
    labels: { ...strings, description: 'Labels, by which objects are selected.' },
    annotations: { ...strings, description: 'Annotations, for tools and people.' },
  },
};

function toEditorSchema(schema) {
  const result = { ...schema };
  if (schema.properties !== undefined) {
    result.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([key, property]) => [key, toEditorSchema(property)]),
    );
    if (schema.type === 'object') result.additionalProperties = false;
    const withoutDefault = (required) =>
      required.filter((key) => schema.properties[key]?.default === undefined);
    if (schema.required !== undefined) result.required = withoutDefault(schema.required);
    if (schema.oneOf !== undefined) {
      result.oneOf = schema.oneOf.map((one) =>
        one.required === undefined ? one : { ...one, required: withoutDefault(one.required) },
      );
    }
  }
  if (schema.items !== undefined) result.items = toEditorSchema(schema.items);
  for (const key of Object.keys(result)) if (key.startsWith('x-kubernetes-')) delete result[key];
  return result;
}
