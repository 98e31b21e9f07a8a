import { ipOf, prefixLengthOf, toCidr } from '#core/net/cidr.ts';
import { addressing, nodeNic } from '../addressing.ts';
import { addressesOn, bridgeIsPlainSwitch, type Lan, plug } from '../lan/topology.ts';
import { addNetns, ipBatch, loadNft, type Netns, setSysctls } from '../netns.ts';
import type { UndoStack } from '../undo.ts';

/** The bridge in the node's namespace that the pods' eth0 end at. */
export const podBridge = 'cni0';

/** A bridge without one of its own takes the lowest of its ports', which changes as pods come and go. */
const podBridgeMac = '0a:58:0a:80:00:01';

/**
 * The node: a NIC on the LAN, a bridge for the pods. The ports of the bridge are isolated from each other and the
 * node answers for every pod's address, so that traffic between pods passes the node's IP stack in both
 * directions, where kube-proxy's rules are. Pods that go outside by themselves get the node's address.
 */
export async function buildNode(prefix: string, lan: Lan, undo: UndoStack): Promise<Netns> {
  const node = await addNetns(`${prefix}-node`, undo);
  await setSysctls(node, { 'net/ipv6/conf/default/accept_dad': 0 });
  await plug(lan, node, nodeNic, 'node');
  await ipBatch([`link add ${podBridge} address ${podBridgeMac} type bridge`], node);
  await setSysctls(node, {
    ...bridgeIsPlainSwitch,
    'net/ipv4/ip_forward': 1,
    'net/ipv6/conf/all/forwarding': 1,
    'net/ipv4/conf/all/send_redirects': 0,
    [`net/ipv4/conf/${podBridge}/send_redirects`]: 0,
    [`net/ipv4/conf/${podBridge}/proxy_arp_pvlan`]: 1,
    [`net/ipv4/neigh/${podBridge}/proxy_delay`]: 0,
    [`net/ipv6/conf/${podBridge}/proxy_ndp`]: 1,
    [`net/ipv6/neigh/${podBridge}/proxy_delay`]: 0,
  });
  await ipBatch(
    [
      ...addressesOn(nodeNic, [addressing.nodeLan4, addressing.nodeLan6]),
      ...addressesOn(podBridge, [
        toCidr(addressing.podGateway4, prefixLengthOf(addressing.pods4)),
        toCidr(addressing.podGateway6, prefixLengthOf(addressing.pods6)),
      ]),
      `route add default via ${ipOf(addressing.lanGateway4)}`,
      `route add ::/0 via ${ipOf(addressing.lanGateway6)}`,
    ],
    node,
  );
  await loadNft(node, masquerade());
  return node;
}

function masquerade(): string {
  return `table inet sandbox_node {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${addressing.pods4} oifname "${nodeNic}" masquerade
    ip6 saddr ${addressing.pods6} oifname "${nodeNic}" masquerade
  }
}
`;
}
