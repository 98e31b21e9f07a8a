import type { RouterAddress } from '#core/egress-router/model.ts';
import { clusterIfName } from '#core/manifest/names.ts';
import { type Cidr, containsIp, familyOfCidr, ipOf, prefixLengthOf } from '#core/net/cidr.ts';
import { type IfName, parseIfName } from '#core/net/ifname.ts';
import type { Ip, IpFamily } from '#core/net/ip.ts';
import type { Mac } from '#core/net/mac.ts';
import type { NetConf } from '#core/netconf/model.ts';
import { type ClusterDefault, clusterDefaultsOf } from './cluster-default.ts';
import type { LinkFacts, NodeFacts, PodFacts } from './facts.ts';
import { otherRouter } from './routing.ts';
import { podSysctls, type Sysctl } from './sysctl.ts';

/** All that ADD will do to a pod's network namespace, decided from the configuration and what is there. */
export interface AttachmentPlan {
  readonly ifName: IfName;
  readonly clusterLink: IfName;
  readonly macvlan: {
    readonly master: IfName;
    readonly mode: NetConf['macvlan']['mode'];
    readonly mtu?: number;
    /** Absent: the kernel makes one up. */
    readonly mac?: Mac;
  };
  /** How long to look for other owners of the addresses; 0: not at all. */
  readonly dadTimeoutMs: number;
  readonly addresses: readonly RouterAddress[];
  /** Only families in which the router has an address, IPv4 first. */
  readonly families: readonly FamilyPlan[];
  readonly rules: NetConf['rules'];
  readonly fallbacks: NetConf['fallbacks'];
  readonly localPorts: NetConf['localPorts'];
  /** Settings of the pod to change, and what they were. */
  readonly podSysctls: readonly Sysctl[];
  readonly podSysctlsBefore: readonly Sysctl[];
}

export interface FamilyPlan {
  readonly family: IpFamily;
  readonly addresses: readonly Cidr[];
  /** The address that servers see. */
  readonly source: Ip;
  readonly gateway?: Ip;
  /** The pod's addresses on the cluster network. */
  readonly clusterAddresses: readonly Ip[];
  readonly clusterDefaults: readonly ClusterDefault[];
}

export type AttachmentProblemCode =
  | 'cluster-interface-missing'
  | 'interface-exists'
  | 'router-exists'
  | 'master-missing'
  | 'master-not-inferred'
  | 'master-is-loopback'
  | 'mtu-above-master'
  | 'mtu-too-small'
  | 'address-on-pod'
  | 'address-on-node'
  | 'ipv6-missing';

export interface AttachmentProblem {
  readonly code: AttachmentProblemCode;
  readonly message: string;
}

export type PlannedAttachment =
  | { readonly kind: 'planned'; readonly plan: AttachmentPlan }
  | { readonly kind: 'refused'; readonly problem: AttachmentProblem };

export function planAttachment(
  conf: NetConf,
  facts: { readonly node: NodeFacts; readonly pod: PodFacts },
  ifName: IfName,
): PlannedAttachment {
  const { node, pod } = facts;
  const clusterLink = pod.links.find((link) => link.name === clusterIfName);
  if (clusterLink === undefined) return refuse('cluster-interface-missing', withoutClusterLink(pod));
  const problem = problemInPod(conf, pod, ifName);
  if (problem !== undefined) return { kind: 'refused', problem };
  const onNode = problemOnNode(conf, node);
  if (onNode !== undefined) return { kind: 'refused', problem: onNode };
  const master = masterOf(conf, node);
  if ('code' in master) return { kind: 'refused', problem: master };
  const withMaster = problemWithMaster(conf, master);
  if (withMaster !== undefined) return { kind: 'refused', problem: withMaster };
  const { mode, mtu } = conf.macvlan;
  const wantsIpv6 = conf.addresses.some((entry) => familyOfCidr(entry.address) === 6);
  const sysctls = podSysctls(pod.sysctls, clusterLink.name, wantsIpv6);
  return {
    kind: 'planned',
    plan: {
      ifName,
      clusterLink: clusterLink.name,
      macvlan: {
        master: master.name,
        mode,
        ...(mtu === undefined ? {} : { mtu }),
        ...(conf.mac === undefined ? {} : { mac: conf.mac }),
      },
      dadTimeoutMs: conf.dad.timeoutMs,
      addresses: conf.addresses,
      families: planFamilies(conf, pod, clusterLink),
      rules: conf.rules,
      fallbacks: conf.fallbacks,
      localPorts: conf.localPorts,
      podSysctls: sysctls,
      podSysctlsBefore: sysctls.map(({ key }) => ({ key, value: pod.sysctls.get(key) ?? 0 })),
    },
  };
}

