import type { EgressRouter } from '#core/egress-router/model.ts';
import { toPort } from '#core/net/port.ts';
import { formatNetConf } from '#core/netconf/format.ts';
import { toNetConf } from '#core/netconf/from-router.ts';
import { healthPort } from './names.ts';
import { documentedNames } from './router-names.ts';

/** The CNI configuration of a router as JSON text: what the plugin gets and the router process holds it to. */
export function toRouterConfig(router: EgressRouter, nad: string = documentedNames.nad): string {
  const localPorts = [{ protocol: 'TCP', port: toPort(healthPort) }] as const;
  return JSON.stringify(formatNetConf(toNetConf(router, { name: nad, localPorts, hasStableMac: true })));
}
