import {
  type Cidr,
  containsIp,
  familyOfCidr,
  hasBroadcast,
  ipOf,
  networkOf,
  placeIn,
  prefixLengthOf,
} from '#core/net/cidr.ts';
import { familyOf, type Ip, type IpFamily, isIp4 } from '#core/net/ip.ts';
import { specialRangeOf } from '#core/net/special-range.ts';
import type { Fix, Path, Problem, RelatedPlace, Severity } from '#core/problem.ts';
import type { RouterAddress } from '../model.ts';
import type { RouterReading } from '../parse.ts';
import { listAt, objectAt } from '../written.ts';
import { rangeNames } from './range-names.ts';
import {
  gatewayFixes,
  isHostPrefix,
  isLinkLocal6,
  networkFix,
  networkOfGatewayFix,
} from './usual-network.ts';

export const addressProblemCodes = [
  'no-address',
  'no-gateway',
  'duplicate-address',
  'address-is-network',
  'address-is-broadcast',
  'address-is-special',
  'prefix-without-hosts',
  'prefix-too-short',
  'gateway-other-family',
  'gateway-outside-subnet',
  'gateway-is-address',
  'gateway-is-network',
  'gateway-is-special',
] as const;

export type AddressProblemCode = (typeof addressProblemCodes)[number];

type AddressProblem = Problem<AddressProblemCode>;

/** Faults of the reserved addresses and their gateways. What CNI would refuse is an error. */
export function checkAddresses(router: RouterReading): AddressProblem[] {
  const { addresses } = router;
  const problems: AddressProblem[] = [];
  // The CRD admits an empty list; no router can come of it.
  if (addresses.length === 0 && Array.isArray(router.spec['addresses'])) {
    const message = 'The router has no address to own: add an entry to "addresses".';
    problems.push({ code: 'no-address', severity: 'error', path: ['spec', 'addresses'], at: 'key', message });
  }
  // Mostly there is one address, and ten thousand routers are looked at in a moment.
  const first = addresses.length > 1 ? new Map<Ip, number>() : undefined;
  const gatewayless = familiesWithoutGateway(router);
  for (let index = 0; index < addresses.length; index += 1) {
    const one = addresses[index];
    if (one === undefined) continue;
    const problem =
      (first && findDuplicate(ipOf(one.address), index, first)) ??
      findAddressFault(one, index) ??
      findLackOfGateway(one, index, gatewayless);
    if (problem !== undefined) problems.push(problem);
    const ofGateway = one.gateway && findGatewayFault(one.address, one.gateway, index);
    if (ofGateway !== undefined) problems.push(ofGateway);
  }
  return problems;
}

function pathOf(index: number, ...field: readonly string[]): Path {
  return ['spec', 'addresses', index, ...field];
}

/** `related` and `fixes` may be empty. */
function fault(
  code: AddressProblemCode,
  severity: Severity,
  path: Path,
  message: string,
  fixes: readonly Fix[] = [],
  related: readonly RelatedPlace[] = [],
): AddressProblem {
  return {
    code,
    severity,
    path,
    message,
    ...(fixes.length === 0 ? {} : { fixes }),
    ...(related.length === 0 ? {} : { related }),
  };
}

/** `first`: where each address stands first, as far as they were looked at. */
function findDuplicate(ip: Ip, index: number, first: Map<Ip, number>): AddressProblem | undefined {
  const earlier = first.get(ip);
  if (earlier === undefined) {
    first.set(ip, index);
    return undefined;
  }
  return fault(
    'duplicate-address',
    'error',
    pathOf(index, 'ip'),
    `${ip} is an address of this router already (entry ${earlier + 1}): remove one of the two.`,
    [{ title: `Remove the second ${ip}`, edits: [{ kind: 'remove', path: pathOf(index) }] }],
    [{ path: pathOf(earlier, 'ip'), message: 'The same address.' }],
  );
}

function findAddressFault({ address, gateway }: RouterAddress, index: number): AddressProblem | undefined {
  const ip = ipOf(address);
  const range = specialRangeOf(ip);
  if (range !== undefined) {
    const path = pathOf(index, 'ip');
    const severity = range === 'link-local' ? 'warning' : 'error';
    const message = `${ip} is ${rangeNames[range]}: no server beyond the link can answer to it.`;
    return fault('address-is-special', severity, path, message);
  }
  const length = prefixLengthOf(address);
  if (isHostPrefix(address)) {
    const path = pathOf(index, 'ip');
    const reached =
      gateway === undefined
        ? 'and the router has no way to any server. Write the prefix length of the network.'
        : `so that the gateway ${gateway} is looked for on the link itself. Mostly the prefix length of the network is meant.`;
    const severity = gateway === undefined ? 'warning' : 'information';
    const message = `/${length} leaves room for no other host, ${reached}`;
    return fault('prefix-without-hosts', severity, path, message, networkFix(ip, gateway, ip, path));
  }
  if (length < (isIp4(ip) ? 8 : 32)) {
    const path = pathOf(index, 'ip');
    const message = `/${length} makes ${networkOf(address)} the router's own link: no network is that large. Write the prefix length of the network.`;
    return fault('prefix-too-short', 'warning', path, message, networkFix(ip, gateway, ip, path));
  }
  return findEdgeOfNetwork(address, index);
}

