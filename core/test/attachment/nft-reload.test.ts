import { expect, test } from 'vitest';
import { type LiveTable, planTableChange } from '#core/attachment/nft-reload.ts';
import {
  connectionMark,
  formatStale,
  parseStaleNumber,
  type StaleConnections,
  staleNumber,
  toConntrackArgs,
} from '#core/attachment/nft-reload-stale.ts';
import { nftCounters, nftSets, toElements } from '#core/attachment/nft-ruleset.ts';
import { toPort } from '#core/net/port.ts';
import type { NetConf } from '#core/netconf/model.ts';
import { dualConfig, netConf, planOf } from './sample.ts';

const destinations = ['8080 TCP 203.0.113.25 80', '53 UDP 203.0.113.25', '8080 TCP 2001:db8::25 80'];
const before = confOf({ destinations });

test('nothing differs, nothing is done', () => {
  check(before, {}, { lines: [], ended: [] });
});

test('a new rule takes nothing from the others', () => {
  check(
    confOf({ destinations: [...destinations, '99 TCP 203.0.113.26'] }),
    {},
    {
      lines: [
        'add element inet egress_router dnat4 { 6 . 99 : 203.0.113.26 . 99 }',
        'add element inet egress_router rule4 { 6 . 99 : 262243 }',
        'add element inet egress_router passing { 262243 }',
      ],
      ended: [],
    },
  );
});

test('a removed rule takes its mark along, so that its connections stop, and they are ended', () => {
  check(
    confOf({ destinations: destinations.slice(1) }),
    {},
    {
      lines: [
        'delete element inet egress_router dnat4 { 6 . 8080 }',
        'delete element inet egress_router rule4 { 6 . 8080 }',
        'delete element inet egress_router passing { 270224 }',
        'add element inet egress_router stale { 270224 }',
      ],
      ended: ['8080/TCP (IPv4)'],
    },
  );
});

test('what loses all it has is emptied at once', () => {
  check(
    confOf({ destinations: ['53 TCP 203.0.113.25', '8080 TCP 2001:db8::25 80'] }),
    {},
    {
      lines: [
        'flush map inet egress_router dnat4',
        'add element inet egress_router dnat4 { 6 . 53 : 203.0.113.25 . 53 }',
        'flush map inet egress_router rule4',
        'add element inet egress_router rule4 { 6 . 53 : 262197 }',
        'delete element inet egress_router passing { 270224, 524341 }',
        'add element inet egress_router passing { 262197 }',
        'add element inet egress_router stale { 270224, 524341 }',
      ],
      ended: ['8080/TCP (IPv4)', '53/UDP (IPv4)'],
    },
  );
});

test('a changed target keeps its mark and counts from zero', () => {
  check(
    confOf({ destinations: ['8080 TCP 203.0.113.25 81', ...destinations.slice(1)] }),
    {},
    {
      lines: [
        'delete element inet egress_router dnat4 { 6 . 8080 }',
        'add element inet egress_router dnat4 { 6 . 8080 : 203.0.113.25 . 81 }',
        'delete element inet egress_router rule4 { 6 . 8080 }',
        'add element inet egress_router rule4 { 6 . 8080 : 270224 }',
        'delete element inet egress_router passing { 270224 }',
        'add element inet egress_router passing { 270224 }',
        'add element inet egress_router stale { 270224 }',
      ],
      ended: ['8080/TCP (IPv4)'],
    },
  );
});

test('what was counted of a rule that goes or changes is forgotten, that of the others is kept', () => {
  const kept = '401296';
  check(
    confOf({ destinations: ['8080 TCP 203.0.113.25 81', '8080 TCP 2001:db8::25 80'] }),
    {
      counted: {
        taken: new Set(['270224', kept]),
        sent: new Set([kept, '524341']),
        received: new Set([kept]),
      },
    },
    {
      lines: [
        'flush map inet egress_router dnat4',
        'add element inet egress_router dnat4 { 6 . 8080 : 203.0.113.25 . 81 }',
        'flush map inet egress_router rule4',
        'add element inet egress_router rule4 { 6 . 8080 : 270224 }',
        'delete element inet egress_router passing { 270224, 524341 }',
        'add element inet egress_router passing { 270224 }',
        'delete element inet egress_router taken { 270224 }',
        'delete element inet egress_router sent { 524341 }',
        'add element inet egress_router stale { 270224, 524341 }',
      ],
      ended: ['8080/TCP (IPv4)', '53/UDP (IPv4)'],
    },
  );
});

test('a rule takes its port from the fallback of its family', () => {
  const withFallback = confOf({ destinations, fallbackIP: ['203.0.113.9', '2001:db8::9'] });
  check(
    confOf({
      destinations: [...destinations, '99 TCP 203.0.113.26'],
      fallbackIP: ['203.0.113.9', '2001:db8::9'],
    }),
    liveOf(withFallback),
    { ended: ['99/TCP (IPv4) by the fallback'] },
  );
});

test("a port that becomes the pod's own is taken from the fallbacks, a rule that goes falls to them", () => {
  check(
    confOf({ destinations: destinations.slice(1), fallbackIP: ['203.0.113.9', '2001:db8::9'] }, [
      '9410 TCP',
      '99 TCP',
    ]),
    liveOf(confOf({ destinations, fallbackIP: ['203.0.113.9', '2001:db8::9'] })),
    {
      ended: ['8080/TCP (IPv4)', '99/TCP (IPv4) by the fallback', '99/TCP (IPv6) by the fallback'],
    },
  );
});

