import { nadApiVersion, nadKind } from '#core/manifest/names.ts';
import { netConfSchema } from '#core/netconf/schema.ts';
import type { Path } from '#core/problem.ts';
import { isJsonObject, type JsonSchema } from '#core/schema/json-schema.ts';
import { followSchema } from './follow-schema.ts';

/** The fields of a NAD around its configuration. */
export const nadSchema: JsonSchema = {
  type: 'object',
  properties: {
    apiVersion: { type: 'string', description: 'The version of the API.', const: nadApiVersion },
    kind: { type: 'string', description: 'A network that Multus attaches pods to.', const: nadKind },
    metadata: {
      type: 'object',
      description: 'Name, namespace, labels and annotations.',
      properties: {
        name: {
          type: 'string',
          description:
            'The name by which pods ask for the network, in the annotation k8s.v1.cni.cncf.io/networks.',
        },
        namespace: { type: 'string', description: 'The namespace of the pods that may ask for it.' },
        labels: { type: 'object', description: 'Labels, by which objects are selected.' },
        annotations: { type: 'object', description: 'Annotations, for tools and people.' },
      },
    },
    spec: {
      type: 'object',
      description: 'What the network is.',
      properties: {
        config: {
          type: 'string',
          description:
            'The configuration of the CNI plugin, as JSON in a string. Multus hands it to the plugin for each pod.',
        },
      },
    },
  },
};

/** The schema of what a path of a NAD names, in its configuration too. */
export function nadSchemaAt(path: Path): JsonSchema | undefined {
  const inside = configPath(path);
  return inside === undefined ? followSchema(nadSchema, path) : followSchema(netConfSchema, inside);
}

/** The path within the configuration of the plugin, which may be one of a list; undefined for what is outside. */
export function configPath([spec, config, ...rest]: Path): Path | undefined {
  if (spec !== 'spec' || config !== 'config' || rest.length === 0) return undefined;
  return rest[0] === 'plugins' && typeof rest[1] === 'number' ? rest.slice(2) : rest;
}

/** The configuration of the plugin that a path leads into. @param json as the string holds it */
export function configAt(json: unknown, [, , first, index]: Path): unknown {
  if (first !== 'plugins' || typeof index !== 'number' || !isJsonObject(json)) return json;
  const { plugins } = json;
  return Array.isArray(plugins) ? (plugins[index] as unknown) : undefined;
}
