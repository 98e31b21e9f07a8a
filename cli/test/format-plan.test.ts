import { expect, test } from 'vitest';
import { formatPlan } from '#cli/format.ts';
import type { ApplyPlanItem } from '#core/egress-router/apply-plan.ts';

const wanted = {
  apiVersion: 'network.operator.openshift.io/v1',
  kind: 'EgressRouter',
  metadata: { name: 'egress-a', namespace: 'demo' },
};
const change = {
  before: wanted,
  after: wanted,
  changes: [{ path: ['spec', 'addresses', 0, 'ip'], before: '192.168.12.98/24', after: '192.168.12.99/24' }],
};
const conflicts = [{ manager: 'gitops', field: '.spec.addresses' }];
const changed = 'spec.addresses[0].ip: "192.168.12.98/24" -> "192.168.12.99/24"';

test.each<[ApplyPlanItem, readonly string[]]>([
  [{ kind: 'create', wanted }, ['create    EgressRouter demo/egress-a']],
  [{ kind: 'unchanged', wanted }, ['unchanged EgressRouter demo/egress-a']],
  [{ kind: 'change', wanted, ...change }, ['change    EgressRouter demo/egress-a', `            ${changed}`]],
  [
    { kind: 'conflict', wanted, conflicts },
    ['conflict  EgressRouter demo/egress-a', '            .spec.addresses is managed by "gitops"'],
  ],
  [
    { kind: 'conflict', wanted, conflicts, taken: change },
    [
      'conflict  EgressRouter demo/egress-a',
      '            .spec.addresses is managed by "gitops"',
      `            ${changed}`,
    ],
  ],
])('a plan with %o', (item, expected) => {
  expect(formatPlan({ items: [item] }).split('\n')).toEqual(expected);
});
