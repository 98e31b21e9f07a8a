import { expect, test } from 'vitest';
import { selectsRouter } from '#core/relations/selection.ts';

const app = 'egress-router-cni';
const key = 'egress-router-tools/router';

test.each<[Readonly<Record<string, string>>, string | undefined, boolean]>([
  [{ app }, 'billing', true],
  [{ app }, undefined, true],
  [{ [key]: 'billing' }, 'billing', true],
  [{ [key]: 'billing', app }, 'billing', true],
  [{ [key]: 'orders' }, 'billing', false],
  [{ [key]: 'billing' }, undefined, false],
  [{ app: 'egress-router-cni-billing-deployment' }, 'billing', true],
  [{ app: 'egress-router-cni-billing-deployment', [key]: 'billing' }, 'billing', true],
  [{ app: 'egress-router-cni-billing-deployment', [key]: 'orders' }, 'billing', false],
  [{ app: 'egress-router-cni-orders-deployment' }, 'billing', false],
  [{ app: 'egress-router-cni-deployment' }, 'billing', false],
])('%j and the router %s: %s', (selector, name, expected) => {
  expect(selectsRouter(selector, name)).toBe(expected);
});

test('the Cluster Network Operator sets the documented labels alone', () => {
  expect(selectsRouter({ app }, 'billing', 'cno')).toBe(true);
  expect(selectsRouter({ [key]: 'billing' }, 'billing', 'cno')).toBe(false);
  expect(selectsRouter({ app: 'egress-router-cni-billing-deployment' }, 'billing', 'cno')).toBe(false);
});
