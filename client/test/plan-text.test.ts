import { expect, test } from 'vitest';
import { planLines, progressText, shorten, toComeLines } from '#client/commands/plan-text.ts';
import type { DeployPlan } from '#cluster/api.ts';
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
      before: wanted,
      after: wanted,
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
    {
      kind: 'change',
      wanted,
      before: wanted,
      after: wanted,
      changes: [{ path: ['metadata', 'annotations', 'note'], after: 'x'.repeat(100_000) }],
    },
    ['~ change EgressRouter demo/egress-a', `    metadata.annotations.note: none → "${'x'.repeat(199)}…`],
  ],
  [
    { kind: 'conflict', wanted, conflicts: [{ manager: 'kubectl', field: '.spec.addresses' }] },
    ['! EgressRouter demo/egress-a has fields that others set', '    .spec.addresses is set by kubectl'],
  ],
  [
    {
      kind: 'conflict',
      wanted,
      conflicts: [{ manager: 'kubectl', field: '.spec.mode' }],
      taken: {
        before: wanted,
        after: wanted,
        changes: [{ path: ['spec', 'mode'], before: 'A', after: 'B' }],
      },
    },
    [
      '! EgressRouter demo/egress-a has fields that others set',
      '    .spec.mode is set by kubectl',
      '    spec.mode: "A" → "B"',
    ],
  ],
])('%j', (item, expected) => {
  expect(planLines({ items: [item] })).toEqual(expected);
});

test('a long list says how much it leaves out', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  expect(shorten(lines)).toEqual([...lines.slice(0, 11), '… and 9 more']);
  expect(shorten(lines.slice(0, 12))).toEqual(lines.slice(0, 12));
});

test('what goes on says how far a router is', () => {
  const object = { apiVersion: 'v1', kind: 'Pod', namespace: 'demo', name: 'a' };
  expect(progressText({ object, message: 'Gone.' })).toBe('Pod demo/a: Gone.');
  expect(progressText({ object, message: 'Waiting.', part: 'Deployment' })).toBe(
    'Pod demo/a: 2/4 Deployment: Waiting.',
  );
});

test('below a router stands what its operator then makes and deletes', () => {
  const object = (kind: string, name: string) => ({ apiVersion: 'v1', kind, namespace: 'demo', name });
  const router = { namespace: 'demo', name: 'egress-a' };
  const toCome: DeployPlan['toCome'] = [
    { router: { ...router, name: 'other' }, by: 'agent', made: [object('Service', 'x')], deleted: [] },
    { router, by: 'agent', made: [object('ConfigMap', 'c'), object('Service', 's')], deleted: [] },
    { router, by: 'cno', made: [object('Deployment', 'd')], deleted: [] },
    { router, by: 'agent', made: [], deleted: [object('Service', 's')] },
  ];
  const plan: DeployPlan = {
    items: [{ kind: 'create', wanted }],
    refused: [],
    skipped: [],
    warnings: [],
    preflight: { findings: [], routers: [] },
    toCome,
  };
  expect(planLines(plan, (one) => toComeLines(plan, one))).toEqual([
    '+ create EgressRouter demo/egress-a',
    '    the operator then makes:',
    '    - ConfigMap c',
    '    - Service s',
    '    the Cluster Network Operator then makes:',
    '    - Deployment d',
    '    the operator then deletes:',
    '    - Service s',
  ]);
});

test('of very many objects the first ones are shown, each with all of its lines', () => {
  const named = (index: number) => ({ ...wanted, metadata: { name: `r${index}`, namespace: 'demo' } });
  const items = Array.from(
    { length: 200 },
    (_, index) => ({ kind: 'create', wanted: named(index) }) as const,
  );
  const lines = planLines({ items }, ({ metadata: { name } }) => [`${name} 1`, `${name} 2`]);
  expect(lines).toHaveLength(25);
  expect(lines.slice(-4)).toEqual([
    '+ create EgressRouter demo/r7',
    '    r7 1',
    '    r7 2',
    '… and 192 more objects',
  ]);
});
