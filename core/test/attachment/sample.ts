import type { NodeFacts, PodFacts } from '#core/attachment/facts.ts';
import { readLinks, readRoutes, readRules } from '#core/attachment/ip-json.ts';
import { type AttachmentPlan, planAttachment } from '#core/attachment/plan.ts';
import { type IfName, parseIfName } from '#core/net/ifname.ts';
import type { NetConf } from '#core/netconf/model.ts';
import { parseNetConf } from '#core/netconf/parse.ts';

/** As `ip -j -d address show` prints a node, shortened. */
export const nodeLinks = [
  { ifname: 'lo', flags: ['LOOPBACK', 'UP'], mtu: 65536, addr_info: [address('127.0.0.1', 8, 'host')] },
  { ifname: 'cni0', flags: ['UP'], mtu: 1450, addr_info: [address('10.128.0.1', 24)] },
  {
    ifname: 'enp1s0',
    flags: ['BROADCAST', 'UP', 'LOWER_UP'],
    mtu: 1500,
    address: '52:54:00:12:34:56',
    addr_info: [address('192.168.12.10', 24), address('fd12::10', 64), address('fe80::1', 64, 'link')],
  },
  { ifname: 'enp2s0', flags: ['UP'], mtu: 9000, addr_info: [address('192.168.0.10', 16)] },
  { ifname: 'veth0a1b', flags: ['UP'], mtu: 1450, linkinfo: { info_kind: 'veth' }, addr_info: [] },
];

/** As `ip -j -d address show` prints a pod. */
export const podLinks = [
  { ifname: 'lo', flags: ['LOOPBACK', 'UP'], mtu: 65536, addr_info: [address('127.0.0.1', 8, 'host')] },
  {
    ifname: 'eth0',
    flags: ['BROADCAST', 'UP', 'LOWER_UP'],
    mtu: 1450,
    linkinfo: { info_kind: 'veth' },
    addr_info: [address('10.128.0.5', 24), address('fd10:128::5', 64)],
  },
];

export const podRoutes4 = [
  { dst: 'default', gateway: '10.128.0.1', dev: 'eth0', flags: [] },
  { dst: '10.128.0.0/24', dev: 'eth0', protocol: 'kernel', scope: 'link', prefsrc: '10.128.0.5', flags: [] },
  { type: 'local', dst: '10.128.0.5', dev: 'eth0', table: 'local', flags: [] },
];

export const podRoutes6 = [
  { dst: 'fd10:128::/64', dev: 'eth0', protocol: 'kernel', metric: 256, flags: [], pref: 'medium' },
  { dst: 'default', gateway: 'fd10:128::1', dev: 'eth0', metric: 1024, flags: [], pref: 'medium' },
];

/** A namespace whose forwarding and strict reverse path filter ADD has to change. */
export const sysctls = new Map([
  ['ipv4/conf/eth0/forwarding', 0],
  ['ipv4/conf/all/rp_filter', 1],
  ['ipv4/conf/eth0/rp_filter', 0],
  ['ipv6/conf/all/forwarding', 0],
]);

export const config = {
  cniVersion: '1.0.0',
  name: 'egress-router-cni-nad',
  ip: {
    addresses: ['192.168.12.99/24'],
    gateway: '192.168.12.1',
    destinations: ['8080 TCP 203.0.113.25 80', '8053 UDP 203.0.113.26 53'],
  },
};

export const dualConfig = {
  ...config,
  ip: {
    addresses: ['192.168.12.99/24', 'fd12::99/64'],
    gateway: ['192.168.12.1', 'fd12::1'],
    destinations: ['8080 TCP 203.0.113.25 80', '8080 TCP 2001:db8::25 80', '7 SCTP 203.0.113.25'],
    fallbackIP: ['203.0.113.26', '2001:db8::26'],
  },
  interfaceArgs: { mode: 'private', master: 'enp1s0', mtu: '1400' },
  localPorts: ['9410 TCP'],
};

export function nodeFacts(links: unknown = nodeLinks): NodeFacts {
  return { links: readLinks(links), defaultRouteLinks: [ifName('enp1s0')] };
}

export function podFacts(changes: Partial<PodFacts> = {}): PodFacts {
  return {
    links: readLinks(podLinks),
    routes: [...readRoutes(podRoutes4, 4), ...readRoutes(podRoutes6, 6)],
    rules: readRules([{ priority: 0, src: 'all', table: 'local' }], 4),
    hasIpv6: true,
    sysctls,
    ...changes,
  };
}

export function planOf(value: unknown, pod = podFacts()): AttachmentPlan {
  const planned = planAttachment(netConf(value), { node: nodeFacts(), pod }, ifName('net1'));
  if (planned.kind === 'refused') throw new Error(planned.problem.message);
  return planned.plan;
}

export function netConf(value: unknown): NetConf {
  const { conf, problems } = parseNetConf(value);
  if (conf === undefined) throw new Error(problems.map((problem) => problem.message).join(' '));
  return conf;
}

export function ifName(text: string): IfName {
  const name = parseIfName(text);
  if (name === undefined) throw new Error(`${text} is no interface name`);
  return name;
}

export function address(local: string, prefixlen: number, scope = 'global'): object {
  return { family: local.includes(':') ? 'inet6' : 'inet', local, prefixlen, scope };
}
