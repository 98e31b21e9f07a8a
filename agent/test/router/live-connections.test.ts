import { expect, test } from 'vitest';
import { toRules } from '#agent/router/live-connections.ts';
import { staleConnections } from '#core/attachment/nft-reload.ts';
import { formatStale } from '#core/attachment/nft-reload-stale.ts';
import type { RulesetPlan } from '#core/attachment/nft-ruleset.ts';
import { parseIfName } from '#core/net/ifname.ts';
import { parseNetConf } from '#core/netconf/parse.ts';

function planOf(destinations: readonly string[], fallbackIP: readonly string[] = []): RulesetPlan {
  const { conf } = parseNetConf({
    cniVersion: '1.0.0',
    name: 'n',
    type: 'egress-router',
    ip: {
      addresses: ['192.168.12.99/24', 'fd12::99/64'],
      gateway: ['192.168.12.1', 'fd12::1'],
      destinations,
      ...(fallbackIP.length === 0 ? {} : { fallbackIP: fallbackIP.join(',') }),
    },
    localPorts: ['9410 TCP'],
  });
  const [ifName, clusterLink] = [parseIfName('net1'), parseIfName('eth0')];
  if (conf === undefined || ifName === undefined || clusterLink === undefined) throw new Error('no plan');
  return { ...conf, ifName, clusterLink, families: [] };
}

const udp = (port: number, target: string, mark: number, flag = ''): string =>
  `udp      17 29 src=10.128.0.7 dst=10.128.0.11 sport=40001 dport=${port}${flag} src=${target} dst=192.168.12.99 sport=${port} dport=40001 mark=${mark} use=1`;
const tcp6 = `tcp      6 431999 ESTABLISHED src=fd10:128::7 dst=fd10:128::11 sport=40002 dport=8080 src=2001:db8::25 dst=fd12::99 sport=80 dport=40002 [ASSURED] mark=${(1 << 18) | (1 << 17) | 8080} use=1`;
const markOf = (port: number): number => (2 << 18) | port;
const fallback = 0xffffff;

/** Which connections a process ends that finds no table, but these connections. */
function check(
  plan: RulesetPlan,
  lines4: readonly string[],
  lines6: readonly string[] = [],
): readonly string[] {
  const lists = [
    { family: 4, text: `${lines4.join('\n')}\n` },
    { family: 6, text: `${lines6.join('\n')}\n` },
  ] as const;
  return staleConnections(plan, toRules(plan, lists)).map(formatStale);
}

test.each([
  { name: 'none', rules: ['9001 UDP 203.0.113.25'], lines: [], stale: [] },
  {
    name: 'one that goes where it should',
    rules: ['9001 UDP 203.0.113.25'],
    lines: [udp(9001, '203.0.113.25', markOf(9001))],
    stale: [],
  },
  {
    name: 'one that goes elsewhere, beside one that does not',
    rules: ['9001 UDP 203.0.113.25'],
    lines: [udp(9001, '203.0.113.26', markOf(9001)), udp(9001, '203.0.113.25', markOf(9001))],
    stale: ['9001/UDP (IPv4)'],
  },
  {
    name: 'one without an answer, of a rule that is gone',
    rules: [],
    lines: [udp(9001, '203.0.113.25', markOf(9001), ' [UNREPLIED]')],
    stale: ['9001/UDP (IPv4)'],
  },
  {
    name: "what is not the router's",
    rules: [],
    lines: [udp(53, '10.128.0.1', 0), 'icmp     1 29 src=10.128.0.7 dst=10.128.0.11 type=8 code=0 id=7', 'x'],
    stale: [],
  },
])('$name', ({ rules, lines, stale }) => {
  expect(check(planOf(rules), lines)).toEqual(stale);
});

test('of the fallback: all where it leads elsewhere now, else those whose port has got a rule', () => {
  const lines = [udp(9001, '203.0.113.25', fallback), udp(9002, '203.0.113.25', fallback)];
  expect(check(planOf([], ['203.0.113.25']), lines)).toEqual([]);
  expect(check(planOf([], ['203.0.113.26']), lines)).toEqual(['the IPv4 fallback']);
  expect(check(planOf([]), lines)).toEqual(['the IPv4 fallback']);
  expect(check(planOf(['9002 UDP 203.0.113.25', '9003 UDP 203.0.113.25'], ['203.0.113.25']), lines)).toEqual([
    '9002/UDP (IPv4) by the fallback',
  ]);
});

test('of IPv6', () => {
  expect(check(planOf(['8080 TCP 2001:db8::25 80']), [], [tcp6])).toEqual([]);
  expect(check(planOf(['8080 TCP 2001:db8::25 81']), [], [tcp6])).toEqual(['8080/TCP (IPv6)']);
});
