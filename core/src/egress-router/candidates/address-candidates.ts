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
  toCidr,
} from '#core/net/cidr.ts';
import { bitsOf, familyOf, type Ip, type IpFamily, ipFromNumber, ipToNumber } from '#core/net/ip.ts';
import type { ClusterFacts, NodeNic } from '#core/relations/cluster-facts.ts';
import type { AddressFact, Facts } from '#core/relations/facts.ts';
import { usualGateways } from '../checks/usual-network.ts';
import { type Candidate, type Manifest, plain, type Surroundings } from './candidate.ts';

/**
 * Addresses that nothing known has, in the networks of the cluster's nodes; then examples. Of the family that
 * has none yet come first: a router rarely wants two of one family.
 */
export function addresses(
  { reading }: Manifest,
  surroundings: Surroundings,
  index: number | undefined,
): readonly Candidate[] {
  const others = reading.addresses.filter((one, at) => one !== undefined && at !== index);
  const has = (family: IpFamily): boolean =>
    others.some((one) => one && familyOfCidr(one.address) === family);
  const own = new Set(others.flatMap((one) => (one ? [ipOf(one.address)] : [])));
  const free = freeAddresses(surroundings, own);
  const isFree = freeBeside(
    reading,
    surroundings,
    new Set([...own, ...free.map(({ address }) => ipOf(address))]),
  );
  const sampleOf = (family: IpFamily): Sample | undefined =>
    samples[family].find(
      ({ ip }, at) => isFree(ip) && (at === 0 || !free.some((one) => one.family === family)),
    );
  const [ip4, ip6] = [sampleOf(4), sampleOf(6)];
  const wanted: IpFamily = has(4) && !has(6) ? 6 : 4;
  const isWanted = ({ family }: { readonly family: IpFamily }): boolean => family === wanted;
  return [
    ...free.filter(isWanted),
    ...free.filter((one) => !isWanted(one)),
    ...(wanted === 6 ? [ip6, ip4] : [ip4, ip6]).filter((sample) => sample !== undefined),
  ].map(({ parts, note }) => ({ parts, note }));
}

interface Sample extends Candidate {
  readonly ip: string;
}

const samples = {
  4: ['192.168.12.99', '192.168.12.100', '192.168.12.101'].map((ip) =>
    sample(ip, '24', 'An IPv4 address and the length of its network prefix.'),
  ),
  6: ['fd12::99', 'fd12::9a', 'fd12::9b'].map((ip) =>
    sample(ip, '64', 'An IPv6 address and the length of its network prefix.'),
  ),
} as const satisfies Record<IpFamily, readonly Sample[]>;

function sample(ip: string, prefixLength: string, note: string): Sample {
  return { ip, parts: [{ placeholder: ip }, '/', { placeholder: prefixLength }], note };
}

/** What the router itself has may be written once more in its place. */
function freeBeside(
  self: Named,
  { facts, cluster }: Surroundings,
  others: ReadonlySet<string>,
): (ip: string) => boolean {
  const routers = (cluster?.routers ?? []).filter(({ name }) => name !== self.name);
  const own = new Set(
    (cluster?.routers ?? []).flatMap(({ name, addresses: all }) => (name === self.name ? all : [])),
  );
  const taken = new Set<string>([
    ...others,
    ...(cluster?.usedAddresses ?? []).flatMap(({ ip }) => (own.has(ip) ? [] : ip)),
    ...routers.flatMap((router) => router.addresses),
    ...(cluster?.nics ?? []).flatMap((nic) => nic.addresses.map(ipOf)),
    ...facts.flatMap((fact) => (fact.kind === 'router' && isSame(fact, self) ? [] : addressesOf(fact))),
  ]);
  return (ip) => !taken.has(ip);
}

/**
 * One of each network that nodes or routers of the workspace are in: the first after the highest that is known to
 * be in use, or, where that is the end, the lowest.
 */
export function freeAddresses(
  { facts, cluster }: Surroundings,
  ownAddresses: ReadonlySet<Ip>,
): readonly FreeAddress[] {
  const used = new Set<Ip>([
    ...ownAddresses,
    ...(cluster?.usedAddresses ?? []).map(({ ip }) => ip),
    ...(cluster?.routers ?? []).flatMap((router) => router.addresses),
    ...(cluster?.nics ?? []).flatMap((nic) => nic.addresses.map(ipOf)),
    ...facts.flatMap(addressesOf),
  ]);
  const ofRouters = facts.flatMap((fact) =>
    fact.kind === 'router' ? fact.addresses.map(({ address }) => address) : [],
  );
  const ofNodes = cluster === undefined ? [] : nodeNetworks(cluster);
  const networks = new Set([...ofRouters.filter(hasNeighbors).map(networkOf), ...ofNodes]);
  const usedIn = byNetwork(used, networks);
  return [...networks].flatMap((network) => {
    const ip = firstFree(network, usedIn.get(network) ?? []);
    if (ip === undefined) return [];
    const address = toCidr(ip, prefixLengthOf(network));
    const nobody = ofNodes.includes(network) ? 'No node and no known router' : 'No known router';
    const note = `${nobody} has it in ${network}. Ask who assigns addresses there before you take it.`;
    return [{ ...plain(address, note), address, family: familyOf(ip) }];
  });
}

function addressesOf(fact: Facts): readonly Ip[] {
  switch (fact.kind) {
    case 'router':
      return fact.addresses.flatMap(withGateway);
    case 'nad':
      return (fact.config?.addresses ?? []).flatMap(withGateway);
    case 'legacy':
      return fact.addresses;
    case 'service':
    case 'configMap':
      return [];
  }
}

