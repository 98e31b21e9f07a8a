import { textAt } from '#core/json-value.ts';
import { clusterIfName } from '#core/manifest/names.ts';
import { prefixLengthOf, toCidr } from '#core/net/cidr.ts';
import type { Ip4, Ip6 } from '#core/net/ip.ts';
import { addressing } from '../addressing.ts';
import { mustRun } from '../command.ts';
import { addressesOn } from '../lan/topology.ts';
import { addNetns, ipBatch, type Netns, setSysctls } from '../netns.ts';
import type { UndoStack } from '../undo.ts';
import { podBridge } from './network.ts';

export interface PodAddresses {
  readonly ip4: Ip4;
  readonly ip6: Ip6;
}

/** A pod's namespace with its interface on the cluster network, as the cluster's own CNI plugin would make it. */
export interface PodNetwork {
  readonly netns: Netns;
  readonly mac: string;
}

/** `port` names the node's end of the cable: 15 characters at most. */
export async function buildPodNetwork(
  name: string,
  port: string,
  node: Netns,
  { ip4, ip6 }: PodAddresses,
  undo: UndoStack,
): Promise<PodNetwork> {
  const netns = await addNetns(name, undo);
  await setSysctls(netns, { 'net/ipv6/conf/default/accept_dad': 0, 'net/ipv6/conf/default/accept_ra': 0 });
  undo.defer(`forget the neighbor ${ip6}`, () => ipBatch([`neigh del proxy ${ip6} dev ${podBridge}`], node));
  await ipBatch([
    `link add ${clusterIfName} netns ${netns.name} type veth peer name ${port} netns ${node.name}`,
  ]);
  await ipBatch(
    [
      `link set ${port} master ${podBridge} up`,
      `link set ${port} type bridge_slave isolated on`,
      `neigh add proxy ${ip6} dev ${podBridge}`,
    ],
    node,
  );
  await ipBatch(
    [
      ...addressesOn(clusterIfName, [
        toCidr(ip4, prefixLengthOf(addressing.pods4)),
        toCidr(ip6, prefixLengthOf(addressing.pods6)),
      ]),
      `route add default via ${addressing.podGateway4}`,
      `route add ::/0 via ${addressing.podGateway6}`,
    ],
    netns,
  );
  const links: unknown = JSON.parse(
    await mustRun(['ip', '-n', netns.name, '-j', 'link', 'show', clusterIfName]),
  );
  return { netns, mac: textAt(links, 0, 'address') ?? '' };
}
