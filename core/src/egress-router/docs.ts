import type { Path } from '#core/problem.ts';
import type { JsonSchema } from '#core/schema/json-schema.ts';
import { egressRouterSchema } from './schema.generated.ts';

/** What there is to say about a field of the manifest; `example` is YAML, starting with the field's key. */
export interface FieldDoc {
  readonly description: string;
  readonly example: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

/** @returns undefined for a path that the schema does not list, such as one below `metadata.labels`. */
export function docOf(path: Path): FieldDoc | undefined {
  let schema = egressRouterSchema;
  let isRequired = true;
  for (const step of path) {
    const next = typeof step === 'number' ? schema.items : ownProperty(schema, step);
    if (next === undefined) return undefined;
    isRequired = typeof step === 'string' && (schema.required ?? []).includes(step);
    schema = next;
  }
  const key = keyOf(path);
  const example = Object.hasOwn(examples, key) ? examples[key] : undefined;
  return schema.description === undefined || example === undefined
    ? undefined
    : { description: schema.description, example, schema, isRequired };
}

/** Paths that have an example, without indices, `spec.addresses.ip`. A test holds them to the schema's. */
export function documentedPaths(): readonly string[] {
  return Object.keys(examples);
}

/**
 * The keys that the object at a path may have, in the order people write them: what must be there first. Of a
 * list, those of its entries. `status` is the cluster's to write, and not among them.
 */
export function keysOf(path: Path): readonly string[] {
  return keysByParent.get(keyOf(path)) ?? [];
}

/** The path without indices, as a key of the tables. */
function keyOf(path: Path): string {
  return path.filter((step) => typeof step === 'string').join('.');
}

function ownProperty(schema: JsonSchema, key: string): JsonSchema | undefined {
  return Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : undefined;
}

const rule = `  - port: 8080
    protocol: TCP
    destinationIP: 203.0.113.25
    targetPort: 80`;

/** In the order people write them. */
const examples: Readonly<Record<string, string>> = {
  apiVersion: 'apiVersion: network.operator.openshift.io/v1',
  kind: 'kind: EgressRouter',
  metadata: 'metadata:\n  name: partner-api\n  namespace: web',
  'metadata.name': 'name: partner-api',
  'metadata.namespace': 'namespace: web',
  'metadata.labels': 'labels:\n  team: payments',
  'metadata.annotations': 'annotations:\n  contact: payments@example.com',
  'metadata.generateName': 'generateName: partner-',
  spec: `spec:\n  addresses:\n    - ip: 192.168.12.99/24\n      gateway: 192.168.12.1\n  redirect:\n    redirectRules:\n    ${rule.replaceAll('\n', '\n    ')}`,
  'spec.addresses': 'addresses:\n  - ip: 192.168.12.99/24\n    gateway: 192.168.12.1',
  'spec.addresses.ip': 'ip: 192.168.12.99/24',
  'spec.addresses.gateway': 'gateway: 192.168.12.1',
  'spec.redirect': `redirect:\n  redirectRules:\n  ${rule.replaceAll('\n', '\n  ')}`,
  'spec.redirect.redirectRules': `redirectRules:\n${rule}`,
  'spec.redirect.redirectRules.port': 'port: 8080',
  'spec.redirect.redirectRules.protocol': 'protocol: TCP',
  'spec.redirect.redirectRules.destinationIP': 'destinationIP: 203.0.113.25',
  'spec.redirect.redirectRules.targetPort': 'targetPort: 80',
  'spec.redirect.fallbackIP': 'fallbackIP: 203.0.113.26',
  'spec.mode': 'mode: Redirect',
  'spec.networkInterface': 'networkInterface:\n  macvlan:\n    mode: Bridge\n    master: enp1s0',
  'spec.networkInterface.macvlan': 'macvlan:\n  mode: Bridge\n  master: enp1s0',
  'spec.networkInterface.macvlan.mode': 'mode: Bridge',
  'spec.networkInterface.macvlan.master': 'master: enp1s0',
  status: 'status:\n  conditions:\n    - type: Available\n      status: "True"',
  'status.conditions': 'conditions:\n  - type: Available\n    status: "True"',
  'status.conditions.type': 'type: Available',
  'status.conditions.status': 'status: "True"',
  'status.conditions.lastTransitionTime': 'lastTransitionTime: 2026-01-31T12:00:00Z',
  'status.conditions.reason': 'reason: PodReady',
  'status.conditions.message': 'message: The router pod is ready.',
};

const keysByParent = byParent(Object.keys(examples).filter((path) => !path.startsWith('status')));

function byParent(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, string[]>();
  for (const path of paths) {
    const dot = path.lastIndexOf('.');
    const parent = path.slice(0, Math.max(dot, 0));
    keys.set(parent, [...(keys.get(parent) ?? []), path.slice(dot + 1)]);
  }
  return keys;
}
