import { describe, expect, test } from 'vitest';
import type { PodFacts } from '#core/attachment/facts.ts';
import { readLinks, readRoutes } from '#core/attachment/ip-json.ts';
import { planAttachment } from '#core/attachment/plan.ts';
import {
  address,
  config,
  dualConfig,
  ifName,
  netConf,
  nodeFacts,
  nodeLinks,
  planOf,
  podFacts,
  podLinks,
  sysctls,
} from './sample.ts';

test('the whole plan of a router with both families', () => {
  const { rules, fallbacks, localPorts, addresses } = netConf(dualConfig);
  expect(planOf(dualConfig)).toEqual({
    ifName: 'net1',
    clusterLink: 'eth0',
    macvlan: { master: 'enp1s0', mode: 'Private', mtu: 1400 },
    dadTimeoutMs: 100,
    addresses,
    families: [
      {
        family: 4,
        addresses: ['192.168.12.99/24'],
        source: '192.168.12.99',
        gateway: '192.168.12.1',
        clusterAddresses: ['10.128.0.5'],
        clusterDefaults: [{ gateway: '10.128.0.1', isOnlink: false }],
      },
      {
        family: 6,
        addresses: ['fd12::99/64'],
        source: 'fd12::99',
        gateway: 'fd12::1',
        clusterAddresses: ['fd10:128::5'],
        clusterDefaults: [{ gateway: 'fd10:128::1', isOnlink: false, metric: 1024 }],
      },
    ],
    rules,
    fallbacks,
    localPorts,
    podSysctls: [
      { key: 'ipv4/conf/eth0/forwarding', value: 1 },
      { key: 'ipv4/conf/eth0/rp_filter', value: 2 },
      { key: 'ipv6/conf/all/forwarding', value: 1 },
    ],
    podSysctlsBefore: [
      { key: 'ipv4/conf/eth0/forwarding', value: 0 },
      { key: 'ipv4/conf/eth0/rp_filter', value: 0 },
      { key: 'ipv6/conf/all/forwarding', value: 0 },
    ],
  });
});

describe('the settings of the pod', () => {
  test('IPv6 is left alone where the router has no IPv6 address', () =>
    expect(planOf(config).podSysctls.map(({ key }) => key)).toEqual([
      'ipv4/conf/eth0/forwarding',
      'ipv4/conf/eth0/rp_filter',
    ]));
  test('what is right already is not written', () => {
    const right = new Map([...sysctls].map(([key]) => [key, key.endsWith('forwarding') ? 1 : 2]));
    expect(planOf(dualConfig, podFacts({ sysctls: right })).podSysctls).toEqual([]);
  });
  test('no filter is no strict filter', () => {
    const off = new Map([...sysctls, ['ipv4/conf/all/rp_filter', 0] as const]);
    expect(planOf(config, podFacts({ sysctls: off })).podSysctls.map(({ key }) => key)).toEqual([
      'ipv4/conf/eth0/forwarding',
    ]);
  });
});

describe('the master', () => {
  const master = (ip: object, links: unknown = nodeLinks, defaultLink = 'enp2s0') => {
    const node = { ...nodeFacts(links), defaultRouteLinks: [ifName(defaultLink)] };
    const planned = planAttachment(netConf({ ...config, ip }), { node, pod: podFacts() }, ifName('net1'));
    return planned.kind === 'planned' ? planned.plan.macvlan.master : planned.problem;
  };
  test('is the NIC whose network contains the address', () =>
    expect(master({ addresses: ['192.168.12.99/24'] }, nodeLinks, 'enp2s0')).toBe('enp1s0'));
  test('the narrowest such network', () =>
    expect(master({ addresses: ['192.168.13.99/24'] }, nodeLinks, 'enp1s0')).toBe('enp2s0'));
  test('by IPv6', () => expect(master({ addresses: ['fd12::99/64'] })).toBe('enp1s0'));
  test("else the default route's", () =>
    expect(master({ addresses: ['172.16.0.9/24'] }, nodeLinks, 'enp1s0')).toBe('enp1s0'));
  test('else there is none, and it is said', () =>
    expect(master({ addresses: ['172.16.0.9/24'] }, nodeLinks, 'gone0')).toEqual({
      code: 'master-not-inferred',
      message:
        'interfaceArgs.master is not set, no network interface of this node is in the subnet of 172.16.0.9/24, ' +
        'and the node has no default route (it has: cni0, enp1s0, enp2s0)',
    }));
});

