import { expect, test } from 'vitest';
import { nextSteps } from '#cli/next-steps.ts';
import type { DeployPlan, DeployResult } from '#cluster/api.ts';

const annotated = { 'egress-router-tools/expose': 'true' };
const service = (namespace: string, selector: object) => ({
  source: 'a.yaml, document 2',
  value: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace }, spec: { selector } },
});
const byExpose = 'Clients of demo/a need its Service: egress-router expose a -n demo\n';

interface Given {
  readonly kind?: 'create' | 'unchanged';
  readonly annotations?: Readonly<Record<string, string>>;
  readonly outcome?: DeployResult['routers'][number]['outcome'];
  readonly services?: readonly ReturnType<typeof service>[];
}

test.each<[string, Given, string]>([
  ['a new router', {}, byExpose],
  ['one that was there', { kind: 'unchanged' }, ''],
  ['one that was not waited for', { outcome: { kind: 'applied' } }, ''],
  [
    'one whose annotation asks for the Service',
    { annotations: annotated },
    'The operator makes the Service of demo/a, as the annotation of the router asks.\n',
  ],
  ['one with another answer', { annotations: { 'egress-router-tools/expose': 'false' } }, byExpose],
  [
    'one with its Service in the file',
    { services: [service('demo', { app: 'egress-router-cni' })] },
    'Clients of demo/a need its Service, which kubectl apply makes of a.yaml, document 2.\n',
  ],
  ['a Service of another namespace', { services: [service('web', { app: 'egress-router-cni' })] }, byExpose],
  ['a Service of other pods', { services: [service('demo', { app: 'web' })] }, byExpose],
])('what clients need of %s', (_, given, expected) => {
  const { kind = 'create', annotations = {}, outcome = { kind: 'ready' }, services = [] } = given;
  const metadata = { name: 'a', namespace: 'demo', annotations };
  const wanted = { apiVersion: 'network.operator.openshift.io/v1', kind: 'EgressRouter', metadata };
  const plan: DeployPlan = {
    items: [{ kind, wanted }],
    refused: [],
    skipped: [],
    warnings: [],
    preflight: { findings: [], routers: [] },
  };
  const object = { apiVersion: wanted.apiVersion, kind: wanted.kind, name: 'a', namespace: 'demo' };
  const result: DeployResult = { routers: [{ object, outcome }] };
  expect(nextSteps(plan, result, { documents: services, program: 'egress-router' })).toBe(expected);
});
