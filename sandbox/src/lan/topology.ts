import { type Cidr, ipOf } from '#core/net/cidr.ts';
import { familyOf } from '#core/net/ip.ts';
import { addressing } from '../addressing.ts';
import { addNetns, ipBatch, type Netns, setSysctls } from '../netns.ts';
import type { UndoStack } from '../undo.ts';

/** The wires outside of the node: a switch, a gateway, and a network behind it. */
export interface Lan {
  /** Holds the bridge `lanBridge`, where the traffic of the whole LAN can be captured. */
  readonly switch: Netns;
  readonly gateway: Netns;
  readonly outside: Netns;
}

export const lanBridge = 'lan0';

/** `prefix` begins the name of every namespace. */
export async function buildLan(prefix: string, undo: UndoStack): Promise<Lan> {
  const lan: Lan = {
    switch: await addNetns(`${prefix}-lan`, undo),
    gateway: await addNetns(`${prefix}-gw`, undo),
    outside: await addNetns(`${prefix}-ext`, undo),
  };
  for (const netns of [lan.gateway, lan.outside])
    await setSysctls(netns, { 'net/ipv6/conf/default/accept_dad': 0 });
  await setSysctls(lan.switch, bridgeIsPlainSwitch);
  await setSysctls(lan.gateway, { 'net/ipv4/ip_forward': 1, 'net/ipv6/conf/all/forwarding': 1 });
  await ipBatch([`link add ${lanBridge} type bridge`, `link set ${lanBridge} up`], lan.switch);
  await plug(lan, lan.gateway, 'lan', 'gateway');
  await ipBatch([
    `link add wan netns ${lan.gateway.name} type veth peer name eth0 netns ${lan.outside.name}`,
  ]);
  await ipBatch(
    [
      ...addressesOn('lan', [addressing.lanGateway4, addressing.lanGateway6]),
      ...addressesOn('wan', [addressing.outsideGateway4, addressing.outsideGateway6]),
    ],
    lan.gateway,
  );
  await ipBatch(
    [
      ...addressesOn('eth0', addressing.outsideServers),
      `route add default via ${ipOf(addressing.outsideGateway4)}`,
      `route add ::/0 via ${ipOf(addressing.outsideGateway6)}`,
    ],
    lan.outside,
  );
  return lan;
}

/** Frames pass a bridge as they are: br_netfilter, where the machine has it, would filter and redirect them. */
export const bridgeIsPlainSwitch = {
  'net/bridge/bridge-nf-call-iptables': 0,
  'net/bridge/bridge-nf-call-ip6tables': 0,
  'net/bridge/bridge-nf-call-arptables': 0,
} as const;

/** A NIC in `netns` whose cable ends in the switch at `port`. */
export async function plug(lan: Lan, netns: Netns, nic: string, port: string): Promise<void> {
  await ipBatch([`link add ${nic} netns ${netns.name} type veth peer name ${port} netns ${lan.switch.name}`]);
  await ipBatch([`link set ${port} master ${lanBridge} up`], lan.switch);
  await ipBatch([`link set ${nic} up`], netns);
}

export function addressesOn(nic: string, addresses: readonly Cidr[]): readonly string[] {
  return [
    ...addresses.map((cidr) => `address add ${cidr} dev ${nic}${familyOf(ipOf(cidr)) === 6 ? ' nodad' : ''}`),
    `link set ${nic} up`,
  ];
}
