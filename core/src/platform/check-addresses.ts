import type { EgressRouter } from '#core/egress-router/model.ts';
import { type Cidr, containsIp, ipOf } from '#core/net/cidr.ts';
import type { Ip } from '#core/net/ip.ts';
import type { Finding } from './finding.ts';

/** What is known of addresses in the cluster. */
export interface AddressFacts {
  readonly networks: readonly { readonly name: 'pod' | 'service' | 'machine'; readonly cidr: Cidr }[];
  /** By anything but the router itself. */
  readonly taken: readonly Taken[];
  /** By the router itself: its running pod is on the network with them. */
  readonly held: readonly Ip[];
  /** What could not be looked at: `pods of other namespaces`. */
  readonly unseen: readonly string[];
}

export interface Taken {
  readonly ip: Ip;
  /** `node worker-1` */
  readonly by: string;
  /** Reserved in a spec, which does not tell whether it is on the network too. */
  readonly isClaim?: true;
}

/** Whether each address of the router is free, one finding for all that are. */
export function checkAddresses(router: EgressRouter, facts: AddressFacts): readonly Finding[] {
  const ips = router.addresses.map(({ address }) => ipOf(address));
  const faults = ips.flatMap((ip) => faultOf(ip, facts) ?? []);
  const free = ips.filter((ip) => faultOf(ip, facts) === undefined);
  return free.length === 0 ? faults : [...faults, freeFinding(free, facts)];
}

function faultOf(ip: Ip, { networks, taken, held, unseen }: AddressFacts): Finding | undefined {
  const network = networks.find(({ name, cidr }) => name !== 'machine' && containsIp(cidr, ip));
  if (network !== undefined) {
    return {
      code: 'address',
      verdict: 'error',
      message: `${ip} is in ${network.cidr}, the ${network.name} network of the cluster. Take a free address of the network that the nodes are on.`,
    };
  }
  const entries = taken.filter((entry) => entry.ip === ip);
  const owners = [...new Set(entries.map(({ by }) => by))];
  if (owners.length === 0) return undefined;
  // Of a pod that may not be seen nobody knows whether it is on the network with the address, too.
  const isHeldHere = held.includes(ip) && !unseen.some((one) => one.startsWith('pods'));
  if (isHeldHere && entries.every(({ isClaim }) => isClaim === true)) {
    return {
      code: 'address',
      verdict: 'warning',
      message: `${ip} is on this router's pod, and reserved as well by ${owners.join(', ')}. Change the address there, not here: whenever this router gets a new pod, the other may take it first.`,
    };
  }
  return {
    code: 'address',
    verdict: 'error',
    message: `${ip} is taken: ${owners.join(', ')} ${owners.length === 1 ? 'has' : 'have'} it. Take an address that nothing else has.`,
  };
}

function freeFinding(free: readonly Ip[], { unseen }: AddressFacts): Finding {
  const list = free.join(', ');
  const told = `${list} ${free.length === 1 ? 'is' : 'are'} free as far as the cluster tells`;
  const outside =
    'Hosts outside of the cluster are not known here: the address must be reserved for the router.';
  if (unseen.length === 0) {
    return {
      code: 'address',
      verdict: 'ok',
      message: `${told}: no other router, pod or node has it. ${outside}`,
    };
  }
  return {
    code: 'address',
    verdict: 'information',
    message: `${told}, but you may not see ${unseen.join(', ')}. ${outside}`,
  };
}
