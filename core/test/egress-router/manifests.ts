import type { JsonObject } from '#core/schema/json-schema.ts';

/** A sound manifest, with the given spec fields in place of its own. */
export function manifest(
  spec: JsonObject = {},
  metadata: JsonObject = { name: 'partner-api', namespace: 'web' },
) {
  return {
    apiVersion: 'network.operator.openshift.io/v1',
    kind: 'EgressRouter',
    metadata,
    spec: {
      addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
      redirect: { redirectRules: [rule()] },
      ...spec,
    },
  };
}

export function rule(fields: JsonObject = {}): JsonObject {
  return { destinationIP: '203.0.113.25', port: 8080, protocol: 'TCP', ...fields };
}