function withGateway({ address, gateway }: AddressFact): readonly Ip[] {
  return gateway === undefined ? [ipOf(address)] : [ipOf(address), gateway];
}

export interface FreeAddress extends Candidate {
  readonly address: Cidr;
  readonly family: IpFamily;
}

function nodeNetworks({ nics, networks }: ClusterFacts): readonly Cidr[] {
  const own = new Set(nics.flatMap((nic) => nic.addresses.filter(hasNeighbors).map(networkOf)));
  // The pods' network and that of Services are the cluster's own, whichever NIC of the node shows them.
  const isInner = (cidr: Cidr): boolean =>
    networks.some(({ name, cidr: inner }) => name !== 'machine' && containsIp(inner, ipOf(cidr)));
  return [...own].filter((cidr) => !isInner(cidr));
}

/** A host's own prefix, and a link-local one, are no network to have a router on. */
function hasNeighbors(cidr: Cidr): boolean {
  return prefixLengthOf(cidr) < bitsOf(familyOfCidr(cidr)) - 1 && !/^(fe80:|169\.254\.)/.test(cidr);
}

/** Each address is looked at once for each length of prefix, however many networks there are. */
function byNetwork(used: ReadonlySet<Ip>, networks: ReadonlySet<Cidr>): ReadonlyMap<Cidr, readonly Ip[]> {
  const found = new Map<Cidr, Ip[]>(Array.from(networks, (network) => [network, []]));
  const lengths = { 4: new Set<number>(), 6: new Set<number>() };
  for (const network of networks) lengths[familyOfCidr(network)].add(prefixLengthOf(network));
  for (const ip of used) {
    for (const length of lengths[familyOf(ip)]) found.get(networkOf(toCidr(ip, length)))?.push(ip);
  }
  return found;
}

/** @param used those of the network */
function firstFree(network: Cidr, used: readonly Ip[]): Ip | undefined {
  const family = familyOfCidr(network);
  const inUse = used.map(ipToNumber);
  const low = ipToNumber(firstIp(network)) + 1n;
  // By custom the gateway is the first host or the last one: neither is offered.
  const high = ipToNumber(lastIp(network)) - (hasBroadcast(network) ? 2n : 0n);
  const taken = new Set(inUse);
  const highest = inUse.reduce((a, b) => (a > b ? a : b), low);
  for (const start of [highest + 1n, low + 1n]) {
    for (let value = start; value <= high && value < start + BigInt(taken.size + 1); value += 1n) {
      if (!taken.has(value)) return ipFromNumber(value, family);
    }
  }
  return undefined;
}

/** Gateways that other addresses of the network go through, then those that are customary. */
export function gateways(
  { reading }: Manifest,
  { facts }: Surroundings,
  index: number | undefined,
): readonly Candidate[] {
  const address = index === undefined ? undefined : reading.addresses[index]?.address;
  if (address === undefined) return [];
  const network = networkOf(address);
  const notes = new Map<Ip, string>();
  const offer = (ip: Ip | undefined, note: string): void => {
    if (ip !== undefined && containsIp(address, ip) && !notes.has(ip)) notes.set(ip, note);
  };
  for (const [at, one] of reading.addresses.entries()) {
    if (at !== index) offer(one?.gateway, `The gateway of another address in ${network}.`);
  }
  for (const fact of facts) {
    if (fact.kind !== 'router' || isSame(fact, reading)) continue;
    for (const { gateway } of fact.addresses)
      offer(gateway, `The gateway of ${fact.name ?? 'another router'} in ${network}.`);
  }
  for (const { ip, place } of usualGateways(address)) {
    offer(ip, place === 'first' ? `The first host of ${network}.` : `The last host of ${network}.`);
  }
  notes.delete(ipOf(address));
  return [...notes].map(([ip, note]) => plain(ip, note));
}

interface Named {
  readonly name?: string;
  readonly namespace?: string;
}

function isSame(a: Named, b: Named): boolean {
  return a.name === b.name && a.namespace === b.namespace;
}

/** NICs of the nodes: those on the router's network first, then those that most nodes have. */
export function nics({ reading }: Manifest, { cluster }: Surroundings): readonly Candidate[] {
  if (cluster === undefined) return [];
  const nodes = new Set(cluster.nics.map(({ node }) => node));
  const byName = new Map<string, NodeNic[]>();
  for (const nic of cluster.nics) byName.set(nic.name, [...(byName.get(nic.name) ?? []), nic]);
  const found = [...byName].map(([name, same]) => {
    const network = same
      .flatMap((nic) => nic.addresses)
      .find((cidr) =>
        reading.addresses.some((one) => one !== undefined && containsIp(cidr, ipOf(one.address))),
      );
    const where =
      same.length === nodes.size
        ? 'On every node'
        : `On ${same.length} of ${nodes.size} nodes only: ${namesOf(same)}`;
    const note =
      network === undefined ? `${where}.` : `${where}, in ${networkOf(network)} as the router's address.`;
    return { ...plain(name, note), isNear: network !== undefined, count: same.length };
  });
  return found
    .toSorted((a, b) => Number(b.isNear) - Number(a.isNear) || b.count - a.count)
    .map(({ parts, note }) => ({ parts, note }));
}

function namesOf(nics: readonly NodeNic[]): string {
  const names = nics.slice(0, 3).map(({ node }) => node);
  return names.length === nics.length ? names.join(', ') : `${names.join(', ')} and others`;
}
