import { expect, test } from 'vitest';
import { type GatewayState, gatewayFaults, lookAtGateways } from '#agent/router/gateways.ts';
import { parseIp } from '#core/net/ip.ts';
import { parseNetConf } from '#core/netconf/parse.ts';

const ip = parseIp('192.168.12.1');
const { conf } = parseNetConf({
  cniVersion: '1.0.0',
  name: 'nad',
  ip: { addresses: ['192.168.12.9/24'], gateway: '192.168.12.1', destinations: ['203.0.113.25'] },
  interfaceArgs: { master: 'eth1' },
});
if (ip === undefined || conf === undefined) throw new Error('no address');
const silent =
  `The gateway ${ip} does not answer the router, whose address there is 192.168.12.9/24, on the NIC eth1 of the node. ` +
  'See whether that NIC is in the network of the address, and in its VLAN, and whether the gateway is up.';
const unknown = `The gateway ${ip} has not answered yet.`;

test.each<readonly [string, string, string]>([
  ['answers at once', '0 REACHABLE', ''],
  ['has not answered yet', '0 INCOMPLETE, 2 -, 5 INCOMPLETE', unknown],
  ['never answers', '0 INCOMPLETE, 2 FAILED, 6 FAILED', silent],
  ['answers late', '0 INCOMPLETE, 6 FAILED, 8 REACHABLE', ''],
  ['is asked again by the kernel', '0 REACHABLE, 30 STALE, 32 DELAY, 37 PROBE', ''],
  [
    'is silent for a moment, however often one looks',
    '0 REACHABLE, 1 FAILED, 1.5 INCOMPLETE, 2 INCOMPLETE, 2.4 INCOMPLETE',
    '',
  ],
  [
    'is silent, answers, and is silent for a moment again',
    '0 REACHABLE, 1 FAILED, 6 REACHABLE, 8 FAILED',
    '',
  ],
  ['has a new MAC', '0 REACHABLE, 1 FAILED, 1.5 REACHABLE, 9 STALE', ''],
  ['goes', '0 REACHABLE, 1 FAILED, 1.5 INCOMPLETE, 2.5 INCOMPLETE', silent],
  ['goes, and comes again', '0 REACHABLE, 1 FAILED, 2.5 INCOMPLETE, 60 FAILED, 62 REACHABLE', ''],
])('a gateway that %s', (_, story, fault) => {
  let states: readonly GatewayState[] = [];
  for (const part of story.split(', ')) {
    const [second = '', state = ''] = part.split(' ');
    const value = state === '-' ? [] : [{ ip, state }];
    states = lookAtGateways([ip], states, { neighbors: { kind: 'read', value } }, Number(second) * 1000);
  }
  expect(gatewayFaults(states, conf).join('')).toBe(fault);
});

test('what cannot be read is no answer', () => {
  const neighbors = { kind: 'unreadable', reason: 'no' } as const;
  const states = lookAtGateways([ip], [{ ip, silentSinceMs: 0, isUp: true }], { neighbors }, 6_000);
  expect(gatewayFaults(states, conf)).toEqual([silent]);
});

test('a NIC that the node infers is named for what it is', () => {
  const inferred = { ...conf, macvlan: { mode: 'Bridge' } } as const;
  expect(gatewayFaults([{ ip, isUp: false }], inferred).join('')).toContain(
    "on the node's NIC in that network, or that of its default route where it has none.",
  );
});
