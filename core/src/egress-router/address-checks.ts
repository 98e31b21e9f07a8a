import {
  type Cidr,
  containsIp,
  familyOfCidr,
  firstIp,
  hasBroadcast,
  ipOf,
  lastIp,
  networkOf,
  prefixLengthOf,
} from '#core/net/cidr.ts';
import { familyOf, type Ip, isIp4 } from '#core/net/ip.ts';
import { specialRangeOf } from '#core/net/special-range.ts';
import type { Fix, Path, Problem, RelatedPlace, Severity } from '#core/problem.ts';
import type { RouterAddress } from './model.ts';
import type { RouterReading } from './parse.ts';
import { rangeNames } from './range-names.ts';
import { gatewayFixes, isHostPrefix, isLinkLocal6, networkFix } from './usual-network.ts';
import { listAt, objectAt } from './written.ts';

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
  for (const [index, one] of addresses.entries()) {
    if (one === undefined) continue;
    const entry: Path = ['spec', 'addresses', index];
    const problem =
      findDuplicate(one.address, index, addresses) ??
      findAddressFault(one, entry) ??
      noGateway(router, index);
    if (problem !== undefined) problems.push(problem);
    const ofGateway = one.gateway && findGatewayFault(one.address, one.gateway, [...entry, 'gateway']);
    if (ofGateway !== undefined) problems.push(ofGateway);
  }
  return problems;
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

function findDuplicate(
  address: Cidr,
  index: number,
  addresses: RouterReading['addresses'],
): AddressProblem | undefined {
  if (index === 0) return undefined;
  const ip = ipOf(address);
  const first = addresses.findIndex((other) => other !== undefined && ipOf(other.address) === ip);
  if (first >= index) return undefined;
  const entry: Path = ['spec', 'addresses', index];
  return fault(
    'duplicate-address',
    'error',
    [...entry, 'ip'],
    `${ip} is an address of this router already (entry ${first + 1}): remove one of the two.`,
    [{ title: `Remove the second ${ip}`, edits: [{ kind: 'remove', path: entry }] }],
    [{ path: ['spec', 'addresses', first, 'ip'], message: 'The same address.' }],
  );
}

function findAddressFault({ address, gateway }: RouterAddress, entry: Path): AddressProblem | undefined {
  const ip = ipOf(address);
  const path = [...entry, 'ip'];
  const range = specialRangeOf(ip);
  if (range !== undefined) {
    const severity = range === 'link-local' ? 'warning' : 'error';
    const message = `${ip} is ${rangeNames[range]}: no server beyond the link can answer to it.`;
    return fault('address-is-special', severity, path, message);
  }
  const length = prefixLengthOf(address);
  if (isHostPrefix(address)) {
    const reached =
      gateway === undefined
        ? 'and the router has no way to any server. Write the prefix length of the network.'
        : `so that the gateway ${gateway} is looked for on the link itself. Mostly the prefix length of the network is meant.`;
    const severity = gateway === undefined ? 'warning' : 'information';
    const message = `/${length} leaves room for no other host, ${reached}`;
    return fault('prefix-without-hosts', severity, path, message, networkFix(ip, gateway, ip, path));
  }
  if (length < (isIp4(ip) ? 8 : 32)) {
    const message = `/${length} makes ${networkOf(address)} the router's own link: no network is that large. Write the prefix length of the network.`;
    return fault('prefix-too-short', 'warning', path, message, networkFix(ip, gateway, ip, path));
  }
  return findEdgeOfNetwork(address, path);
}

/** An address that stands for the network, or for all that is in it. */
function findEdgeOfNetwork(address: Cidr, path: Path): AddressProblem | undefined {
  const ip = ipOf(address);
  if (hasBroadcast(address)) {
    if (ip === firstIp(address)) {
      const message = `${ip} is the network address of ${networkOf(address)}; no host can own it.`;
      return fault('address-is-network', 'error', path, message);
    }
    if (ip === lastIp(address)) {
      const message = `${ip} is the broadcast address of ${networkOf(address)}; no host can own it.`;
      return fault('address-is-broadcast', 'error', path, message);
    }
    // RFC 6164: with /127 the anycast address does not apply.
  } else if (!isIp4(ip) && prefixLengthOf(address) < 127 && ip === firstIp(address)) {
    const message = `${ip} is the address of any router of ${networkOf(address)} (subnet-router anycast, RFC 4291): take another one.`;
    return fault('address-is-network', 'warning', path, message);
  }
  return undefined;
}

/**
 * Told at the first address of a family whose destinations are beyond its subnets, where no address of that
 * family has a gateway: any one of them would do.
 */
function noGateway(
  { spec, addresses, rules, fallback }: RouterReading,
  at: number,
): AddressProblem | undefined {
  const address = addresses[at]?.address;
  if (address === undefined || addresses[at]?.gateway !== undefined) return undefined;
  const family = familyOfCidr(address);
  const mates = addresses.filter((one) => one !== undefined && familyOfCidr(one.address) === family);
  if (mates[0]?.address !== address || hasGatewayOf(spec, family)) return undefined;
  const isBeyond = (ip: Ip | undefined): ip is Ip =>
    ip !== undefined &&
    familyOf(ip) === family &&
    mates.every((one) => one !== undefined && !containsIp(one.address, ip));
  const beyond = [...rules.map((rule) => rule?.destination), fallback].find(isBeyond);
  if (beyond === undefined) return undefined;
  const entry: Path = ['spec', 'addresses', at];
  return fault(
    'no-gateway',
    'warning',
    [...entry, 'ip'],
    `${beyond} is outside ${networkOf(address)}, and no gateway leads there: add a "gateway".`,
    gatewayFixes(address, 'add', [...entry, 'gateway']),
  );
}

/** Whether any entry says one, readable or not, perhaps by another name: that is told by itself. */
function hasGatewayOf(spec: RouterReading['spec'], family: 4 | 6): boolean {
  return listAt(spec['addresses']).some((entry) => {
    const { ip, ...others } = objectAt(entry);
    return Object.keys(others).length > 0 && (typeof ip !== 'string' || ip.includes(':') === (family === 6));
  });
}

function findGatewayFault(address: Cidr, gateway: Ip, path: Path): AddressProblem | undefined {
  const ip = ipOf(address);
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
  if (!containsIp(address, gateway)) {
    return fault(
      'gateway-outside-subnet',
      'error',
      path,
      `The gateway ${gateway} is outside ${networkOf(address)}, the subnet of ${address}.`,
      [
        ...gatewayFixes(address, 'replace', path),
        ...networkFix(ip, gateway, ip, [...path.slice(0, -1), 'ip']),
      ],
    );
  }
  return hasBroadcast(address) ? findGatewayAtEdge(address, gateway, path) : undefined;
}

/** Linux refuses a broadcast address as next hop; the lowest address it takes for a host from 5.14 on. */
function findGatewayAtEdge(address: Cidr, gateway: Ip, path: Path): AddressProblem | undefined {
  const isFirst = gateway === firstIp(address);
  if (!isFirst && gateway !== lastIp(address)) return undefined;
  const kind = isFirst ? 'network' : 'broadcast';
  const message = `The gateway ${gateway} is the ${kind} address of ${networkOf(address)}: a gateway is a host of it.`;
  const severity = isFirst ? 'warning' : 'error';
  return fault('gateway-is-network', severity, path, message, gatewayFixes(address, 'replace', path));
}
