import { expect, test } from 'vitest';
import { planLines, shorten } from '#client/commands/plan-text.ts';
import type { ApplyPlanItem } from '#core/egress-router/apply-plan.ts';

const wanted = {
  apiVersion: 'network.operator.openshift.io/v1',
  kind: 'EgressRouter',
  metadata: { name: 'egress-a', namespace: 'demo' },
};

test.each<[ApplyPlanItem, readonly string[]]>([
  [{ kind: 'create', wanted }, ['+ create EgressRouter demo/egress-a']],
  [{ kind: 'unchanged', wanted }, ['= unchanged EgressRouter demo/egress-a']],
  [
    {
      kind: 'change',
      wanted,
      changes: [
        { path: ['spec', 'redirect', 'redirectRules', 0, 'port'], before: 80, after: 8080 },
        { path: ['spec', 'redirect', 'fallbackIP'], before: '203.0.113.9' },
      ],
    },
    [
      '~ change EgressRouter demo/egress-a',
      '    spec.redirect.redirectRules[0].port: 80 → 8080',
      '    spec.redirect.fallbackIP: "203.0.113.9" → none',
    ],
  ],
  [
    { kind: 'conflict', wanted, conflicts: [{ manager: 'kubectl', field: '.spec.addresses' }] },
    ['! EgressRouter demo/egress-a has fields that others set', '    .spec.addresses is set by kubectl'],
  ],
])('%j', (item, expected) => {
  expect(planLines({ items: [item] })).toEqual(expected);
});

test('a long list says how much it leaves out', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  expect(shorten(lines)).toEqual([...lines.slice(0, 11), '… and 9 more']);
  expect(shorten(lines.slice(0, 12))).toEqual(lines.slice(0, 12));
});
