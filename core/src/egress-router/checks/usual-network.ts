import {
  type Cidr,
  containsIp,
  familyOfCidr,
  firstIp,
  hasBroadcast,
  ipOf,
  lastIp,
  prefixLengthOf,
  toCidr,
} from '#core/net/cidr.ts';
import { bitsOf, familyOf, type Ip, type IpFamily, ipFromNumber, ipToNumber } from '#core/net/ip.ts';
import { specialRangeOf } from '#core/net/special-range.ts';
import type { Fix, Path } from '#core/problem.ts';

/** Prefix lengths by how likely a network has them, the narrow ones of a family before the wide ones. */
const usualLengths = {
  4: [24, 23, 22, 21, 20, 19, 18, 17, 16, 12, 8],
  6: [64, 56, 48, 32],
} as const satisfies Record<IpFamily, readonly number[]>;

/**
 * The narrowest usual network in which both are hosts; without a gateway, or with one that no network of the
 * address can hold, the most usual one.
 */
function usualNetwork(ip: Ip, gateway: Ip | undefined): Cidr {
  const networks = usualLengths[familyOf(ip)].map((length) => toCidr(ip, length));
  const found =
    gateway === undefined || isLinkLocal6(gateway)
      ? undefined
      : networks.find(
          (network) =>
            prefixLengthOf(network) >= shortestLength(ip) &&
            containsIp(network, gateway) &&
            isHost(network) &&
            isHost(toCidr(gateway, prefixLengthOf(network))),
        );
  return found ?? networks[0] ?? toCidr(ip, 24);
}

/** RFC 1918: no network of private addresses is larger than their range. */
function shortestLength(ip: Ip): number {
  if (ip.startsWith('192.168.')) return 16;
  return /^172\.(1[6-9]|2\d|3[01])\./.test(ip) ? 12 : 0;
}

function isHost(cidr: Cidr): boolean {
  const ip = ipOf(cidr);
  return ip !== firstIp(cidr) && !(hasBroadcast(cidr) && ip === lastIp(cidr));
}

/** By custom a router is the first host of its network or, in IPv4, the last one. Never the address itself. */
export function usualGateways(
  address: Cidr,
): readonly { readonly ip: Ip; readonly place: 'first' | 'last' }[] {
  const first = ipToNumber(firstIp(address));
  const last = ipToNumber(lastIp(address));
  const family = familyOfCidr(address);
  // RFC 3021, RFC 6164: both addresses of a link of two are hosts.
  const margin = last - first < 3n ? 0n : 1n;
  const hosts = [{ ip: ipFromNumber(first + margin, family), place: 'first' as const }];
  const ends =
    family === 4 || margin === 0n
      ? [...hosts, { ip: ipFromNumber(last - margin, family), place: 'last' as const }]
      : hosts;
  return ends.filter(({ ip }) => ip !== ipOf(address) && specialRangeOf(ip) === undefined);
}

/** A host prefix has no room for a gateway: it is then reached on the link itself. */
export function isHostPrefix(cidr: Cidr): boolean {
  return prefixLengthOf(cidr) === bitsOf(familyOfCidr(cidr));
}

export function isLinkLocal6(ip: Ip): boolean {
  return /^fe[89ab][0-9a-f]:/.test(ip);
}

/** The prefix length that `networkFix` offers where it offers any. */
export function usualLength(ip: Ip, gateway: Ip | undefined): number {
  return prefixLengthOf(usualNetwork(ip, gateway));
}

/** `written`: the address as it stands in the document. */
export function networkFix(ip: Ip, gateway: Ip | undefined, written: string, path: Path): readonly Fix[] {
  const network = usualNetwork(ip, gateway);
  if (!isHost(network)) return [];
  const length = prefixLengthOf(network);
  const reason =
    gateway !== undefined && containsIp(network, gateway)
      ? `whose network holds the gateway ${gateway}`
      : 'the usual length';
  const title = `Use /${length}, ${reason}`;
  return [{ title, edits: [{ kind: 'replace', path, value: `${written}/${length}` }] }];
}

/** The same where the gateway is what tells that the prefix is wrong. */
export function networkOfGatewayFix(ip: Ip, gateway: Ip, path: Path): readonly Fix[] {
  return containsIp(usualNetwork(ip, gateway), gateway) ? networkFix(ip, gateway, ip, path) : [];
}

/** `kind`: whether there is a gateway to replace. `path`: the gateway's. */
export function gatewayFixes(address: Cidr, kind: 'add' | 'replace', path: Path): readonly Fix[] {
  return usualGateways(address).map(({ ip, place }) => ({
    title: kind === 'add' ? addTitle(ip, place) : useTitle(ip, place),
    edits: [{ kind, path, value: ip }],
  }));
}

/** Whole sentences: what is put together of words cannot be translated. */
function addTitle(ip: Ip, place: 'first' | 'last'): string {
  return place === 'first'
    ? `Add gateway ${ip}, the first host of the subnet`
    : `Add gateway ${ip}, the last host of the subnet`;
}

function useTitle(ip: Ip, place: 'first' | 'last'): string {
  return place === 'first'
    ? `Use ${ip}, the first host of the subnet`
    : `Use ${ip}, the last host of the subnet`;
}
