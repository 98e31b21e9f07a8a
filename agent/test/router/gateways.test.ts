import { expect, test } from 'vitest';
import { type GatewayState, gatewayFaults, lookAtGateways } from '#agent/router/gateways.ts';
import { parseIp } from '#core/net/ip.ts';

const ip = parseIp('192.168.12.1');
if (ip === undefined) throw new Error('no address');
const silent = `The gateway ${ip} does not answer on the router's network.`;
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
  expect(gatewayFaults(states).join('')).toBe(fault);
});

test('what cannot be read is no answer', () => {
  const neighbors = { kind: 'unreadable', reason: 'no' } as const;
  const states = lookAtGateways([ip], [{ ip, silentSinceMs: 0, isUp: true }], { neighbors }, 6_000);
  expect(gatewayFaults(states)).toEqual([silent]);
});
