import type { EgressRouter } from '#core/egress-router/model.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { routerLabelValue } from '#core/manifest/router-names.ts';
import { ipOf, parseCidr } from '#core/net/cidr.ts';
import { parseIp } from '#core/net/ip.ts';
import { parseMac } from '#core/net/mac.ts';
import { stableMac } from '#core/net/stable-mac.ts';
import { type AddressFacts, checkAddresses } from '#core/platform/check-addresses.ts';
import { checkCapacity, type Placed } from '#core/platform/check-capacity.ts';
import { checkNic } from '#core/platform/check-nic.ts';
import { checkPlatform, type Passage, type PassageMac } from '#core/platform/check-platform.ts';
import { checkSctp } from '#core/platform/check-sctp.ts';
import { checkSecondRouter } from '#core/platform/check-second-router.ts';
import type { Finding } from '#core/platform/finding.ts';
import type { Platform } from '#core/platform/platform.ts';
import type { Surroundings } from '../api.ts';
import { listAt, textAt } from '../json.ts';
import type { ObjectName } from '../object-ref.ts';
import { ownPods, type PodFacts, type PreflightFacts } from './preflight-facts.ts';

/** What the router is held against. */
export interface Around {
  /** Those that are to be, this one among them. */
  readonly wanted: readonly KubernetesObject[];
  readonly facts: PreflightFacts;
  readonly surroundings: Surroundings;
  readonly platform: Platform;
  /** MachineConfigs that load SCTP; absent: not known. */
  readonly sctpLoads: readonly string[] | undefined;
  readonly routersPerNic: number;
}

/** All that is said of one router, but for what its namespace forbids. */
export function routerFindings(
  name: ObjectName,
  object: KubernetesObject,
  around: Around,
): readonly Finding[] {
  const { facts, surroundings, platform, wanted, sctpLoads, routersPerNic } = around;
  const { router, problems } = parseRouter(object);
  if (router === undefined) {
    return problems.map(({ message }) => ({ code: 'document', verdict: 'error', message }));
  }
  const reconciler = surroundings.reconciler ?? 'unknown';
  const others = othersOf(name, [...wanted, ...facts.routers]);
  const siblings = others.flatMap(({ metadata }) =>
    metadata.namespace === name.namespace ? metadata.name : [],
  );
  const pods = ownPods(name, facts.pods);
  const sctp = checkSctp(router, sctpLoads);
  return [
    checkPlatform(platform, toPassage(name, router, pods, around)),
    ...checkAddresses(router, addressFacts(others, pods, around)),
    checkNic(router, nicsOf(surroundings), reconciler),
    checkCapacity(
      { ...nodeOf(pods), ...nicOf(router, reconciler === 'cno') },
      placedRouters(others, facts.pods, reconciler === 'cno'),
      routersPerNic,
    ),
    ...(sctp === undefined ? [] : [sctp]),
    checkSecondRouter(name, siblings, reconciler),
  ];
}

/** Those that stay, each once. */
function othersOf(router: ObjectName, all: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const others = all.filter(
    ({ metadata }) =>
      metadata.deletionTimestamp === undefined &&
      (metadata.namespace !== router.namespace || metadata.name !== router.name),
  );
  return [...new Map(others.toReversed().map((other) => [keyOf(other), other])).values()];
}

function addressFacts(
  others: readonly KubernetesObject[],
  own: readonly PodFacts[],
  { facts, surroundings }: Around,
): AddressFacts {
  const ofRouters = others.flatMap((other) =>
    parseRouter(other).reading.addresses.flatMap((entry) =>
      entry === undefined ? [] : { ip: ipOf(entry.address), by: `EgressRouter ${keyOf(other)}` },
    ),
  );
  const ofPods = facts.pods
    .filter((pod) => !own.includes(pod))
    .flatMap(({ namespace, name, ips }) => ips.map((ip) => ({ ip, by: `Pod ${namespace}/${name}` })));
  const ofNics = surroundings.nics.flatMap(({ node, name, addresses }) =>
    addresses.map((cidr) => ({ ip: cidr.replace(/\/.*/, ''), by: `${name} of node ${node}` })),
  );
  const written = [...ofPods, ...surroundings.usedAddresses, ...ofNics];
  return {
    networks: surroundings.networks.flatMap(({ name, cidr: text }) => {
      const cidr = parseCidr(text);
      return cidr === undefined ? [] : [{ name, cidr }];
    }),
    taken: [
      ...ofRouters,
      ...written.flatMap(({ ip: text, by }) => {
        const ip = parseIp(text);
        return ip === undefined ? [] : [{ ip, by }];
      }),
    ],
    unseen: facts.unseen,
  };
}

