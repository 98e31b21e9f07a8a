import type { RouterAddress } from '#core/egress-router/model.ts';
import { type Cidr, containsIp, ipOf, parseCidr, prefixLengthOf } from '#core/net/cidr.ts';
import { bitsOf, familyOf, type Ip, isIp4, parseIp } from '#core/net/ip.ts';
import type { Path } from '#core/problem.ts';
import { isHostAddress } from './host-address.ts';
import { type Fields, type NetConfProblems, quote, stringsAt } from './problems.ts';

/** Reads `ip.addresses` and `ip.gateway`, and gives each gateway to the address it serves. */
export function parseAddresses(ip: Fields, problems: NetConfProblems): readonly RouterAddress[] {
  const cidrs = new Map<Cidr, number>();
  const known = new Set<Ip>();
  const texts = stringsAt(ip['addresses'], ['ip', 'addresses'], problems);
  if (texts.length > mostAddresses) {
    problems.error(
      'netconf-value-invalid',
      ['ip', 'addresses'],
      `"ip.addresses" lists ${texts.length} addresses; a router has ${mostAddresses} at most.`,
    );
    return [];
  }
  for (const [index, text] of texts.entries()) {
    const path = ['ip', 'addresses', index];
    const cidr = parseCidr(text);
    const withoutPrefix = parseIp(text);
    if (cidr === undefined && withoutPrefix !== undefined) {
      problems.error(
        'netconf-address-invalid',
        path,
        `Address ${text} has no prefix length; write it as ${text}/${isIp4(withoutPrefix) ? 24 : 64} or as the subnet has it.`,
      );
    } else if (cidr === undefined) {
      problems.error(
        'netconf-address-invalid',
        path,
        `Address ${quote(text)} is not an IP address with a prefix length, such as "192.168.12.99/24".`,
      );
    } else if (!isHostAddress(cidr)) {
      problems.error(
        'netconf-address-invalid',
        path,
        `Address ${cidr} cannot be that of one machine on its network.`,
      );
    } else if (known.has(ipOf(cidr))) {
      problems.error('netconf-address-duplicate', path, `Address ${ipOf(cidr)} is listed twice.`);
    } else {
      cidrs.set(cidr, index);
      known.add(ipOf(cidr));
    }
  }
  if (texts.length === 0 && !problems.hasErrors()) {
    problems.error(
      'netconf-no-addresses',
      ['ip'],
      'The network configuration lists no address for the router.',
    );
  }
  return withGateways(cidrs, texts.length, ip['gateway'], problems);
}

/** Far more than anybody needs, and few enough to hold each against the others, on the node, in no time. */
const mostAddresses = 256;

function withGateways(
  cidrs: ReadonlyMap<Cidr, number>,
  addressCount: number,
  value: unknown,
  problems: NetConfProblems,
): readonly RouterAddress[] {
  const path = ['ip', 'gateway'];
  const isList = Array.isArray(value);
  const texts = isList ? stringsAt(value, path, problems) : [value === undefined ? '' : value];
  const gateways = texts.map((text, index): Ip | undefined => {
    // The Cluster Network Operator writes a router without gateway with an empty string.
    if (text === '' || text === null) return undefined;
    const gateway = typeof text === 'string' ? parseIp(text) : undefined;
    if (gateway === undefined) {
      problems.error(
        'netconf-gateway-invalid',
        isList ? [...path, index] : path,
        `Gateway ${quote(text)} is not an IP address.`,
      );
    }
    return gateway;
  });
  const addresses = [...cidrs.keys()];
  const isPositional =
    isList &&
    gateways.length === addressCount &&
    [...cidrs].every(([cidr, index]) => {
      const gateway = gateways[index];
      return gateway === undefined || familyOf(gateway) === familyOf(ipOf(cidr));
    });
  const given = new Map<Cidr, Ip>();
  for (const [index, gateway] of gateways.entries()) {
    if (gateway === undefined) continue;
    const at = isList ? [...path, index] : path;
    const cidr = isPositional
      ? addresses.find((candidate) => cidrs.get(candidate) === index)
      : ownerOf(gateway, addresses, given);
    if (cidr === undefined) {
      if (!isPositional && addresses.length > 0) {
        problems.error(
          'netconf-gateway-unmatched',
          at,
          `Gateway ${gateway} has no address of its family to serve.`,
        );
      }
      continue;
    }
    checkGateway(gateway, cidr, at, problems);
    given.set(cidr, gateway);
  }
  return addresses.map((address) => {
    const gateway = given.get(address);
    return gateway === undefined ? { address } : { address, gateway };
  });
}

/** The address whose network holds the gateway, else the first of its family that has none yet. */
function ownerOf(gateway: Ip, addresses: readonly Cidr[], given: ReadonlyMap<Cidr, Ip>): Cidr | undefined {
  const free = addresses.filter(
    (address) => familyOf(ipOf(address)) === familyOf(gateway) && !given.has(address),
  );
  return free.find((address) => containsIp(address, gateway)) ?? free[0];
}

function checkGateway(gateway: Ip, address: Cidr, path: Path, problems: NetConfProblems): void {
  if (gateway === ipOf(address)) {
    problems.error('netconf-gateway-is-address', path, `Gateway ${gateway} is the router's own address.`);
    return;
  }
  // A host prefix has no room for a gateway: it is then reached on the link, as SDN's routers did.
  const isHostPrefix = prefixLengthOf(address) === bitsOf(familyOf(gateway));
  if (!isHostPrefix && !containsIp(address, gateway) && !isLinkLocal6(gateway)) {
    problems.error(
      'netconf-gateway-outside-subnet',
      path,
      `Gateway ${gateway} is outside the subnet of the router's address ${address}.`,
    );
  }
}

function isLinkLocal6(ip: Ip): boolean {
  return /^fe[89ab]/.test(ip) && !isIp4(ip);
}
