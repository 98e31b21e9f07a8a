import type { EgressRouter } from '#core/egress-router/model.ts';
import { configMapName, configPath } from './names.ts';
import type { OwnerReference } from './object.ts';
import { toRouterConfig } from './router-config.ts';

/** What the router process holds the pod's network against: the same configuration that the plugin got. */
export function toConfigMap(router: EgressRouter, owner?: OwnerReference) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: configMapName,
      ...(router.namespace === undefined ? {} : { namespace: router.namespace }),
      ...(owner === undefined ? {} : { ownerReferences: [owner] }),
    },
    data: { [configPath.replace(/^.*\//, '')]: toRouterConfig(router) },
  } as const;
}