function nicsOf({ nics }: Surroundings) {
  return nics.map(({ node, name, addresses }) => ({
    node,
    name,
    addresses: addresses.flatMap((text) => parseCidr(text) ?? []),
  }));
}

function toPassage(
  { namespace, name }: ObjectName,
  router: EgressRouter,
  pods: readonly PodFacts[],
  { facts, surroundings }: Around,
): Passage {
  const { node } = nodeOf(pods);
  const nodes = facts.nodes.filter((one) =>
    node === undefined ? mayRunOn(router, one) : one.metadata.name === node,
  );
  const { master } = router.macvlan;
  return {
    namespace,
    name,
    ips: router.addresses.map(({ address }) => ipOf(address)),
    mac: macOf({ namespace, name }, router, pods, surroundings.reconciler === 'cno'),
    ...(master === undefined ? {} : { nic: master }),
    nodes: nodes.map(toNode),
  };
}

function macOf(
  { namespace, name }: ObjectName,
  router: EgressRouter,
  pods: readonly PodFacts[],
  isCno: boolean,
): PassageMac {
  const found = pods.flatMap(({ net1 }) => parseMac(net1?.mac) ?? [])[0];
  if (isCno) return found === undefined ? { kind: 'unknown' } : { kind: 'of-pod', mac: found };
  if (router.macvlan.mode === 'Passthru') return { kind: 'of-nic' };
  return { kind: 'fixed', mac: found ?? stableMac(namespace, name) };
}

/** Our operator places pods by annotations; taints of a node keep away those that do not tolerate any. */
function mayRunOn({ options }: EgressRouter, node: KubernetesObject): boolean {
  const taints = listAt(node, 'spec', 'taints').filter((taint) =>
    ['NoSchedule', 'NoExecute'].includes(textAt(taint, 'effect') ?? ''),
  );
  const labels = node.metadata.labels ?? {};
  const selected = Object.entries(options?.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
  return selected && (taints.length === 0 || options?.tolerations !== undefined);
}

function toNode(node: KubernetesObject): Passage['nodes'][number] {
  const address = listAt(node, 'status', 'addresses').find((one) => textAt(one, 'type') === 'InternalIP');
  const ip = parseIp(textAt(address, 'address') ?? '');
  const { name } = node.metadata;
  return ip === undefined ? { name } : { name, ip };
}

function nodeOf(pods: readonly PodFacts[]): { readonly node?: string } {
  const node = pods.find((pod) => pod.node !== undefined)?.node;
  return node === undefined ? {} : { node };
}

/** The Cluster Network Operator leaves the NIC to the plugin, which takes that of the default route. */
function nicOf({ macvlan }: Pick<EgressRouter, 'macvlan'>, isCno: boolean): { readonly nic?: string } {
  return macvlan.master === undefined || isCno ? {} : { nic: macvlan.master };
}

function placedRouters(
  others: readonly KubernetesObject[],
  pods: readonly PodFacts[],
  isCno: boolean,
): readonly Placed[] {
  return others.flatMap((other) => {
    const { name, namespace = '' } = other.metadata;
    const label = routerLabelValue(name);
    const { macvlan } = parseRouter(other).reading;
    return pods
      .filter((pod) => pod.namespace === namespace && (pod.routerLabel === label || pod.routerLabel === ''))
      .flatMap(({ node }) => (node === undefined ? [] : [{ node, ...nicOf({ macvlan }, isCno) }]));
  });
}

function keyOf({ metadata: { namespace, name } }: KubernetesObject): string {
  return `${namespace}/${name}`;
}
