import { expect, test } from 'vitest';
import type { Called } from '#cli/advised-command.ts';
import { nextSteps } from '#cli/next-steps.ts';
import type { DeployPlan, DeployResult } from '#cluster/api.ts';
import type { RouterView } from '#cluster/view.ts';
import type { ApplyPlanItem, FieldChange } from '#core/egress-router/apply-plan.ts';

const annotated = { 'egress-router-tools/expose': 'true' };
const service = (namespace: string, selector: object, name = 'a') => ({
  source: `${name}.yaml, document 2`,
  value: { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { selector } },
});
const destinationIP = '203.0.113.25';
const spec = {
  mode: 'Redirect',
  networkInterface: { macvlan: { mode: 'Bridge' } },
  addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
  redirect: {
    redirectRules: [
      { port: 8080, protocol: 'TCP', destinationIP },
      { port: 8053, protocol: 'UDP', destinationIP },
    ],
  },
};
const changedRule = { path: ['spec', 'redirect', 'redirectRules', 0, 'port'], before: 1, after: 2 } as const;
const byExpose = 'Clients of demo/a need its Service: egress-router expose a -n demo\n';

interface Given {
  readonly kind?: 'create' | 'unchanged' | 'change';
  readonly changes?: readonly FieldChange[];
  readonly state?: RouterView['state'];
  /** Of the router as it is. */
  readonly views?: readonly Pick<
    RouterView['services'][number],
    'name' | 'outOfStep' | 'leadsElsewhere' | 'isLeftByExpose'
  >[];
  /** The Deployments of the router and of another, `first`, of its namespace. */
  readonly deployments?: readonly [own: string, ofFirst: string];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly reconciler?: 'cno' | 'agent';
  readonly outcome?: DeployResult['routers'][number]['outcome'];
  readonly called?: Called;
  readonly services?: readonly ReturnType<typeof service>[];
}

const further: Given = {
  reconciler: 'agent',
  deployments: ['egress-router-cni-a-deployment', 'egress-router-cni-deployment'],
};

