import type { EgressRouter } from '#core/egress-router/model.ts';
import type { Reconciler } from '#core/egress-router/reconciler.ts';
import { type Cidr, containsIp, familyOfCidr, ipOf } from '#core/net/cidr.ts';
import { familyOf } from '#core/net/ip.ts';
import type { Finding } from './finding.ts';

export interface NodeNic {
  readonly node: string;
  readonly name: string;
  readonly addresses: readonly Cidr[];
}

/**
 * Whether the NIC that the router stands on is on the nodes, and on the network of its address.
 *
 * @param nics what NMState reports; none where there is no NMState
 */
export function checkNic(
  { macvlan, addresses }: EgressRouter,
  nics: readonly NodeNic[],
  reconciler: Reconciler,
): Finding {
  const code = 'nic';
  const nodes = [...new Set(nics.map(({ node }) => node))];
  if (nodes.length === 0) {
    const what =
      macvlan.master === undefined ? 'which NICs the nodes have' : `which nodes have ${macvlan.master}`;
    return {
      code,
      verdict: 'information',
      message: `Nothing tells ${what}: NMState is not installed, or you may not see it.`,
    };
  }
  if (macvlan.master !== undefined && reconciler !== 'cno') {
    return checkMaster(
      macvlan.master,
      nodes,
      nics,
      addresses.map(({ address }) => address),
    );
  }
  const [first] = addresses;
  if (first === undefined) return { code, verdict: 'information', message: 'The router has no address yet.' };
  const ip = ipOf(first.address);
  const on = nics.filter((nic) => nic.addresses.some((one) => containsIp(one, ip)));
  const others = nodes.filter((node) => !on.some((nic) => nic.node === node));
  const ignored =
    macvlan.master === undefined
      ? ''
      : ` The Cluster Network Operator ignores networkInterface.macvlan.master.`;
  if (on.length === 0) {
    return {
      code,
      verdict: 'warning',
      message: `No NIC of a node is on the network of ${ip}: its pod would stand on the one with the default route. Take an address of the nodes' network${ignored === '' ? ', or name the NIC in networkInterface.macvlan.master.' : '.'}${ignored}`,
    };
  }
  const names = [...new Set(on.map(({ name }) => name))].join(', ');
  return {
    code,
    verdict: others.length === 0 ? 'ok' : 'information',
    message:
      others.length === 0
        ? `Every node has a NIC on the network of ${ip}: ${names}.${ignored}`
        : `${names} is on the network of ${ip}, but not on ${listOf(others)}. The router's pod must not run there.${ignored}`,
  };
}

function checkMaster(
  master: string,
  nodes: readonly string[],
  nics: readonly NodeNic[],
  addresses: readonly Cidr[],
): Finding {
  const code = 'nic';
  const named = nics.filter(({ name }) => name === master);
  const without = nodes.filter((node) => !named.some((nic) => nic.node === node));
  if (named.length === 0) {
    const known = [...new Set(nics.map(({ name }) => name))].join(', ');
    return {
      code,
      verdict: 'error',
      message: `No node has a NIC ${master}. There are ${known}: name one of them in networkInterface.macvlan.master.`,
    };
  }
  if (without.length > 0) {
    return {
      code,
      verdict: 'warning',
      message: `NIC ${master} is missing on ${listOf(without)}: on these the router's pod would not start. Keep it from them with the annotation egress-router-tools/node-selector.`,
    };
  }
  const stray = addresses.find((address) => isElsewhere(address, named));
  if (stray !== undefined) {
    return {
      code,
      verdict: 'warning',
      message: `${ipOf(stray)} is not on the network of ${master} of the nodes (${[...new Set(named.flatMap((nic) => nic.addresses))].join(', ')}). Its gateway may not be reached from there.`,
    };
  }
  return { code, verdict: 'ok', message: `Every node has the NIC ${master}.` };
}

/** A NIC without an address of the family tells nothing of its network. */
function isElsewhere(address: Cidr, nics: readonly NodeNic[]): boolean {
  const ip = ipOf(address);
  const own = nics.flatMap((nic) => nic.addresses).filter((one) => familyOfCidr(one) === familyOf(ip));
  return own.length > 0 && !own.some((one) => containsIp(one, ip));
}

function listOf(nodes: readonly string[]): string {
  const shown = nodes.slice(0, 5).join(', ');
  return nodes.length > 5 ? `${shown} and ${nodes.length - 5} more nodes` : shown;
}
