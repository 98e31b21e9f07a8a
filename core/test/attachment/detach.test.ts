import { expect, test } from 'vitest';
import { mayHaveLeftovers, planDetach, readSavedSysctls } from '#core/attachment/detach.ts';
import { readLinks, readRoutes, readRules } from '#core/attachment/ip-json.ts';
import { ifName, podFacts, podLinks, podRoutes4, podRoutes6 } from './sample.ts';

const [net1, eth0] = [ifName('net1'), ifName('eth0')];
const macvlan = { ifname: 'net1', linkinfo: { info_kind: 'macvlan' } };
const ownRules = [
  { priority: 0, src: 'all', table: 'local' },
  { priority: 1000, src: 'all', iif: 'eth0', table: '7101' },
  { priority: 1001, src: '192.168.12.99', table: '7101' },
  { priority: 1002, src: 'all', table: 'main', suppress_prefixlen: 0 },
  { priority: 1003, src: 'all', iif: 'net1', table: '7102' },
  { priority: 1004, src: '10.128.0.5', table: '7102' },
  { priority: 1005, src: 'all', table: '7101' },
  { priority: 1005, src: 'all', table: '99' },
  { priority: 32766, src: 'all', table: 'main' },
];
const ownRoute = { dst: 'default', gateway: '10.128.0.1', dev: 'eth0', table: '7102', flags: [] };

const attached = podFacts({
  links: readLinks([...podLinks, macvlan]),
  routes: [...readRoutes([...podRoutes4, ownRoute], 4), ...readRoutes(podRoutes6, 6)],
  rules: [...readRules(ownRules, 4), ...readRules([{ priority: 1002, table: 'main' }], 6)],
});

test('all that ADD made, and nothing else', () => {
  const saved = new Map([
    [1, 0],
    [3, 0],
    [9, 1],
  ]);
  expect(planDetach(attached, net1, eth0, saved)).toEqual({
    links: ['net1'],
    batches: [
      {
        family: 4,
        text: `\
rule del pref 1000 lookup 7101
rule del pref 1001 lookup 7101
rule del pref 1002 lookup main
rule del pref 1003 lookup 7102
rule del pref 1004 lookup 7102
rule del pref 1005 lookup 7101
route flush table 7102
`,
      },
      { family: 6, text: 'rule del pref 1002 lookup main\n' },
    ],
    sysctls: [
      { key: 'ipv4/conf/eth0/forwarding', value: 0 },
      { key: 'ipv6/conf/all/forwarding', value: 0 },
    ],
    hasTable: true,
  });
});

test('a pod without a router', () =>
  expect(planDetach(podFacts(), net1, eth0, undefined)).toEqual({
    links: [],
    batches: [],
    sysctls: [],
    hasTable: false,
  }));

test('an interface that another plugin made is not ours to delete', () => {
  const links = readLinks([...podLinks, { ifname: 'net1', linkinfo: { info_kind: 'veth' } }]);
  expect(planDetach(podFacts({ links }), net1, eth0, undefined).links).toEqual([]);
});

test("another router's rules and ruleset stay, whatever is asked under another name", () => {
  const net2 = ifName('net2');
  const unchanged = { links: [], batches: [], sysctls: [], hasTable: false };
  expect(planDetach(attached, net2, eth0, new Map([[1, 0]]))).toEqual(unchanged);
  expect(mayHaveLeftovers(attached, net2, eth0)).toBe(false);
});

test('links of an ADD that was killed', () => {
  const links = readLinks([...podLinks, { ...macvlan, ifname: 'ert-123' }]);
  expect(planDetach(podFacts({ links }), net1, eth0, undefined).links).toEqual(['ert-123']);
  expect(mayHaveLeftovers(podFacts({ links }), net1, eth0)).toBe(true);
});

test('leftovers are what no interface belongs to', () => {
  expect(mayHaveLeftovers(podFacts(), net1, eth0)).toBe(false);
  expect(mayHaveLeftovers(attached, net1, eth0)).toBe(false);
  expect(mayHaveLeftovers({ ...attached, links: readLinks(podLinks) }, net1, eth0)).toBe(true);
});

test.each(['ipv4/conf/eth0/forwarding', 'ipv6/conf/all/forwarding'])(
  'a pod with %s on may be what a DEL that was killed left, unless it has the interface',
  (key) => {
    const sysctls = new Map([[key, 1]]);
    expect(mayHaveLeftovers(podFacts({ sysctls }), net1, eth0)).toBe(true);
    expect(mayHaveLeftovers({ ...attached, sysctls }, net1, eth0)).toBe(false);
    expect(mayHaveLeftovers(podFacts({ sysctls: new Map([[key, 0]]) }), net1, eth0)).toBe(false);
  },
);

test('forwarding is restored last, as it is what a killed DEL is known by', () => {
  const keys = ['ipv4/conf/eth0/forwarding', 'ipv4/conf/eth0/rp_filter', 'ipv6/conf/all/forwarding'];
  const sysctls = new Map(keys.map((key) => [key, 1]));
  const saved = new Map([1, 2, 3].map((number) => [number, 0]));
  const plan = planDetach(podFacts({ sysctls }), net1, eth0, saved);
  expect(plan.sysctls.map(({ key }) => key)).toEqual([keys[1], keys[0], keys[2]]);
});

test('settings that the ruleset keeps', () => {
  const listed = {
    nftables: [{ metainfo: {} }, { map: { name: 'sysctls_before', elem: [[1, 0], [3, 1], 'x'] } }],
  };
  expect([...readSavedSysctls(listed)]).toEqual([
    [1, 0],
    [3, 1],
  ]);
  for (const value of [undefined, [], {}, { nftables: [{ map: {} }] }, { nftables: 7 }]) {
    expect(readSavedSysctls(value).size).toBe(0);
  }
});
