import type { LiveState } from '#core/egress-router/apply-plan.ts';
import type { EgressRouter } from '#core/egress-router/model.ts';
import { listAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import {
  firstFamilyText,
  type ServiceFamily,
  tellsOfMissingFamily,
  unservedFamilies,
} from '#core/manifest/service-families.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { gather } from './gather.ts';

/** Of `gather`, or why the cluster would not make the Service at all. */
export type GatheredService =
  | readonly { readonly object: KubernetesObject; readonly state: LiveState }[]
  /** Its Services have no addresses of the family that is asked for. */
  | 'family-missing'
  /** It is no name of a Service. */
  | 'name-refused';

export async function gatherService(
  connection: Connection,
  service: KubernetesObject,
  signal: AbortSignal,
): Promise<GatheredService> {
  try {
    return await gather(connection, [service], signal);
  } catch (error) {
    if (!ClusterError.is(error, 'invalid')) throw error;
    if (tellsOfMissingFamily(error.message)) return 'family-missing';
    if (/\bmetadata\.name: Invalid value\b/.test(error.message)) return 'name-refused';
    throw error;
  }
}

/** Those of a Service's addresses from which a router leads on. */
export function servedAddresses(
  families: readonly ServiceFamily[],
  service: KubernetesObject,
): readonly string[] {
  return listAt(service, 'spec', 'clusterIPs')
    .filter((text) => typeof text === 'string')
    .filter((text) => families.includes(text.includes(':') ? 'IPv6' : 'IPv4'));
}

/** Sentences: of which family clients have no address to call, or one that refuses them. */
export function familyWarnings(router: EgressRouter, service: KubernetesObject): readonly string[] {
  const missing = unservedFamilies(router, service).map(
    (family) =>
      `The Service has no ${family} address, so no client reaches the rules of ${router.namespace}/${router.name} with ${family} destinations: the cluster does not give one, or the Service was made without. Delete the Service and expose the router again, in a cluster with ${family} or dual-stack Services.`,
  );
  const first = firstFamilyText(router, service);
  return first === undefined ? missing : [...missing, first];
}
