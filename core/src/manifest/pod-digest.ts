import type { EgressRouter } from '#core/egress-router/model.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { type DeploymentOptions, toDeployment } from './deployment.ts';
import { toRouterConfig } from './router-config.ts';

/**
 * All that a change of needs a new pod, as a text to make a digest of: the template, and the part of the
 * configuration that a running router process cannot take up.
 */
export function toPodDigestText(
  router: EgressRouter,
  options: Omit<DeploymentOptions, 'configHash'>,
): string {
  const { template } = toDeployment(router, { ...options, configHash: '' }).spec;
  return JSON.stringify([podPart(toRouterConfig(router, options.names?.nad)), template]);
}

/** A configuration without what is reloaded in the running pod: rules and fallbacks. */
export function podPart(config: string): string {
  const conf = readJson(config);
  // Whatever somebody else wrote is compared as it is.
  if (!isJsonObject(conf) || !isJsonObject(conf['ip'])) return config;
  const { destinations: _, fallbackIP: __, ...ip } = conf['ip'];
  return JSON.stringify({ ...conf, ip });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is no configuration.
    return undefined;
  }
}
