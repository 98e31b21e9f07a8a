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
    preflight: {
      findings: [],
      routers: names.map((name) => ({ router: { namespace: 'demo', name }, findings })),
    },
  };
  expect(formatReport(remarksOf(plan))).toBe(
    [
      'demo/new',
      'warning     No NIC is on the network.',
      'information Nothing tells what the nodes run on.',
      '',
      'demo/same',
      'warning     No NIC is on the network.',
      '',
    ].join('\n'),
  );
});
