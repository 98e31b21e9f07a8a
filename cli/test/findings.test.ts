import { expect, test } from 'vitest';
import { formatReport, remarksOf } from '#cli/findings.ts';
import type { DeployPlan } from '#cluster/api.ts';

test('a deploy tells what is only worth knowing of new routers, and what is wrong of each', () => {
  const wanted = (name: string) => ({
    apiVersion: 'network.operator.openshift.io/v1',
    kind: 'EgressRouter',
    metadata: { name, namespace: 'demo' },
  });
  const findings = [
    { code: 'address', verdict: 'ok', message: 'The address is free.' },
    { code: 'platform', verdict: 'information', message: 'Nothing tells what the nodes run on.' },
    { code: 'nic', verdict: 'warning', message: 'No NIC is on the network.' },
  ] as const;
  const names = ['new', 'same'];
  const plan: DeployPlan = {
    items: [
      { kind: 'create', wanted: wanted('new') },
      { kind: 'unchanged', wanted: wanted('same') },
    ],
    refused: [],
    skipped: [],
    warnings: [],
    toCome: [],
    preflight: {
      findings: [],
      routers: names.map((name) => ({ router: { namespace: 'demo', name }, findings })),
    },
  };
  expect(formatReport(remarksOf(plan))).toBe(
    [
      'all 2 routers',
      'warning     No NIC is on the network.',
      '',
      'demo/new',
      'information Nothing tells what the nodes run on.',
      '',
    ].join('\n'),
  );
});

test('what is said of many routers is said once, under the first of them', () => {
  const nic = { code: 'nic', verdict: 'information', message: 'Nothing tells.' } as const;
  const routers = Array.from({ length: 8 }, (_, index) => ({
    router: { namespace: 'demo', name: `r${index}` },
    findings: index === 0 ? [] : [nic],
  }));
  expect(formatReport({ findings: [], routers })).toBe(
    'demo/r1, demo/r2, demo/r3, demo/r4, demo/r5 and 2 more\ninformation Nothing tells.\n',
  );
});
