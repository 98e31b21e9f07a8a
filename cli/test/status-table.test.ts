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

test.each<[string, Partial<RouterView['services'][number]>, string]>([
  ['its own', { name: 'bank' }, 'warning  To bring it in step: egress-router expose bank -n demo\n'],
  ['its own, which leads to another router', { name: 'bank', leadsElsewhere: true }, ''],
  ['another one', { name: 'shared' }, ''],
])('a Service that is out of step is brought in step by a command: %s', (_, service, expected) => {
  const outOfStep = ['It has no port for 80/TCP: add it there.'];
  const services = [{ name: '', type: 'ClusterIP', ports: [], outOfStep, ...service }];
  const told = remarksOf({ ...bare, services }, 'egress-router');
  expect(told).toBe(`warning  Service ${service.name}: ${outOfStep[0]}\n${expected}`);
});
