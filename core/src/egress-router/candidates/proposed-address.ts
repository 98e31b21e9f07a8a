import { containsIp, ipOf, networkOf } from '#core/net/cidr.ts';
import type { IpFamily } from '#core/net/ip.ts';
import { usualGateways } from '../checks/usual-network.ts';
import { freeAddresses } from './address-candidates.ts';
import type { Surroundings } from './candidate.ts';

/** What a new manifest is begun with, to be overwritten. */
export interface ProposedAddress {
  /** With the length of its prefix. */
  readonly ip: string;
  readonly gateway: string;
}

/** The next free address where routers of the workspace or nodes of the cluster are; else the sample. */
export function proposedAddress(family: IpFamily, surroundings: Surroundings): ProposedAddress {
  const [free] = freeAddresses(surroundings, new Set()).filter((one) => one.family === family);
  if (free === undefined) return samples[family];
  const network = networkOf(free.address);
  const known = surroundings.facts
    .flatMap((fact) => (fact.kind === 'router' ? fact.addresses.map(({ gateway }) => gateway) : []))
    .find((gateway) => gateway !== undefined && containsIp(network, gateway));
  const gateway = known ?? usualGateways(free.address).find(({ ip }) => ip !== ipOf(free.address))?.ip;
  return gateway === undefined ? samples[family] : { ip: free.address, gateway };
}

const samples = {
  4: { ip: '192.168.12.99/24', gateway: '192.168.12.1' },
  6: { ip: 'fd12::99/64', gateway: 'fd12::1' },
} as const satisfies Record<IpFamily, ProposedAddress>;
