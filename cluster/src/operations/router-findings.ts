import { findRefusals } from '#core/egress-router/checks/refusals.ts';
import type { EgressRouter } from '#core/egress-router/model.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { listAt, textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { ipOf, parseCidr } from '#core/net/cidr.ts';
import { type Ip, parseIp } from '#core/net/ip.ts';
import { parseMac } from '#core/net/mac.ts';
import { stableMac } from '#core/net/stable-mac.ts';
import { type AddressFacts, checkAddresses, type Taken } from '#core/platform/check-addresses.ts';
import { checkCapacity, type Placed } from '#core/platform/check-capacity.ts';
import { checkNic } from '#core/platform/check-nic.ts';
import { checkPlatform, type Passage, type PassageMac } from '#core/platform/check-platform.ts';
import { checkSctp } from '#core/platform/check-sctp.ts';
import { checkSecondRouter } from '#core/platform/check-second-router.ts';
import type { Finding } from '#core/platform/finding.ts';
import type { Platform } from '#core/platform/platform.ts';
import type { Surroundings } from '../api.ts';
import type { ObjectName } from '../object-ref.ts';
import type { RouterState } from '../view.ts';
import { ownPods, type PodFacts, type PreflightFacts } from './preflight-facts.ts';

/** What the router is held against. */
export interface Around {
  readonly facts: PreflightFacts;
  readonly surroundings: Surroundings;
  readonly platform: Platform;
  /** MachineConfigs that load SCTP; absent: not known. */
  readonly sctpLoads: readonly string[] | undefined;
  readonly routersPerNic: number;
  /** What is made of these once for all routers, as there may be thousands of each. */
  readonly known: Known;
}

interface Known {
  readonly routers: readonly KnownRouter[];
  readonly ofPods: readonly (Taken & { readonly pod: PodFacts })[];
  readonly ofNodes: readonly Taken[];
}

interface KnownRouter extends ObjectName {
  readonly addresses: readonly Ip[];
  readonly placed: readonly Placed[];
}

/** @param wanted routers that are to be; they count as there already, in place of what is there */
export function toKnown(
  wanted: readonly KubernetesObject[],
  { routers, pods }: PreflightFacts,
  { usedAddresses, nics, reconciler }: Surroundings,
): Known {
  const staying = [...routers, ...wanted].filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const ofNics = nics.flatMap(({ node, name, addresses }) =>
    addresses.map((cidr) => ({ ip: cidr.replace(/\/.*/, ''), by: `${name} of node ${node}` })),
  );
  const byNamespace = new Map<string, PodFacts[]>();
  for (const pod of pods.filter(({ routerLabel }) => routerLabel !== undefined)) {
    const found = byNamespace.get(pod.namespace);
    if (found === undefined) byNamespace.set(pod.namespace, [pod]);
    else found.push(pod);
  }
  const isCno = reconciler === 'cno';
  return {
    routers: [...new Map(staying.map((object) => [keyOf(object), object])).values()].map((object) =>
      toKnownRouter(object, byNamespace.get(object.metadata.namespace ?? '') ?? [], isCno),
    ),
    ofPods: pods.flatMap((pod) =>
      pod.ips.flatMap((ip) =>
        readTaken({ ip, by: `Pod ${pod.namespace}/${pod.name}` }).map((one) => ({ ...one, pod })),
      ),
    ),
    ofNodes: [...usedAddresses, ...ofNics].flatMap(readTaken),
  };
}

function toKnownRouter(object: KubernetesObject, pods: readonly PodFacts[], isCno: boolean): KnownRouter {
  const { name, namespace = '' } = object.metadata;
  const { addresses, macvlan } = parseRouter(object).reading;
  return {
    namespace,
    name,
    addresses: addresses.flatMap((entry) => (entry === undefined ? [] : ipOf(entry.address))),
    placed: ownPods({ namespace, name }, pods).flatMap(({ node }) =>
      node === undefined ? [] : [{ node, ...nicOf({ macvlan }, isCno) }],
    ),
  };
}

function readTaken({ ip: text, by }: { readonly ip: string; readonly by: string }): readonly Taken[] {
  const ip = parseIp(text);
  return ip === undefined ? [] : [{ ip, by }];
}

