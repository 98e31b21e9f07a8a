import {
  type Cidr,
  containsIp,
  familyOfCidr,
  firstIp,
  hasBroadcast,
  ipOf,
  lastIp,
  networkOf,
} from '#core/net/cidr.ts';
import { bitsOf, familyOf, type Ip, type IpFamily, ipFromNumber, ipToNumber, isIp4 } from '#core/net/ip.ts';
import type { Protocol } from '#core/net/protocol.ts';
import type { Path } from '#core/problem.ts';
import type { RouterReading } from './parse.ts';
import { egressRouterApiVersion, egressRouterKind, type MacvlanMode } from './wire.ts';

/** A value that a field could have. */
export interface Candidate {
  /** What to write, in pieces; a placeholder is text that the person is expected to replace. */
  readonly parts: readonly (string | { readonly placeholder: string })[];
  readonly note: string;
}

export function candidateText({ parts }: Candidate): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.placeholder)).join('');
}

/** Values for the field at a path, best first, from what the rest of the manifest says. */
export function candidatesFor(path: Path, router: RouterReading): readonly Candidate[] {
  const index = path.find((step) => typeof step === 'number');
  switch (path.filter((step) => typeof step === 'string').join('.')) {
    case 'apiVersion':
      return [plain(egressRouterApiVersion, 'The only version there is.')];
    case 'kind':
      return [plain(egressRouterKind, 'A router with a reserved address on the node network.')];
    case 'spec.mode':
      return [
        plain('Redirect', 'Clients connect to the router, which redirects them. The only mode there is.'),
      ];
    case 'spec.networkInterface.macvlan.mode':
      return Object.entries(macvlanNotes).map(([mode, note]) => plain(mode, note));
    case 'spec.addresses.ip':
      return addresses(router, index);
    case 'spec.addresses.gateway':
      return gateways(router, index);
    case 'spec.redirect.redirectRules.protocol':
      return Object.entries(protocolNotes).map(([protocol, note]) => plain(protocol, note));
    case 'spec.redirect.redirectRules.destinationIP':
    case 'spec.redirect.fallbackIP':
      return destinations(router);
    default:
      return [];
  }
}

const macvlanNotes = {
  Bridge: 'Routers on the same NIC reach each other directly. The default.',
  Private: 'Routers on the same NIC never reach each other.',
  VEPA: 'Routers on the same NIC reach each other through an outside switch that sends frames back (802.1Qbg).',
  Passthru: 'The NIC belongs to this router alone.',
} as const satisfies Record<MacvlanMode, string>;

const protocolNotes = {
  TCP: 'Connections.',
  UDP: 'Datagrams.',
  SCTP: 'Associations. The nodes must have the sctp module loaded.',
} as const satisfies Record<Protocol, string>;

function plain(text: string, note: string): Candidate {
  return { parts: [text], note };
}

/** Example addresses of the family that has none yet come first: a router rarely wants two of one family. */
function addresses(router: RouterReading, index: number | undefined): readonly Candidate[] {
  const others = router.addresses.filter((one, at) => one !== undefined && at !== index);
  const has = (family: IpFamily): boolean =>
    others.some((one) => one && familyOfCidr(one.address) === family);
  const ip4 = skeleton('192.168.12.99', '24', 'An IPv4 address and the length of its network prefix.');
  const ip6 = skeleton('fd12::99', '64', 'An IPv6 address and the length of its network prefix.');
  return has(4) && !has(6) ? [ip6, ip4] : [ip4, ip6];
}

function skeleton(ip: string, prefixLength: string, note: string): Candidate {
  return { parts: [{ placeholder: ip }, '/', { placeholder: prefixLength }], note };
}

function gateways(router: RouterReading, index: number | undefined): readonly Candidate[] {
  const address = index === undefined ? undefined : router.addresses[index]?.address;
  if (address === undefined) return [];
  const network = networkOf(address);
  const inUse = router.addresses.flatMap((one, at) =>
    one?.gateway !== undefined && at !== index && containsIp(address, one.gateway) ? [one.gateway] : [],
  );
  const notes = new Map<Ip, string>(inUse.map((ip) => [ip, `The gateway of another address in ${network}.`]));
  const offer = (ip: Ip | undefined, note: string): void => {
    if (ip !== undefined && containsIp(address, ip) && !notes.has(ip)) notes.set(ip, note);
  };
  offer(neighbor(firstIp(address), hasHosts(address) ? 1n : 0n), `The first host of ${network}.`);
  // By custom an IPv6 router is never the last address.
  if (familyOfCidr(address) === 4) {
    offer(neighbor(lastIp(address), hasBroadcast(address) ? -1n : 0n), `The last host of ${network}.`);
  }
  notes.delete(ipOf(address));
  return [...notes].map(([ip, note]) => plain(ip, note));
}

/** Where the first address of a prefix is none that a host may have: subnet-router anycast, RFC 4291 §2.6.1. */
function hasHosts(address: Cidr): boolean {
  return hasBroadcast(address) || (familyOfCidr(address) === 6 && lastIp(address) !== ipOf(address));
}

function neighbor(ip: Ip, distance: bigint): Ip | undefined {
  const value = ipToNumber(ip) + distance;
  return value < 0n || value >> BigInt(bitsOf(familyOf(ip))) !== 0n
    ? undefined
    : ipFromNumber(value, familyOf(ip));
}

function destinations(router: RouterReading): readonly Candidate[] {
  const inUse = new Set(router.rules.flatMap((rule) => (rule === undefined ? [] : [rule.destination])));
  if (router.fallback !== undefined) inUse.add(router.fallback);
  const read = router.addresses.filter((one) => one !== undefined);
  const serves = (family: IpFamily): boolean =>
    read.length === 0 || read.some((one) => familyOfCidr(one.address) === family);
  const examples: Candidate[] = [];
  if (serves(4)) {
    examples.push({ parts: [{ placeholder: '203.0.113.25' }], note: 'The IPv4 address of a remote server.' });
  }
  if (serves(6)) {
    examples.push({ parts: [{ placeholder: '2001:db8::25' }], note: 'The IPv6 address of a remote server.' });
  }
  const used = [...inUse].filter((ip) => serves(isIp4(ip) ? 4 : 6));
  return [
    ...used.map((ip) => plain(ip, 'A destination of this router already.')),
    ...examples.filter((example) => !used.some((ip) => ip === candidateText(example))),
  ];
}
