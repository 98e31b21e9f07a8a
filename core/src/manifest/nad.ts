import type { EgressRouter } from '#core/egress-router/model.ts';
import { nadApiVersion, nadKind } from './names.ts';
import { type ObjectOptions, toMetadata } from './object-metadata.ts';
import { toRouterConfig } from './router-config.ts';

/** The NetworkAttachmentDefinition by which Multus attaches the router's pod; its config is a JSON string. */
export function toNad(router: EgressRouter, options: ObjectOptions = {}) {
  return {
    apiVersion: nadApiVersion,
    kind: nadKind,
    metadata: toMetadata(router, 'nad', options),
    spec: { config: toRouterConfig(router, options.names?.nad) },
  } as const;
}