function withoutClusterLink(pod: PodFacts): string {
  const names = pod.links.filter((link) => !link.isLoopback).map((link) => link.name);
  const has = names.length === 0 ? 'it has none' : `it has: ${names.join(', ')}`;
  return `the pod has no interface ${clusterIfName} on the cluster network (${has})`;
}

function problemInPod(conf: NetConf, pod: PodFacts, ifName: IfName): AttachmentProblem | undefined {
  // SPEC §2 ADD: an interface of that name is an error.
  if (pod.links.some((link) => link.name === ifName)) {
    return { code: 'interface-exists', message: `the pod already has an interface ${ifName}` };
  }
  const other = otherRouter(pod, ifName);
  if (other !== undefined) {
    return {
      code: 'router-exists',
      message: `the pod is an egress router already, by its interface ${other}; it cannot be a second one`,
    };
  }
  for (const { address } of conf.addresses) {
    const owner = pod.links.find((link) => link.addresses.some((other) => ipOf(other) === ipOf(address)));
    if (owner !== undefined) {
      return {
        code: 'address-on-pod',
        message: `address ${ipOf(address)} is already on the pod's interface ${owner.name}`,
      };
    }
    if (familyOfCidr(address) === 6 && !pod.hasIpv6) {
      return {
        code: 'ipv6-missing',
        message: `address ${address} needs IPv6, and this node's kernel has none`,
      };
    }
  }
  return undefined;
}

function problemOnNode(conf: NetConf, node: NodeFacts): AttachmentProblem | undefined {
  for (const { address } of conf.addresses) {
    const owner = node.links.find((link) => link.addresses.some((other) => ipOf(other) === ipOf(address)));
    if (owner === undefined) continue;
    return {
      code: 'address-on-node',
      message: `address ${ipOf(address)} is the node's own, on its interface ${owner.name}; a router needs one that nothing else uses`,
    };
  }
  return undefined;
}

/** The NIC named; else the one with the narrowest network around an address of the router; else the default route's. */
function masterOf(conf: NetConf, node: NodeFacts): LinkFacts | AttachmentProblem {
  const { master } = conf.macvlan;
  if (master !== undefined) {
    return (
      node.links.find((link) => link.name === master) ?? {
        code: 'master-missing',
        message: `macvlan master "${master}" does not exist on this node (${hasLinks(conf, node)})`,
      }
    );
  }
  const around = networksAround(
    conf,
    node.links.filter((link) => !link.isLoopback),
  );
  const [name] = node.defaultRouteLinks;
  const link = around[0]?.link ?? node.links.find((candidate) => candidate.name === name);
  return (
    link ?? {
      code: 'master-not-inferred',
      message:
        'interfaceArgs.master is not set, no network interface of this node is in the subnet of ' +
        `${conf.addresses.map((entry) => entry.address).join(', ')}, and the node has no default route (${hasLinks(conf, node)})`,
    }
  );
}

