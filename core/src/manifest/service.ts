import type { EgressRouter, RedirectRule } from '#core/egress-router/model.ts';
import type { Port } from '#core/net/port.ts';
import type { Protocol } from '#core/net/protocol.ts';
import { appLabel } from './names.ts';
import type { OwnerReference } from './object.ts';
import { documentedNames, type RouterNames } from './router-names.ts';
import { toServiceFamilies } from './service-families.ts';

export interface ServiceOptions {
  /** Absent: the documented ones. */
  readonly names?: RouterNames;
  /** The router, so that the Service goes when the router goes. Without `blockOwnerDeletion`: users lack that right. */
  readonly owner?: OwnerReference;
  /** The Service as it is, where there is one. */
  readonly present?: unknown;
  /** Ports to open for a router that only has a fallback, which redirects every port. */
  readonly extraPorts?: readonly { readonly port: Port; readonly protocol: Protocol }[];
}

/** The Service by which clients reach a router. It bears the router's name, and a port for each rule. */
export function toService(router: EgressRouter, options: ServiceOptions = {}) {
  const labels = { [appLabel]: (options.names ?? documentedNames).app };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: router.name,
      ...(router.namespace === undefined ? {} : { namespace: router.namespace }),
      labels,
      ...(options.owner === undefined ? {} : { ownerReferences: [options.owner] }),
    },
    spec: {
      type: 'ClusterIP',
      ...toServiceFamilies(router, options.present),
      selector: labels,
      ports: toServicePorts([...router.rules, ...(options.extraPorts ?? [])]),
    },
  } as const;
}

/** One port for each protocol and number, named as the platform documents it: `tcp-8080`. */
export function toServicePorts(rules: readonly Pick<RedirectRule, 'port' | 'protocol'>[]) {
  const ports = rules.map(({ port, protocol }) => ({
    name: `${protocol.toLowerCase()}-${port}`,
    protocol,
    port,
    targetPort: port,
  }));
  const seen = new Set<string>();
  return ports.filter(({ name }) => !seen.has(name) && seen.add(name));
}
