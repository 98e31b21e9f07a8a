// What status says of each router.
import { expect, test } from 'vitest';
import { remarksOf, toTable } from '#cli/verbs/status.ts';
import type { RouterView } from '#cluster/view.ts';

const rule = { port: 80, protocol: 'TCP', destinationIP: '203.0.113.25', targetPort: 80 };
const bare: RouterView = {
  namespace: 'demo',
  name: 'bank',
  state: { kind: 'ready' },
  addresses: [{ ip: '192.168.12.99/24' }],
  rules: [],
  pods: [],
  services: [],
  warnings: [],
  objects: [],
};

test.each<[string, Partial<RouterView>]>([
  ['0', {}],
  ['1', { rules: [rule] }],
  ['fallback', { fallbackIP: '203.0.113.26' }],
  ['1+fallback', { rules: [rule], fallbackIP: '203.0.113.26' }],
])('what it redirects: %s', (shown, more) => {
  const [header = [], row = []] = toTable([{ ...bare, ...more }], false);
  expect(row[header.indexOf('RULES')]).toBe(shown);
});

test('what is not certain of a router that is up', () => {
  const [header = [], row = []] = toTable(
    [{ ...bare, state: { kind: 'ready', message: 'Who knows.' } }],
    false,
  );
  expect([row[header.indexOf('STATE')], row[header.indexOf('MESSAGE')]]).toEqual(['ready', 'Who knows.']);
});

test.each([
  ['bank', 'warning  To bring it in step: expose it.\n'],
  ['shared', ''],
])(
  'how the Service of its name is brought in step is told after what is wrong with it: %s',
  (name, expected) => {
    const outOfStep = ['It has no port for 80/TCP: add it there.'];
    const services = [{ name, type: 'ClusterIP', ports: [], outOfStep }];
    const told = remarksOf({ ...bare, services }, 'To bring it in step: expose it.', 0);
    expect(told).toBe(`warning  Service ${name}: ${outOfStep[0]}\n${expected}`);
  },
);

test('a Service that leads to another router is marked in the list', () => {
  const services = [{ name: 'bank', type: 'ClusterIP', ports: [], leadsElsewhere: true }] as const;
  const [header = [], row = []] = toTable(
    [{ ...bare, state: { kind: 'ready', message: 'Who knows.' }, services }],
    false,
  );
  expect(row[header.indexOf('MESSAGE')]).toBe(
    'Service bank does not lead to this router: see status bank. Who knows.',
  );
});

test('a Service that is out of step is marked in the list, where the state stays what it is', () => {
  const service = { name: 'bank', type: 'ClusterIP', ports: [], outOfStep: ['It has no port for 80/TCP.'] };
  const [header = [], row = []] = toTable([{ ...bare, services: [service] }], false);
  expect([row[header.indexOf('STATE')], row[header.indexOf('MESSAGE')]]).toEqual([
    'ready',
    'Service bank is out of step: see status bank.',
  ]);
});

const warning = { about: 'Pod p', reason: 'Unhealthy', message: 'No gateway.', count: 1 };
const degraded = { kind: 'degraded', message: 'Pod p runs but does not redirect: No gateway.' } as const;

test.each<[string, Partial<RouterView>, string]>([
  ['of no known time', { warnings: [warning] }, 'No gateway.'],
  ['a moment ago', { warnings: [{ ...warning, lastSeen: '2026-01-01T12:00:30Z' }] }, 'No gateway. (0 s ago)'],
  [
    'minutes ago',
    { warnings: [{ ...warning, lastSeen: '2026-01-01T11:56:00Z' }] },
    'No gateway. (4 min ago)',
  ],
  [
    'many times',
    { warnings: [{ ...warning, count: 3, lastSeen: '2026-01-01T09:00:00Z' }] },
    'No gateway. (3 times, 3 h ago)',
  ],
  ['days ago', { warnings: [{ ...warning, lastSeen: '2025-12-30T00:00:00Z' }] }, 'No gateway. (2 d ago)'],
  ['what the row says already', { state: degraded, warnings: [warning] }, ''],
])('a warning is told once, and with its time: %s', (_, more, expected) => {
  const told = remarksOf({ ...bare, ...more }, undefined, Date.parse('2026-01-01T12:00:00Z'));
  expect(told).toBe(expected === '' ? '' : `warning  Pod p: Unhealthy: ${expected}\n`);
});
