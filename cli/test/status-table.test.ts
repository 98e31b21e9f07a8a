// What the table of status says of each router.
import { expect, test } from 'vitest';
import { toTable } from '#cli/verbs/status.ts';
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
