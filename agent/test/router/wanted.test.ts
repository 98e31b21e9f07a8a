import { expect, test } from 'vitest';
import type { ConfigFile } from '#agent/router/config-file.ts';
import { toLinks } from '#agent/router/ip-state.ts';
import type { Observation } from '#agent/router/observe.ts';
import { type HeldConfig, wantedOf } from '#agent/router/wanted.ts';
import { parseNetConf } from '#core/netconf/parse.ts';

const ip = {
  addresses: ['192.168.12.99/24'],
  gateway: '192.168.12.1',
  destinations: ['80 TCP 203.0.113.25'],
};
const before = held({ ip });
const newPod = (what: string) => [`The configuration needs a new pod: it changes ${what}.`];

test.each<readonly [string, object, readonly string[]]>([
  ['rules', { ip: { ...ip, destinations: ['81 TCP 203.0.113.25'] } }, []],
  ['a fallback', { ip: { ...ip, fallbackIP: '203.0.113.9' } }, []],
  ['local ports', { ip, localPorts: ['9410 TCP'] }, []],
  ['what only ADD uses', { ip, dad: { timeoutMs: 0 }, log_level: 'debug', name: 'other' }, []],
  ['an address', { ip: { ...ip, addresses: ['192.168.12.98/24'] } }, newPod('addresses')],
  ['a gateway', { ip: { ...ip, gateway: '192.168.12.2' } }, newPod('gateway')],
  ['the mode', { ip, interfaceArgs: { mode: 'private' } }, newPod('interfaceArgs')],
  ['the MAC', { ip, mac: '02:00:00:00:00:01' }, newPod('mac')],
])('another file with other %s', (_, changes, faults) => {
  const now = held(changes);
  check({ kind: 'known', ...now }, before, faults.length === 0 ? now : before, faults);
});

test('a file that cannot be read leaves what was held', () => {
  const file: ConfigFile = { kind: 'unreadable', reason: 'x: no' };
  check(file, undefined, undefined, ['The configuration cannot be read: x: no']);
  check(file, before, before, [
    'The configuration cannot be read: x: no The rules from before stay in force.',
  ]);
});

test('a pod that bears another address was made by another configuration', () => {
  const file: ConfigFile = { kind: 'known', ...before };
  check(file, undefined, before, []);
  check(file, undefined, undefined, newPod('addresses'), '192.168.12.98');
});

test('without a file there is nothing to hold the pod to', () => {
  check({ kind: 'none' }, undefined, undefined, []);
});

function check(
  file: ConfigFile,
  old: HeldConfig | undefined,
  now: HeldConfig | undefined,
  faults: readonly string[],
  address = '192.168.12.99',
): void {
  const absent = { kind: 'absent' } as const;
  const info = [{ local: address, prefixlen: 24, scope: 'global' }];
  const links = toLinks([{ ifname: 'net1', flags: ['UP'], addr_info: info }]);
  const seen: Observation = {
    links: { kind: 'read', value: links },
    rules: absent,
    routes: absent,
    nft: absent,
  };
  expect(wantedOf(file, old, seen)).toEqual({ ...(now === undefined ? {} : { held: now }), faults });
}

function held(document: object): HeldConfig {
  const { conf, problems } = parseNetConf({ cniVersion: '1.0.0', name: 'nad', ...document });
  if (conf === undefined) throw new Error(problems.map(({ message }) => message).join(' '));
  return { conf, digest: JSON.stringify(document) };
}
