import type { Ip } from '#core/net/ip.ts';
import type { NetConf } from '#core/netconf/model.ts';
import type { Surroundings } from './observe.ts';

/** What is known of a gateway, over several looks. */
export interface GatewayState {
  readonly ip: Ip;
  /** Unknown until it has answered, or has been silent for too long. */
  readonly isUp?: boolean;
  /** On the clock of the looks; absent while it answers. */
  readonly silentSinceMs?: number;
}

/** Who is silent for less is not taken for gone: the kernel itself asks three times, a second apart. */
const silenceUntilDownMs = 6_000;
/** Of one that was there the kernel has asked three times before it calls it silent; then it asks all, for the MAC may be new. */
const silenceOfKnownMs = 1_500;

/** Whether to look again soon: it is not known what has become of it. */
export function isUncertain({ isUp, silentSinceMs }: GatewayState): boolean {
  return isUp === undefined || (isUp && silentSinceMs !== undefined);
}

export function gatewaysOf(conf: NetConf | undefined): readonly Ip[] {
  return [...new Set((conf?.addresses ?? []).flatMap(({ gateway }) => gateway ?? []))];
}

export function lookAtGateways(
  gateways: readonly Ip[],
  before: readonly GatewayState[],
  { neighbors }: Pick<Surroundings, 'neighbors'>,
  nowMs: number,
): readonly GatewayState[] {
  return gateways.map((ip): GatewayState => {
    const old = before.find((state) => state.ip === ip) ?? { ip };
    const known =
      neighbors.kind === 'read' ? neighbors.value.find((neighbor) => neighbor.ip === ip)?.state : undefined;
    if (known !== undefined && presentStates.has(known)) return { ip, isUp: true };
    const silentSinceMs = old.silentSinceMs ?? nowMs;
    return nowMs - silentSinceMs >= (old.isUp === true ? silenceOfKnownMs : silenceUntilDownMs)
      ? { ip, isUp: false, silentSinceMs }
      : { ...old, silentSinceMs };
  });
}

type Attached = Pick<NetConf, 'addresses' | 'macvlan'>;

export function gatewayFaults(gateways: readonly GatewayState[], conf: Attached): readonly string[] {
  return gateways.flatMap(({ ip, isUp }) => {
    if (isUp === true) return [];
    return [isUp === undefined ? `The gateway ${ip} has not answered yet.` : silentText(ip, conf)];
  });
}

/** The usual reason is an address of a network that the NIC of this node is not in. */
function silentText(ip: Ip, { addresses, macvlan: { master } }: Attached): string {
  const own = addresses
    .filter(({ gateway }) => gateway === ip)
    .map(({ address }) => address)
    .join(', ');
  const nic =
    master === undefined
      ? "the node's NIC in that network, or that of its default route where it has none"
      : `the NIC ${master} of the node`;
  return `The gateway ${ip} does not answer the router, whose address there is ${own}, on ${nic}. See whether that NIC is in the network of the address, and in its VLAN, and whether the gateway is up.`;
}

/** Those in which the kernel sends to the neighbor. It asks again by itself before an entry grows too old. */
const presentStates: ReadonlySet<string> = new Set([
  'REACHABLE',
  'STALE',
  'DELAY',
  'PROBE',
  'PERMANENT',
  'NOARP',
]);