test.each([
  ['goes', undefined],
  ['changes', '203.0.113.10'],
])('a fallback that %s outdates the connections of its family', (_, fallbackIP) => {
  check(
    confOf({ destinations, ...(fallbackIP === undefined ? {} : { fallbackIP }) }),
    liveOf(confOf({ destinations, fallbackIP: '203.0.113.9' })),
    { ended: ['the IPv4 fallback'] },
  );
});

test('a fallback that comes outdates nothing: what no rule took was rejected', () => {
  check(confOf({ destinations, fallbackIP: '203.0.113.9' }), {}, { ended: [] });
});

test("what cannot be the router's is thrown out with all that stood beside it", () => {
  check(
    before,
    { foreignSets: new Set(['rule6']) },
    {
      lines: [
        'flush map inet egress_router rule6',
        'add element inet egress_router rule6 { 6 . 8080 : 401296 }',
      ],
      ended: [],
    },
  );
});

test('chains that differ are filled anew, in the same transaction', () => {
  const plan = planOf(dualConfig);
  const { text, differences } = planTableChange(
    plan,
    fullLive(netConf(dualConfig)),
    ({ name }) => name !== 'forward',
  );
  expect(differences).toEqual(['chain forward']);
  expect(text.split('\n').filter((line) => line.includes(' forward'))).toEqual([
    'add chain inet egress_router forward { type filter hook forward priority filter; policy drop; }',
    'flush chain inet egress_router forward',
    'add rule inet egress_router forward iifname "eth0" oifname "net1" ct status dnat ct mark @passing goto outwards',
    'add rule inet egress_router forward iifname "net1" oifname "eth0" ct state established,related ct mark @passing goto inwards',
    'add rule inet egress_router forward ct state invalid drop',
    'add rule inet egress_router forward iifname "eth0" counter name not_redirected reject with icmpx type admin-prohibited',
    'add rule inet egress_router forward counter name inbound_blocked drop',
  ]);
});

test.each<readonly [StaleConnections, number, string]>([
  [ofPort('rule', 4, 'TCP', 8080), 270_224, '-D -f ipv4 --mark 270224'],
  [ofPort('rule', 6, 'UDP', 53), 655_413, '-D -f ipv6 --mark 655413'],
  [
    ofPort('fallback-port', 4, 'SCTP', 7),
    (1 << 24) | 786_439,
    '-D -f ipv4 --mark 16777215 -p 132 --orig-port-dst 7',
  ],
  [{ kind: 'fallback', family: 6 }, (1 << 25) | 6, '-D -f ipv6 --mark 16777215'],
])('%j has a number, and a command that ends it', (stale, number, args) => {
  expect(staleNumber(stale)).toBe(number);
  expect(parseStaleNumber(number)).toEqual(stale);
  expect(toConntrackArgs(stale).join(' ')).toBe(args);
  expect(args).toContain(String(connectionMark(stale)));
});

test('numbers that mean nothing are nothing', () => {
  expect([0, 1, 8080, 1 << 25, (7 << 18) | 80].map(parseStaleNumber)).toEqual(Array(5).fill(undefined));
});

interface Expected {
  /** Without the declarations, which are always the same. */
  readonly lines?: readonly string[];
  readonly ended: readonly string[];
}

function check(wanted: NetConf, live: Partial<LiveTable>, { lines, ended }: Expected): void {
  const plan = { ...planOf(dualConfig), ...partsOf(wanted) };
  const isAsBefore = live.fallbacks === undefined;
  const change = planTableChange(
    plan,
    { ...fullLive(before), ...live },
    ({ name }) => name !== 'to_external' || isAsBefore,
  );
  if (lines !== undefined) {
    const kept = 'add element inet egress_router kept { 1 }';
    const elements = change.text.split('\n').filter((line) => /^((add|delete) element|flush)/.test(line));
    expect(elements.filter((line) => line !== kept)).toEqual(lines);
    // Whatever is changed: from then on the table is a router process's.
    expect(elements.filter((line) => line === kept).length).toBe(lines.length === 0 ? 0 : 1);
    expect(change.text === '').toBe(lines.length === 0);
  }
  expect(change.stale.map(formatStale)).toEqual(ended);
}

function liveOf(conf: NetConf): Pick<LiveTable, 'elements' | 'fallbacks'> {
  return { elements: toElements(partsOf(conf)), fallbacks: conf.fallbacks };
}

function fullLive(conf: NetConf): LiveTable {
  return {
    ...liveOf(conf),
    foreignSets: new Set(),
    counted: { taken: new Set(), sent: new Set(), received: new Set() },
    stale: [],
    sysctlsBefore: new Map(),
    names: new Set([...nftSets.map(({ name }) => name), ...nftCounters]),
  };
}

function partsOf({ rules, fallbacks, localPorts }: NetConf) {
  return { rules, fallbacks, localPorts };
}

function confOf(ip: object, localPorts: readonly string[] = ['9410 TCP']): NetConf {
  const { addresses, gateway } = dualConfig.ip;
  return netConf({ ...dualConfig, ip: { addresses, gateway, ...ip }, localPorts });
}

function ofPort(
  kind: 'rule' | 'fallback-port',
  family: 4 | 6,
  protocol: 'TCP' | 'UDP' | 'SCTP',
  number: number,
): StaleConnections {
  return { kind, family, protocol, port: toPort(number) };
}