/** All that is said of one router, but for what its namespace forbids. */
export function routerFindings(
  name: ObjectName,
  object: KubernetesObject,
  around: Around,
): readonly Finding[] {
  const { facts, surroundings, platform, known, sctpLoads, routersPerNic } = around;
  const parsed = parseRouter(object);
  const { router } = parsed;
  const reconciler = surroundings.reconciler ?? 'unknown';
  const refusals = findRefusals(parsed, reconciler).map(
    ({ message }): Finding => ({ code: 'document', verdict: 'error', message }),
  );
  if (router === undefined) return refusals;
  const others = known.routers.filter((one) => one.namespace !== name.namespace || one.name !== name.name);
  const siblings = others.filter(({ namespace }) => namespace === name.namespace);
  const pods = ownPods(name, facts.pods);
  const sctp = checkSctp(router, sctpLoads);
  return [
    ...refusals,
    checkPlatform(platform, toPassage(name, router, pods, around)),
    ...checkAddresses(router, addressFacts({ others, siblings, pods }, around)),
    checkNic(router, nicsOf(surroundings), reconciler),
    checkCapacity(
      { ...nodeOf(pods), ...nicOf(router, reconciler === 'cno') },
      {
        placed: others.flatMap(({ placed }) => placed),
        unseen: [...facts.unseen.routers, ...facts.unseen.pods],
      },
      routersPerNic,
    ),
    ...(sctp === undefined ? [] : [sctp]),
    checkSecondRouter(
      name,
      {
        others: siblings.map((sibling) => sibling.name),
        areAllSeen: !facts.unseen.routersIn.includes(name.namespace),
      },
      reconciler,
    ),
  ];
}

/** What has become of a router that is there; nothing where it is up, or on its way. */
export function stateFindings(state: RouterState): readonly Finding[] {
  switch (state.kind) {
    case 'degraded':
    case 'address-conflict':
      return [{ code: 'router', verdict: 'error', message: state.message }];
    case 'stale-rules':
    case 'deleting':
      return [{ code: 'router', verdict: 'warning', message: state.message }];
    case 'ready':
    case 'simulated':
    case 'progressing':
    case 'not-reconciled':
      return [];
  }
}

function addressFacts(
  {
    others,
    siblings,
    pods,
  }: {
    readonly others: readonly KnownRouter[];
    /** Those of them in the router's namespace. */
    readonly siblings: readonly KnownRouter[];
    /** The router's own. */
    readonly pods: readonly PodFacts[];
  },
  { facts, surroundings, known }: Around,
): AddressFacts {
  const ofRouters = others.flatMap(({ namespace, name, addresses }) =>
    addresses.map((ip): Taken => ({ ip, by: `EgressRouter ${namespace}/${name}`, isClaim: true })),
  );
  const ofPods = known.ofPods.filter(({ pod }) => !pods.includes(pod));
  // Of several routers under the Cluster Network Operator nothing tells whose pod it is.
  const holders = pods.filter(
    ({ isUp, routerLabel }) => isUp && (routerLabel !== '' || siblings.length === 0),
  );
  return {
    networks: surroundings.networks.flatMap(({ name, cidr: text }) => {
      const cidr = parseCidr(text);
      return cidr === undefined ? [] : [{ name, cidr }];
    }),
    taken: [...ofRouters, ...ofPods, ...known.ofNodes],
    held: holders.flatMap(({ net1 }) => net1?.ips.flatMap((ip) => parseIp(ip) ?? []) ?? []),
    unseen: [...facts.unseen.routers, ...facts.unseen.pods, ...facts.unseen.nodes],
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

/** A node has these for as long as it is not well, and may be well when the pod is placed. */
const passingTaint =
  /^node\.kubernetes\.io\/(not-ready|unreachable|(memory|disk|pid)-pressure|network-unavailable)$/;

/** Our operator places pods by annotations; taints of a node keep away those that do not tolerate any. */
function mayRunOn({ options }: EgressRouter, node: KubernetesObject): boolean {
  const taints = listAt(node, 'spec', 'taints').filter(
    (taint) =>
      ['NoSchedule', 'NoExecute'].includes(textAt(taint, 'effect') ?? '') &&
      !passingTaint.test(textAt(taint, 'key') ?? ''),
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

function keyOf({ metadata: { namespace, name } }: KubernetesObject): string {
  return `${namespace}/${name}`;
}
