import { findRefusals } from '#core/egress-router/checks/refusals.ts';
import type { ParsedRouter } from '#core/egress-router/parse.ts';
import { parseJson, textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { parseNetConf } from '#core/netconf/parse.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { conditionOf } from './condition.ts';
import { type Parts, reconcilerOf } from './router-parts.ts';

export type InForceParts = Pick<Parts, 'router' | 'nad' | 'deployment'>;

/** What of a router counts for its clients. */
export interface InForce {
  readonly router: KubernetesObject;
  /** False where its spec is refused and nothing tells what stays of the last good one. */
  readonly isKnown: boolean;
}

/**
 * The router as it is stored; while this project's operator refuses its spec, with addresses, NIC, rules and fallback
 * of the last good one, which stay in the NetworkAttachmentDefinition.
 */
export function inForceOf(parts: InForceParts, stored: ParsedRouter): InForce {
  const { router, nad } = parts;
  if (!mayRefuse(parts) || findRefusals(stored, 'agent').length === 0) return { router, isKnown: true };
  const { conf } = parseNetConf(parseJson(textAt(nad, 'spec', 'config') ?? ''));
  if (conf === undefined) return { router, isKnown: false };
  const { addresses, macvlan, rules, fallbacks } = conf;
  const fallbackIP = fallbacks.v4 ?? fallbacks.v6;
  const spec = {
    ...(isJsonObject(router['spec']) ? router['spec'] : {}),
    networkInterface: { macvlan },
    addresses: addresses.map(({ address, gateway }) =>
      gateway === undefined ? { ip: address } : { ip: address, gateway },
    ),
    redirect: {
      redirectRules: rules.map(({ port, protocol, destination, targetPort }) => ({
        port,
        protocol,
        destinationIP: destination,
        targetPort,
      })),
      ...(fallbackIP === undefined ? {} : { fallbackIP }),
    },
  };
  return { router: { ...router, spec }, isKnown: true };
}

/** Whether the operator of this project acts: where no Deployment tells, it may have told itself. */
function mayRefuse({ router, deployment }: InForceParts): boolean {
  const reconciler = reconcilerOf(deployment);
  return reconciler === 'agent' || (reconciler === 'unknown' && isRefusalTold(router));
}

/** By a condition. */
export function isRefusalTold(router: KubernetesObject): boolean {
  const degraded = conditionOf(router, 'Degraded');
  return degraded?.status === 'True' && degraded.reason === 'InvalidSpec';
}
