import { type Cidr, containsIp, firstIp, ipOf, prefixLengthOf } from '#core/net/cidr.ts';
import { bitsOf, familyOf, type Ip, ipFromNumber, ipToNumber } from '#core/net/ip.ts';
import type { RouteFacts } from './facts.ts';

/** A default route by the cluster's interface. */
export interface ClusterDefault {
  readonly gateway?: Ip;
  readonly isOnlink: boolean;
  readonly metric?: number;
}

/**
 * The ways back to clients that no narrower route of the pod reaches. Where Multus has deleted the default
 * route (a `default-route` in the pod's annotation), the gateway is taken from another route, else it is the
 * one host that the pod has a route to (Calico), else the first host of the subnet.
 */
export function clusterDefaultsOf(
  routes: readonly RouteFacts[],
  addresses: readonly Cidr[],
): readonly ClusterDefault[] {
  const defaults = routes.filter((route) => prefixLengthOf(route.destination) === 0);
  if (defaults.length > 0) {
    return defaults.map(({ gateway, isOnlink, metric }) => ({
      ...(gateway === undefined ? {} : { gateway }),
      isOnlink,
      ...(metric === undefined ? {} : { metric }),
    }));
  }
  const gateway =
    routes.find((route) => route.gateway !== undefined)?.gateway ?? guessGateway(routes, addresses);
  return gateway === undefined ? [] : [{ gateway, isOnlink: !isReachable(gateway, routes) }];
}

function guessGateway(routes: readonly RouteFacts[], addresses: readonly Cidr[]): Ip | undefined {
  const host = routes.find((route) => isHost(route.destination));
  if (host !== undefined) return ipOf(host.destination);
  const subnet = addresses.find((address) => !isHost(address));
  if (subnet === undefined) return undefined;
  const first = ipFromNumber(ipToNumber(firstIp(subnet)) + 1n, familyOf(ipOf(subnet)));
  return first === ipOf(subnet) ? undefined : first;
}

function isReachable(gateway: Ip, routes: readonly RouteFacts[]): boolean {
  return (
    /^fe[89ab]/.test(gateway) ||
    routes.some((route) => route.gateway === undefined && containsIp(route.destination, gateway))
  );
}

function isHost(cidr: Cidr): boolean {
  return prefixLengthOf(cidr) === bitsOf(familyOf(ipOf(cidr)));
}