/** An address that stands for the network, or for all that is in it. */
function findEdgeOfNetwork(address: Cidr, index: number): AddressProblem | undefined {
  const ip = ipOf(address);
  const place = placeIn(address, ip);
  if (place === 'within' || place === 'outside') return undefined;
  if (hasBroadcast(address)) {
    const isFirst = place === 'first';
    return fault(
      isFirst ? 'address-is-network' : 'address-is-broadcast',
      'error',
      pathOf(index, 'ip'),
      `${ip} is the ${isFirst ? 'network' : 'broadcast'} address of ${networkOf(address)}; no host can own it.`,
    );
  }
  // RFC 6164: with /127 the anycast address does not apply.
  if (isIp4(ip) || place === 'last' || prefixLengthOf(address) >= 127) return undefined;
  const message = `${ip} is the address of any router of ${networkOf(address)} (subnet-router anycast, RFC 4291): take another one.`;
  return fault('address-is-network', 'warning', pathOf(index, 'ip'), message);
}

/** Told at the first address of the family. */
function findLackOfGateway(
  { address }: RouterAddress,
  index: number,
  gatewayless: Map<IpFamily, Ip>,
): AddressProblem | undefined {
  const beyond = gatewayless.get(familyOfCidr(address));
  if (beyond === undefined) return undefined;
  gatewayless.delete(familyOfCidr(address));
  return fault(
    'no-gateway',
    'warning',
    pathOf(index, 'ip'),
    `${beyond} is outside ${networkOf(address)}, and no gateway leads there: add a "gateway".`,
    gatewayFixes(address, 'add', pathOf(index, 'gateway')),
  );
}

/**
 * Families with a destination beyond their subnets, which is given, and without a gateway: that of any address
 * of the family would do.
 */
export function familiesWithoutGateway({
  spec,
  addresses,
  rules,
  fallback,
}: RouterReading): Map<IpFamily, Ip> {
  const found = new Map<IpFamily, Ip>();
  if (addresses.every((one) => one === undefined || one.gateway !== undefined)) return found;
  for (const family of [4, 6] as const) {
    const mates = addresses.filter((one) => one !== undefined && familyOfCidr(one.address) === family);
    if (mates.length === 0 || hasGatewayOf(spec, family)) continue;
    const isBeyond = (ip: Ip | undefined): boolean =>
      ip !== undefined &&
      familyOf(ip) === family &&
      !mates.some((one) => one !== undefined && containsIp(one.address, ip));
    const beyond = rules.find((rule) => isBeyond(rule?.destination))?.destination;
    const target = beyond ?? (isBeyond(fallback) ? fallback : undefined);
    if (target !== undefined) found.set(family, target);
  }
  return found;
}

/** Whether anything says one, readable or not, at the right place or not: that is told by itself. */
function hasGatewayOf(spec: RouterReading['spec'], family: IpFamily): boolean {
  if (spec['gateway'] !== undefined || spec['gatewayIP'] !== undefined) return true;
  return listAt(spec['addresses']).some((entry) => {
    const { ip, ...others } = objectAt(entry);
    return Object.keys(others).length > 0 && (typeof ip !== 'string' || ip.includes(':') === (family === 6));
  });
}

function findGatewayFault(address: Cidr, gateway: Ip, index: number): AddressProblem | undefined {
  const ip = ipOf(address);
  const path = pathOf(index, 'gateway');
  if (familyOf(gateway) !== familyOf(ip)) {
    return fault(
      'gateway-other-family',
      'error',
      path,
      `The gateway ${gateway} is IPv${familyOf(gateway)}, the address ${address} is IPv${familyOf(ip)}.`,
      [
        ...gatewayFixes(address, 'replace', path),
        { title: 'Remove "gateway"', edits: [{ kind: 'remove', path }] },
      ],
    );
  }
  const range = specialRangeOf(gateway);
  if (range !== undefined && range !== 'link-local') {
    const message = `The gateway ${gateway} is ${rangeNames[range]}: no router has it.`;
    return fault('gateway-is-special', 'error', path, message, gatewayFixes(address, 'replace', path));
  }
  if (gateway === ip) {
    const message = `The gateway ${gateway} is the router's own address.`;
    return fault('gateway-is-address', 'error', path, message, gatewayFixes(address, 'replace', path));
  }
  if (isHostPrefix(address) || isLinkLocal6(gateway)) return undefined;
  const place = placeIn(address, gateway);
  if (place === 'outside') {
    return fault(
      'gateway-outside-subnet',
      'error',
      path,
      `The gateway ${gateway} is outside ${networkOf(address)}, the subnet of ${address}.`,
      [...gatewayFixes(address, 'replace', path), ...networkOfGatewayFix(ip, gateway, pathOf(index, 'ip'))],
    );
  }
  if (place === 'within' || !hasBroadcast(address)) return undefined;
  // Linux refuses a broadcast address as next hop; the lowest address it takes for a host from 5.14 on.
  const isFirst = place === 'first';
  const message = `The gateway ${gateway} is the ${isFirst ? 'network' : 'broadcast'} address of ${networkOf(address)}: a gateway is a host of it.`;
  const severity = isFirst ? 'warning' : 'error';
  return fault('gateway-is-network', severity, path, message, gatewayFixes(address, 'replace', path));
}