test.each<[string, Given, string]>([
  ['a new router', {}, byExpose],
  [
    'one of a context that was named',
    { called: { context: 'prod' } },
    byExpose.replace('\n', ' --context=prod\n'),
  ],
  ['one that was there', { kind: 'unchanged' }, ''],
  ['one that was not waited for', { outcome: { kind: 'applied' } }, ''],
  [
    'one whose Service the operator makes',
    { annotations: annotated, reconciler: 'agent' },
    'The operator makes the Service of demo/a: clients call a.demo.svc:8080 (TCP), a.demo.svc:8053 (UDP).\n',
  ],
  [
    'one whose annotation is ignored',
    { annotations: annotated, reconciler: 'cno' },
    `As the Cluster Network Operator ignores the annotation egress-router-tools/expose, c${byExpose.slice(1)}`,
  ],
  [
    'one whose annotation may be ignored',
    { annotations: annotated },
    `Unless an operator of Egress Router Tools makes it, as the annotation asks, c${byExpose.slice(1)}`,
  ],
  ['one with another answer', { annotations: { 'egress-router-tools/expose': 'false' } }, byExpose],
  [
    'one with its Service in the file',
    { services: [service('demo', { app: 'egress-router-cni' })] },
    'Clients of demo/a need its Service, which kubectl apply makes of a.yaml, document 2.\n',
  ],
  ['a Service of another namespace', { services: [service('web', { app: 'egress-router-cni' })] }, byExpose],
  [
    'one whose Service is there already',
    { views: [{ name: 'a' }, { name: 'b' }] },
    'Clients of demo/a call a.demo.svc:8080 (TCP), b.demo.svc:8080 (TCP).\n',
  ],
  [
    'a changed one whose Service is out of step',
    { kind: 'change', views: [{ name: 'a', outOfStep: ['Add 8080.'] }] },
    'The Service of demo/a does not follow its rules: egress-router expose a -n demo\n',
  ],
  [
    'a changed one to which a Service of another name leads',
    { kind: 'change', views: [{ name: 'web', outOfStep: ['Add 8080.', 'Drop 9000.'] }, { name: 'b' }] },
    'Service demo/web, which leads to a, does not follow its rules: Add 8080. Drop 9000.\n',
  ],
  [
    'changed rules',
    { kind: 'change', changes: [changedRule] },
    'The changed rules of demo/a are in force.\n',
  ],
  [
    'changed rules whose Service is out of step',
    { kind: 'change', changes: [changedRule], views: [{ name: 'a', outOfStep: ['Add 8080.'] }] },
    'The changed rules of demo/a are in force.\nThe Service of demo/a does not follow its rules: egress-router expose a -n demo\n',
  ],
  [
    'changed rules of which nobody knows',
    { kind: 'change', changes: [changedRule], outcome: { kind: 'ready', message: 'Who knows.' } },
    '',
  ],
  [
    'changed rules that are simulated',
    { kind: 'change', changes: [changedRule], state: { kind: 'simulated', message: 'No root.' } },
    '',
  ],
  ['a changed address', { kind: 'change', changes: [{ path: ['spec', 'addresses', 0, 'ip'] }] }, ''],
  ['a changed one whose Service is in step', { kind: 'change', views: [{ name: 'a' }] }, ''],
  [
    'a changed one whose Service the operator brings in step',
    {
      kind: 'change',
      annotations: annotated,
      reconciler: 'agent',
      views: [{ name: 'a', outOfStep: ['Add 8080.'] }],
    },
    '',
  ],
  [
    'a changed one whose Service leads to another router',
    { kind: 'change', views: [{ name: 'a', outOfStep: ['Select x.'], leadsElsewhere: true }] },
    'Service demo/a does not lead to demo/a: Select x.\n',
  ],
  [
    'a changed one whose Service has what somebody else has written',
    { kind: 'change', views: [{ name: 'a', outOfStep: ['Drop 80.'], isLeftByExpose: true }] },
    'Service demo/a does not follow the rules of demo/a: Drop 80.\n',
  ],
  [
    'a further one of its namespace whose Service in the file leads to the first',
    { ...further, services: [service('demo', { app: 'egress-router-cni' })] },
    `${byExpose}Service demo/a (a.yaml, document 2) selects the pods of the router demo/first: its clients would leave by the address of that one. Before you apply it, let it select egress-router-tools/router: a instead.\n`,
  ],
  [
    'a further one with the Service of the first in the file',
    { ...further, services: [service('demo', { app: 'egress-router-cni' }, 'first')] },
    byExpose,
  ],
  [
    'a further one with both in the file',
    {
      ...further,
      services: [
        service('demo', { app: 'egress-router-cni' }, 'first'),
        service('demo', { 'egress-router-tools/router': 'a' }),
      ],
    },
    'Clients of demo/a need its Service, which kubectl apply makes of a.yaml, document 2.\n',
  ],
  [
    'a further one that the Cluster Network Operator makes',
    { ...further, reconciler: 'cno', services: [service('demo', { app: 'egress-router-cni' })] },
    'Clients of demo/a need its Service, which kubectl apply makes of a.yaml, document 2.\n',
  ],
  ['a Service of other pods', { services: [service('demo', { app: 'web' })] }, byExpose],
])('what clients need of %s', (_, given, expected) => {
  const {
    kind = 'create',
    annotations = {},
    outcome = { kind: 'ready' },
    services = [],
    reconciler,
    changes = [],
  } = given;
  const metadata = { name: 'a', namespace: 'demo', annotations };
  const wanted = { apiVersion: 'network.operator.openshift.io/v1', kind: 'EgressRouter', metadata, spec };
  const item: ApplyPlanItem =
    kind === 'change' ? { kind, wanted, before: wanted, after: wanted, changes } : { kind, wanted };
  const plan: DeployPlan = {
    items: [item],
    refused: [],
    skipped: [],
    warnings: [],
    toCome: [],
    preflight: { findings: [], routers: [], ...(reconciler === undefined ? {} : { reconciler }) },
  };
  const object = { apiVersion: wanted.apiVersion, kind: wanted.kind, name: 'a', namespace: 'demo' };
  const result: DeployResult = { routers: [{ object, outcome }] };
  const seen = (given.views ?? []).map((service) => ({
    ...service,
    type: 'ClusterIP',
    ports: [{ name: 'tcp-8080', protocol: 'TCP', port: 8080 }],
  }));
  const view: RouterView = {
    name: 'a',
    namespace: 'demo',
    state: given.state ?? { kind: 'ready' },
    addresses: [],
    rules: [],
    pods: [],
    services: seen,
    warnings: [],
    objects: [],
  };
  const [own, ofFirst] = (given.deployments ?? []).map((deployment) => [
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'demo', name: deployment },
  ]);
  const views =
    own === undefined || ofFirst === undefined
      ? [view]
      : [
          { ...view, objects: own },
          { ...view, name: 'first', services: [], objects: ofFirst },
        ];
  const around = { documents: services, views, called: given.called ?? {} };
  expect(nextSteps(plan, result, around)).toBe(expected);
});