describe('the way back to clients', () => {
  const defaults = (routes: readonly object[], links: unknown = podLinks) => {
    const pod = podFacts({ routes: readRoutes(routes, 4), links: readLinks(links) });
    return planOf(config, pod).families[0]?.clusterDefaults;
  };
  const subnet = { dst: '10.128.0.0/24', dev: 'eth0', flags: [] };
  const calico = [{ ...podLinks[1], addr_info: [address('10.128.0.5', 32)] }];

  test('every default route of eth0, with metric', () =>
    expect(
      defaults([
        subnet,
        { dst: 'default', gateway: '10.128.0.1', dev: 'eth0', flags: [] },
        { dst: 'default', gateway: '10.128.0.2', dev: 'eth0', metric: 20, flags: ['onlink'] },
        { dst: 'default', gateway: '192.168.9.1', dev: 'net9', flags: [] },
      ]),
    ).toEqual([
      { gateway: '10.128.0.1', isOnlink: false },
      { gateway: '10.128.0.2', isOnlink: true, metric: 20 },
    ]));
  test('a gateway of the other family', () =>
    expect(
      defaults([{ dst: 'default', via: { family: 'inet6', host: 'fe80::1' }, dev: 'eth0', flags: [] }]),
    ).toEqual([{ gateway: 'fe80::1', isOnlink: false }]));
  test('several next hops', () => {
    const nexthops = [
      { gateway: '10.128.0.1', dev: 'eth0', weight: 1, flags: [] },
      { gateway: '10.128.0.2', dev: 'eth0', weight: 1, flags: [] },
    ];
    expect(defaults([subnet, { dst: 'default', nexthops, flags: [] }])).toEqual([
      { gateway: '10.128.0.1', isOnlink: false },
      { gateway: '10.128.0.2', isOnlink: false },
    ]);
  });
  test('deleted by Multus: the gateway of another route', () =>
    expect(
      defaults([subnet, { dst: '172.30.0.0/16', gateway: '10.128.0.3', dev: 'eth0', flags: [] }]),
    ).toEqual([{ gateway: '10.128.0.3', isOnlink: false }]));
  test('deleted, with a host route (Calico)', () =>
    expect(defaults([{ dst: '169.254.1.1', dev: 'eth0', flags: [] }], calico)).toEqual([
      { gateway: '169.254.1.1', isOnlink: false },
    ]));
  test('deleted, with the subnet alone: its first host', () =>
    expect(defaults([subnet])).toEqual([{ gateway: '10.128.0.1', isOnlink: false }]));
  test('deleted, and nothing to go by', () => expect(defaults([], calico)).toEqual([]));
});

describe('refusals', () => {
  const refuse = (value: object, pod: Partial<PodFacts> = {}, ifNameText = 'net1') => {
    const facts = { node: nodeFacts(), pod: podFacts(pod) };
    const planned = planAttachment(netConf({ ...config, ...value }), facts, ifName(ifNameText));
    return planned.kind === 'refused' ? [planned.problem.code, planned.problem.message] : 'planned';
  };
  test('a master that is not there', () =>
    expect(refuse({ interfaceArgs: { master: 'enp9s9' } })).toEqual([
      'master-missing',
      'macvlan master "enp9s9" does not exist on this node (it has: enp1s0, enp2s0, cni0)',
    ]));
  test('an MTU above the master', () =>
    expect(refuse({ interfaceArgs: { mtu: '1501' } })).toEqual([
      'mtu-above-master',
      'mtu 1501 is above that of macvlan master enp1s0, which is 1500',
    ]));
  test('the loopback interface as master', () =>
    expect(refuse({ interfaceArgs: { master: 'lo' } })).toEqual([
      'master-is-loopback',
      "macvlan master lo is the loopback interface, which leads to no network; name the node's interface on the network of 192.168.12.99/24, or none",
    ]));
  test('an MTU that IPv6 has no use for', () => {
    const interfaceArgs = { mtu: '1279' };
    expect(refuse({ interfaceArgs })).toBe('planned');
    expect(refuse({ interfaceArgs, ip: { ...config.ip, ...dualConfig.ip } })).toEqual([
      'mtu-too-small',
      'address fd12::99/64 is IPv6, which needs an MTU of 1280 or more, and mtu is 1279',
    ]);
  });
  test('an interface of that name', () =>
    expect(refuse({}, {}, 'eth0')).toEqual(['interface-exists', 'the pod already has an interface eth0']));
  test('no interface on the cluster network', () =>
    expect(refuse({}, { links: readLinks([podLinks[0], { ifname: 'ens3' }]) })).toEqual([
      'cluster-interface-missing',
      'the pod has no interface eth0 on the cluster network (it has: ens3)',
    ]));
  test("an address that is the pod's", () =>
    expect(refuse({ ip: { addresses: ['10.128.0.5/24'] } })).toEqual([
      'address-on-pod',
      "address 10.128.0.5 is already on the pod's interface eth0",
    ]));
  test("an address that is the node's", () =>
    expect(refuse({ ip: { addresses: ['192.168.12.10/24'] } })).toEqual([
      'address-on-node',
      "address 192.168.12.10 is the node's own, on its interface enp1s0; a router needs one that nothing else uses",
    ]));
  test('IPv6 where the kernel has none', () =>
    expect(refuse({ ip: { addresses: ['fd12::99/64'] } }, { hasIpv6: false })).toEqual([
      'ipv6-missing',
      "address fd12::99/64 needs IPv6, and this node's kernel has none",
    ]));
});
