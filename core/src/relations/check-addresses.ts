import { containsIp, ipOf } from '#core/net/cidr.ts';
import type { Ip } from '#core/net/ip.ts';
import type { Problem } from '#core/problem.ts';
import type { ClusterFacts, LiveRouter } from './cluster-facts.ts';
import type { Known, RouterFacts, WrittenPlace } from './facts.ts';
import { fullName, placeIn, placeOfAddress } from './places.ts';
import type { RelationProblemCode } from './problem-codes.ts';
import type { RelationIndex } from './relation-index.ts';

/** Addresses that something else has: another router, a node, the cluster itself. */
export function checkAddresses(
  self: Known<RouterFacts>,
  index: RelationIndex,
  cluster: ClusterFacts | undefined,
): Problem<RelationProblemCode>[] {
  return self.facts.addresses.flatMap((entry) => {
    const ip = ipOf(entry.address);
    const place = placeOfAddress(entry);
    const found = checkRival(self, ip, place, index) ?? (cluster && checkLive(self, ip, place, cluster));
    return found === undefined ? [] : [found];
  });
}

/** Destinations that clients of the cluster reach without a router. */
export function checkDestinations(
  { facts }: Known<RouterFacts>,
  cluster: ClusterFacts | undefined,
): Problem<RelationProblemCode>[] {
  if (cluster === undefined) return [];
  const targets = [
    ...facts.rules.map(({ destination, path }) => ({ ip: destination, path: [...path, 'destinationIP'] })),
    ...(facts.fallback === undefined ? [] : [facts.fallback]),
  ];
  return targets.flatMap(({ ip, path }) => {
    const network = insideNetwork(ip, cluster);
    if (network === undefined) return [];
    const message = `${ip} is in ${network.cidr}, the ${network.name} network of ${named(cluster)}: clients reach it without a router. Name a server outside the cluster.`;
    return [{ code: 'destination-in-cluster', severity: 'warning', path, message }];
  });
}

function checkRival(
  self: Known<RouterFacts>,
  ip: Ip,
  place: WrittenPlace,
  index: RelationIndex,
): Problem<RelationProblemCode> | undefined {
  const found = index.rivalOf(self, ip);
  if (found === undefined) return undefined;
  const { rival, isCertain } = found;
  const entry = rival.facts.addresses.find(({ address }) => ipOf(address) === ip);
  const { path, ...part } = placeOfAddress(entry ?? { path: ['spec', 'addresses'] });
  return {
    code: 'address-in-use',
    severity: isCertain ? 'warning' : 'information',
    ...place,
    message: `${ip} is also the address of the router ${fullName(rival.facts)}: give each router an address of its own.`,
    related: [{ ...placeIn(rival, path, `${fullName(rival.facts)} has it here.`), ...part }],
  };
}

function checkLive(
  self: Known<RouterFacts>,
  ip: Ip,
  place: WrittenPlace,
  cluster: ClusterFacts,
): Problem<RelationProblemCode> | undefined {
  const network = insideNetwork(ip, cluster);
  if (network !== undefined) {
    const message = `${ip} is in ${network.cidr}, the ${network.name} network of ${named(cluster)}: a router needs an address of the network that the nodes are on.`;
    return { code: 'address-in-cluster-network', severity: 'warning', ...place, message };
  }
  const owners = cluster.routers.filter(({ addresses }) => addresses.includes(ip));
  // It has its own address, also where something else tells of it.
  if (owners.some((live) => mayBeSelf(self, live))) return undefined;
  const [other] = owners;
  const nic = cluster.nics.find(({ addresses }) => addresses.some((one) => ipOf(one) === ip));
  const owner =
    other !== undefined
      ? `the router ${fullName(other)}`
      : nic !== undefined
        ? `${nic.name} of the node ${nic.node}`
        : cluster.usedAddresses.find((used) => used.ip === ip)?.by;
  if (owner === undefined) return undefined;
  const message = `${ip} is the address of ${owner} in ${named(cluster)}: take one that nothing else has.`;
  return { code: 'address-in-use', severity: 'warning', ...place, message };
}

/** Where no namespace is written, the one of the live router may be meant. */
function mayBeSelf({ facts }: Known<RouterFacts>, live: LiveRouter): boolean {
  return (
    facts.name === undefined ||
    (facts.name === live.name && (facts.namespace === undefined || facts.namespace === live.namespace))
  );
}

function insideNetwork(ip: Ip, { networks }: ClusterFacts): ClusterFacts['networks'][number] | undefined {
  return networks.find(({ name, cidr }) => name !== 'machine' && containsIp(cidr, ip));
}

function named({ context }: ClusterFacts): string {
  return context === '' ? 'the cluster' : `the cluster ${context}`;
}
