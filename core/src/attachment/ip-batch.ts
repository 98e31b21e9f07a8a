import { type Cidr, familyOfCidr, ipOf, networkOf } from '#core/net/cidr.ts';
import type { IfName } from '#core/net/ifname.ts';
import { familyOf, type IpFamily } from '#core/net/ip.ts';
import type { ClusterDefault } from './cluster-default.ts';
import type { AttachmentPlan, FamilyPlan } from './plan.ts';
import { clusterTable, routerTable, rulePriorities } from './routing.ts';

/** Arguments of `ip` on the node that make the link inside the pod's namespace, down and under a passing name. */
export function toLinkCommand(plan: AttachmentPlan, name: IfName, netnsPath: string): readonly string[] {
  const { master, mode, mtu, mac } = plan.macvlan;
  const size = mtu === undefined ? [] : ['mtu', String(mtu)];
  const address = mac === undefined ? [] : ['address', mac];
  const kind = ['type', 'macvlan', 'mode', mode.toLowerCase()];
  return ['link', 'add', 'link', master, 'name', name, ...address, ...size, 'netns', netnsPath, ...kind];
}

/** Input of `ip -batch -` in the pod: gives the link its name and its addresses, and starts it. */
export function toLinkBatch(plan: AttachmentPlan, temporaryName: IfName): string {
  const { ifName } = plan;
  return toText([
    `link set dev ${temporaryName} name ${ifName}`,
    ...plan.addresses.map(({ address }) => toAddressLine(plan, address)),
    `link set dev ${ifName} up`,
  ]);
}

/**
 * Without a route of its own the reserved subnet stays out of table main: a client there is answered by the
 * interface that it came in by. IPv6: the kernel's own test for duplicates would delay the first packet.
 */
export function toAddressLine({ ifName }: Pick<AttachmentPlan, 'ifName'>, address: Cidr): string {
  return `address add ${address} dev ${ifName}${familyOfCidr(address) === 6 ? ' nodad' : ''} noprefixroute`;
}

/** Input of `ip -4 -batch -` or `ip -6 -batch -` in the pod, once the link is up. */
export function toRouteBatch(plan: RoutingPlan, family: FamilyPlan): string {
  return toText([
    ...toOwnRoutes(plan, family).map((route) => `route replace ${route}`),
    ...toClusterRoutes(plan, family).map((route) => `route append ${route}`),
    ...toRules(plan, family).map((rule) => `rule add ${rule}`),
  ]);
}

type RoutingPlan = Pick<AttachmentPlan, 'ifName' | 'clusterLink'>;

/** Routes by the router's interface, as `ip` takes them. */
export function toOwnRoutes({ ifName }: RoutingPlan, family: FamilyPlan): readonly string[] {
  const { gateway } = family;
  const networks = new Set(family.addresses.map(networkOf));
  return [
    ...[...networks].map((network) => `${network} dev ${ifName} table ${routerTable}`),
    ...(gateway === undefined
      ? []
      : [
          `${gateway} dev ${ifName} table ${routerTable}`,
          // Multus' default-route adds a route by this gateway to main, and the kernel wants to know the way.
          `${gateway} dev ${ifName}`,
          `default via ${gateway} dev ${ifName} table ${routerTable}`,
        ]),
  ];
}

/** Default routes by the cluster's interface. */
export function toClusterRoutes({ clusterLink }: RoutingPlan, family: FamilyPlan): readonly string[] {
  return family.clusterDefaults.map(
    (route) => `${formatDefault(route, family.family)} dev ${clusterLink} table ${clusterTable}`,
  );
}

/** Input of `ip -force -batch -`: takes away what `toRouteBatch` added and the link would not take along. */
export function toRouteUndo(plan: RoutingPlan, family: FamilyPlan): string {
  return toText([
    ...toRules(plan, family).map((rule) => `rule del ${rule}`),
    ...(family.clusterDefaults.length === 0 ? [] : [`route flush table ${clusterTable}`]),
  ]);
}

/** Routing rules, as `ip` takes them. */
export function toRules(plan: RoutingPlan, family: FamilyPlan): readonly string[] {
  const { fromCluster, fromReserved, main, replies, fromClusterAddress, own } = rulePriorities;
  return [
    `pref ${fromCluster} iif ${plan.clusterLink} lookup ${routerTable}`,
    ...family.addresses.map((cidr) => `pref ${fromReserved} from ${ipOf(cidr)} lookup ${routerTable}`),
    `pref ${main} lookup main suppress_prefixlength 0`,
    `pref ${replies} iif ${plan.ifName} lookup ${clusterTable}`,
    ...family.clusterAddresses.map((ip) => `pref ${fromClusterAddress} from ${ip} lookup ${clusterTable}`),
    ...(family.gateway === undefined ? [] : [`pref ${own} lookup ${routerTable}`]),
  ];
}

function formatDefault(route: ClusterDefault, family: IpFamily): string {
  const { gateway, isOnlink, metric } = route;
  const via = gateway === undefined ? '' : ` via ${familyOf(gateway) === family ? '' : 'inet6 '}${gateway}`;
  return `default${via}${isOnlink ? ' onlink' : ''}${metric === undefined ? '' : ` metric ${metric}`}`;
}

function toText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
