import { expect, test } from 'vitest';
import { type PolicyRule, toLinks } from '#agent/router/ip-state.ts';
import { toNftState } from '#agent/router/nft-state.ts';
import type { Observation } from '#agent/router/observe.ts';
import { faultsOf } from '#agent/router/readiness.ts';
import { linkName } from '#agent/router/sysctl-drift.ts';
import { readRoutes } from '#core/attachment/ip-json.ts';
import type { NetConf } from '#core/netconf/model.ts';
import { parseNetConf } from '#core/netconf/parse.ts';
import { nftAnswer } from './nft-answer.ts';

const document = {
  cniVersion: '1.0.0',
  name: 'nad',
  type: 'egress-router',
  ip: {
    addresses: ['192.168.12.99/24', 'fd12::99/64'],
    gateway: ['192.168.12.1', ''],
    destinations: ['8080 TCP 203.0.113.25 80', '53 UDP 2001:db8::25'],
    fallbackIP: '203.0.113.9',
  },
};
const { conf } = parseNetConf(document);
if (conf === undefined) throw new Error('the configuration of the tests is not valid');
const expected: NetConf = conf;

const net1 = {
  ifname: 'net1',
  flags: ['BROADCAST', 'UP', 'LOWER_UP'],
  operstate: 'UP',
  addr_info: [
    { local: '192.168.12.99', prefixlen: 24, scope: 'global' },
    { local: 'fd12::99', prefixlen: 64, scope: 'global' },
    { local: 'fe80::1', prefixlen: 64, scope: 'link' },
  ],
};
const rules: readonly PolicyRule[] = ([4, 6] as const).flatMap((family) => [
  { family, priority: 1000, table: '7101', inputInterface: 'eth0', source: 'all' },
  { family, priority: 1003, table: '7102', inputInterface: 'net1', source: 'all' },
]);
const routes = [
  ...readRoutes([{ table: '7101', dst: 'default', dev: 'net1', gateway: '192.168.12.1' }], 4),
  // The IPv6 address has no gateway, hence no default route.
  ...readRoutes([{ table: '7101', dst: 'fd12::/64', dev: 'net1' }], 6),
];
const good: Observation = {
  links: read(toLinks([net1])),
  rules: read(rules),
  routes: read(routes),
  nft: read(toNftState(nftAnswer)),
};

test('a pod that is as configured has no faults', () => {
  check({}, []);
  expect(faultsOf(good, undefined)).toEqual([]);
});

test.each([
  [
    'no link',
    { links: read(toLinks([])) },
    ['There is no interface net1: the CNI plugin did not attach it.'],
  ],
  ['link down', { links: read(toLinks([{ ...net1, flags: [] }])) }, ['Interface net1 is down.']],
  [
    'no carrier',
    { links: read(toLinks([{ ...net1, operstate: 'LOWERLAYERDOWN' }])) },
    ["Interface net1 has no carrier: the node's network interface is down."],
  ],
  [
    'address missing',
    { links: read(toLinks([{ ...net1, addr_info: net1.addr_info.slice(1) }])) },
    ['Interface net1 lacks the address 192.168.12.99/24.'],
  ],
  [
    'rule missing',
    { rules: read(rules.slice(1)) },
    ['The IPv4 routing rule from eth0 to table 7101 is missing.'],
  ],
  ['route missing', { routes: read(routes.slice(1)) }, ['The IPv4 route by net1 in table 7101 is missing.']],
  [
    'default route elsewhere',
    { routes: read(routes.map((route) => ({ ...route, link: linkName('eth0') }))) },
    ['The IPv4 route by net1 in table 7101 is missing.', 'The IPv6 route by net1 in table 7101 is missing.'],
  ],
  ['no table', { nft: { kind: 'absent' } }, ['The nftables rules of the router are missing.']],
  [
    'empty table',
    { nft: read(toNftState({ nftables: [] })) },
    [
      'The nftables rules do not drop what no rule redirects.',
      'Port 8080/TCP is not redirected.',
      'Port 53/UDP is not redirected.',
      'The fallback to 203.0.113.9 is not in force.',
    ],
  ],
  [
    'not allowed to read',
    { nft: { kind: 'unreadable', reason: 'Operation not permitted' } },
    ['Cannot read the nftables rules: Operation not permitted'],
  ],
] satisfies readonly (readonly [string, Partial<Observation>, readonly string[]])[])(
  '%s',
  (_name, changes, faults) => {
    check(changes, faults);
  },
);

test('a rule that goes elsewhere than configured, and a fallback that is not configured, are faults', () => {
  const { conf: other } = parseNetConf({
    ...document,
    ip: { ...document.ip, destinations: ['8080 TCP 203.0.113.25 81'], fallbackIP: undefined },
  });
  if (other === undefined) throw new Error('not valid');
  check(
    {},
    [
      'Port 8080/TCP is redirected to 203.0.113.25 port 80, not to 203.0.113.25 port 81.',
      'Port 53/UDP is redirected without a rule.',
      'A fallback to 203.0.113.9 is in force that is not configured.',
    ],
    other,
  );
});

function check(changes: Partial<Observation>, faults: readonly string[], expectation = expected): void {
  expect(faultsOf({ ...good, ...changes }, expectation)).toEqual(faults);
}

function read<T>(value: T) {
  return { kind: 'read', value } as const;
}
