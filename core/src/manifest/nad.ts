import type { EgressRouter } from '#core/egress-router/model.ts';
import { nadApiVersion, nadKind, nadName } from './names.ts';
import type { OwnerReference } from './object.ts';
import { toRouterConfig } from './router-config.ts';

/** The NetworkAttachmentDefinition by which Multus attaches the router's pod; its config is a JSON string. */
export function toNad(router: EgressRouter, owner?: OwnerReference) {
  return {
    apiVersion: nadApiVersion,
    kind: nadKind,
    metadata: {
      name: nadName,
      ...(router.namespace === undefined ? {} : { namespace: router.namespace }),
      ...(owner === undefined ? {} : { ownerReferences: [owner] }),
    },
    spec: { config: toRouterConfig(router) },
  } as const;
}
