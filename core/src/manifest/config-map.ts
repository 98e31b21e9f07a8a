import type { EgressRouter } from '#core/egress-router/model.ts';
import { configPath } from './names.ts';
import { type ObjectOptions, toMetadata } from './object-metadata.ts';
import { toRouterConfig } from './router-config.ts';

/** What the router process holds the pod's network against: the same configuration that the plugin got. */
export function toConfigMap(router: EgressRouter, options: ObjectOptions = {}) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: toMetadata(router, 'configMap', options),
    data: { [configPath.replace(/^.*\//, '')]: toRouterConfig(router, options.names?.nad) },
  } as const;
}
