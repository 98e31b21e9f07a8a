import { expect, test } from 'vitest';
import { candidateText } from '#core/egress-router/candidates/candidate.ts';
import { netConfCandidates } from '#core/netconf/candidates.ts';
import { netConfFixes } from '#core/netconf/fixes.ts';
import { parseNetConf } from '#core/netconf/parse.ts';
import { netConfSchema } from '#core/netconf/schema.ts';
import { netConfSentence } from '#core/netconf/sentence.ts';
import { unknownKeys } from '#core/netconf/unknown-keys.ts';
import type { Path } from '#core/problem.ts';
import type { JsonSchema } from '#core/schema/json-schema.ts';

const ip = {
  addresses: ['192.168.12.99/24'],
  gateway: '192.168.12.1',
  destinations: ['8080 TCP 203.0.113.25 80'],
};
const conf = { cniVersion: '0.4.0', type: 'egress-router', name: 'net', ip };

/** The titles of the fixes of the only problem. */
function check(change: object, ...titles: readonly string[]): void {
  const value = { ...conf, ...change };
  const { problems } = parseNetConf(value);
  expect(problems).toHaveLength(1);
  expect(problems.flatMap((problem) => netConfFixes(problem, value).map(({ title }) => title))).toEqual(
    titles,
  );
}

test('fixes of a configuration', () => {
  check({ cniVersion: 'one' }, 'Use 0.4.0');
  check({ name: '../x' }, 'Use x');
  check({ ip: { ...ip, addresses: ['192.168.12.99'] } }, 'Use 192.168.12.99/24');
  check({ ip: { ...ip, addresses: ['192.168.12.0/24'] } });
  check({ ip: { ...ip, addresses: [...ip.addresses, '192.168.12.99/25'] } }, 'Remove "192.168.12.99/25"');
  check({ ip: { ...ip, gateway: '192.168.13.254' } }, 'Use 192.168.12.254', 'Remove "gateway"');
  check({ ip: { ...ip, gateway: '192.168.12.99' } }, 'Remove "gateway"');
  check({ ip: { ...ip, gateway: 'fd12::1' } }, 'Use 192.168.12.1', 'Remove "gateway"');
  check({ ip: { ...ip, destinations: [''] } }, 'Remove the entry');
  check({ ip: { ...ip, destinations: ['080 TCP 203.0.113.25'] } }, 'Use 80 TCP 203.0.113.25');
  check({ ip: { ...ip, destinations: ['80 TCPP 203.0.113.25'] } }, 'Use TCP');
  check({ ip: { ...ip, destinations: ['80 ICMP 203.0.113.25'] } }, 'Use TCP', 'Use UDP', 'Use SCTP');
  check({ ip: { ...ip, destinations: ['80 TCP 203.0.113.25/24'] } }, 'Use 80 TCP 203.0.113.25');
  check({ ip: { ...ip, destinations: ['80 TCP 203.0.113.0/24'] } });
  check({ ip: { ...ip, destinations: ['80 TCP example.com'] } });
  check({ ip: { ...ip, destinations: ['80 TCP 0.0.0.0'] } }, 'Remove "80 TCP 0.0.0.0"');
  check({ interfaceType: 'ipvlan' }, 'Use macvlan', 'Remove "interfaceType"');
  check({ interfaceArgs: { mode: 'brigde' } }, 'Use bridge');
  check({ interfaceArgs: { mtu: '9' } }, 'Remove "mtu"');
  check({ localPorts: ['9410'] }, 'Use 9410 TCP', 'Remove "9410"');
  check({ log_level: 'debgu' }, 'Use debug');
  check({ log_file: 'log' }, 'Use /tmp/egress-router-log');
});

test('unknown keys', () => {
  const told = (value: object) =>
    unknownKeys(value).map(
      ({ path, fixes }) => `${path.join('.')}: ${fixes?.map((fix) => fix.title).join(', ')}`,
    );
  expect(told({ ...conf, dns: {}, runtimeConfig: {}, 'cni.dev/attachments': [] })).toEqual([]);
  expect(told({ ip: { destination: [], allowedDestinations: [] } })).toEqual([
    'ip.destination: Rename to "destinations", Remove "destination"',
    'ip.allowedDestinations: Rename to "destinations", Remove "allowedDestinations"',
  ]);
  expect(told({ ipConfig: {}, podIP: {} })).toEqual(['ipConfig: Remove "ipConfig"', 'podIP: Remove "podIP"']);
  expect(told({ IP: {}, ip: {} })).toEqual(['IP: Remove "IP"']);
  expect(told({ interfaceArgs: { Mode: 'bridge' } })).toEqual([
    'interfaceArgs.Mode: Rename to "mode", Remove "Mode"',
  ]);
});

test('every key of the schema is described', () => {
  const undescribed = (schema: JsonSchema, path: string): readonly string[] => [
    ...(schema.description === undefined ? [path] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, field]) =>
      undescribed(field, `${path}.${key}`),
    ),
    ...(schema.items === undefined ? [] : undescribed(schema.items, `${path}[]`)),
  ];
  expect(undescribed(netConfSchema, '')).toEqual([]);
});

test('what a destination does', () => {
  const sentence = (...path: Path) =>
    netConfSentence(path, {
      ip: { ...ip, destinations: [...ip.destinations, '203.0.113.26', '53 UDP fd12::1'] },
    });
  expect(sentence('ip', 'destinations', 0)).toBe(
    'client → router:8080/TCP → **203.0.113.25:80**, seen as **192.168.12.99**',
  );
  expect(sentence('ip', 'destinations', 1)).toBe(
    'client → router:*any other port* → **203.0.113.26**, same port, seen as **192.168.12.99**',
  );
  expect(sentence('ip', 'destinations', 2)).toBe('client → router:53/UDP → **[fd12::1]:53**');
  expect(sentence('ip', 'gateway')).toBeUndefined();
  expect(sentence('name')).toBeUndefined();
});

test('values to choose from', () => {
  const texts = (...path: Path) => netConfCandidates(path, conf).map(candidateText);
  expect(texts('interfaceArgs', 'mode')).toEqual(['bridge', 'private', 'vepa', 'passthru']);
  expect(texts('ip', 'gateway')).toEqual(['192.168.12.1']);
  expect(texts('ip', 'destinations', 1)).toEqual([
    '8081 TCP 203.0.113.25 80',
    '8080 UDP 203.0.113.25 80',
    '8080 SCTP 203.0.113.25 80',
  ]);
  expect(texts('ip', 'destinations', 0)[0]).toBe('8080 TCP 203.0.113.25 80');
  expect(texts('log_level')).toEqual(['error', 'warning', 'info', 'debug']);
  expect(texts('ip')).toEqual([]);
});