function problemWithMaster(conf: NetConf, master: LinkFacts): AttachmentProblem | undefined {
  const { mtu = master.mtu } = conf.macvlan;
  if (master.isLoopback) {
    return {
      code: 'master-is-loopback',
      message: `macvlan master ${master.name} is the loopback interface, which leads to no network; name the node's interface on the network of ${conf.addresses[0]?.address}, or none`,
    };
  }
  if (mtu > master.mtu) {
    return {
      code: 'mtu-above-master',
      message: `mtu ${mtu} is above that of macvlan master ${master.name}, which is ${master.mtu}`,
    };
  }
  const [address6] = conf.addresses.filter(({ address }) => familyOfCidr(address) === 6);
  if (address6 === undefined || mtu >= leastMtuOfIpv6) return undefined;
  const whose = conf.macvlan.mtu === undefined ? `that of macvlan master ${master.name}` : 'mtu';
  return {
    code: 'mtu-too-small',
    message: `address ${address6.address} is IPv6, which needs an MTU of ${leastMtuOfIpv6} or more, and ${whose} is ${mtu}`,
  };
}

/** RFC 8200, section 5. */
const leastMtuOfIpv6 = 1280;

/**
 * Names a person may have meant, those around the router's addresses first: a node has hundreds of links that
 * lead to its pods, without addresses.
 */
function hasLinks(conf: NetConf, node: NodeFacts): string {
  const own = node.links.filter((link) => !link.isLoopback);
  const withAddress = own.filter((link) => link.addresses.length > 0);
  const likely = networksAround(conf, withAddress).map(({ link }) => link.name);
  const names = [
    ...new Set([...likely, ...(withAddress.length > 0 ? withAddress : own).map((link) => link.name)]),
  ];
  if (names.length === 0) return 'it has none';
  return `it has: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', ...' : ''}`;
}

/** The networks of links that an address of the router is in, narrowest first. */
function networksAround(
  conf: NetConf,
  links: readonly LinkFacts[],
): readonly { readonly link: LinkFacts; readonly length: number }[] {
  return links
    .flatMap((link) =>
      link.addresses
        .filter((network) => conf.addresses.some(({ address }) => containsIp(network, ipOf(address))))
        .map((network) => ({ link, length: prefixLengthOf(network) })),
    )
    .toSorted((one, other) => other.length - one.length);
}

/** Also for a pod that has been attached already: table main is left as the primary CNI made it. */
export function planFamilies(
  conf: Pick<NetConf, 'addresses'>,
  pod: Pick<PodFacts, 'routes'>,
  clusterLink: Pick<LinkFacts, 'name' | 'addresses'>,
): readonly FamilyPlan[] {
  return ([4, 6] as const).flatMap((family) => planFamily(family, conf, pod, clusterLink));
}

function planFamily(
  family: IpFamily,
  conf: Pick<NetConf, 'addresses'>,
  pod: Pick<PodFacts, 'routes'>,
  clusterLink: Pick<LinkFacts, 'name' | 'addresses'>,
): readonly FamilyPlan[] {
  const own = conf.addresses.filter((entry) => familyOfCidr(entry.address) === family);
  const [first] = own;
  if (first === undefined) return [];
  const gateway = own.find((entry) => entry.gateway !== undefined)?.gateway;
  const clusterAddresses = clusterLink.addresses.filter((address) => familyOfCidr(address) === family);
  return [
    {
      family,
      addresses: own.map((entry) => entry.address),
      source: ipOf(first.address),
      ...(gateway === undefined ? {} : { gateway }),
      clusterAddresses: clusterAddresses.map(ipOf),
      clusterDefaults: clusterDefaultsOf(
        pod.routes.filter(
          (route) => route.table === 'main' && route.family === family && route.link === clusterLink.name,
        ),
        clusterAddresses,
      ),
    },
  ];
}

function refuse(code: AttachmentProblemCode, message: string): PlannedAttachment {
  return { kind: 'refused', problem: { code, message } };
}

/** The name under which a link is made before it takes its own: unique on the node while its maker runs. */
export function temporaryLinkName(processId: number): IfName {
  const name = parseIfName(`${temporaryLinkPrefix}${processId}`);
  if (name === undefined) throw new RangeError(`${processId} is no process id`);
  return name;
}

/** Links of this name are what a killed ADD left. */
export const temporaryLinkPrefix = 'ert-';
