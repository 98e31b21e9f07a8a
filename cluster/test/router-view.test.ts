import { expect, test } from 'vitest';
import { toRouterViews } from '#cluster/router-view.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { toDeployment } from '#core/manifest/deployment.ts';
import { toNad } from '#core/manifest/nad.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { namesOfFurther } from '#core/manifest/router-names.ts';
import {
  conditions,
  deployment,
  event,
  nad,
  ofCno,
  pod,
  router,
  service,
  storeOf,
} from './objects-of-a-router.ts';

function check(objects: readonly KubernetesObject[], state: object) {
  const [view] = toRouterViews(storeOf(objects));
  expect(view?.state).toEqual(state);
}

const up = conditions({ Available: ['True', 'PodReady', ''], Degraded: ['False', 'AsExpected', ''] });
const down = conditions({ Degraded: ['True', 'NameTaken', 'Deployment demo/x is in the way.'] });
const failed = conditions({ Degraded: ['True', 'PodSandboxFailed', 'Pod x has no network: old words'] });

test('nothing has acted on it', () =>
  check([router()], {
    kind: 'not-reconciled',
    message: 'Nothing has acted on this EgressRouter yet. Preflight tells whether anything here does.',
  }));
test('waiting for the NAD', () =>
  check([router(conditions({ Available: ['False', 'NoPod', ''] }))], {
    kind: 'progressing',
    message: 'Waiting for the NetworkAttachmentDefinition.',
  }));
test('waiting for the Deployment', () =>
  check([router(), nad()], { kind: 'progressing', message: 'Waiting for the Deployment.' }));
test('waiting for the pod', () =>
  check([router(), nad(), deployment()], {
    kind: 'progressing',
    message: 'Waiting for the pod to be created.',
  }));
test('waiting for the interface', () =>
  check([router(), nad(), deployment(), pod('pending')], {
    kind: 'progressing',
    message: 'Pod egress-router-cni-deployment-5d9-x: waiting for its interface on the outside network.',
  }));
test('waiting for the pod to be ready', () =>
  check([router(), nad(), deployment(), pod('attached')], {
    kind: 'progressing',
    message: 'Pod egress-router-cni-deployment-5d9-x: has its interface, waiting for it to be ready.',
  }));
test('up', () => check([router(up), nad(), deployment(), pod('ready')], { kind: 'ready' }));
test('up without conditions, as the Cluster Network Operator leaves it', () =>
  check([router(), nad(), deployment(), pod('ready')], { kind: 'ready' }));
test('up with rules that the pod has yet to take up', () => {
  const pending = conditions({
    Available: ['True', 'PodReady', ''],
    Progressing: ['True', 'RulesPending', 'The pod still redirects by earlier rules.'],
    Degraded: ['False', 'AsExpected', ''],
  });
  check([router(pending), nad(), deployment(), pod('ready')], {
    kind: 'progressing',
    message: 'The pod still redirects by earlier rules.',
  });
});
test('simulated', () => {
  const annotations = { 'sandbox.egress-router-tools/simulated': 'Not root.' };
  check([router(up), nad(), deployment(), pod('ready', { annotations })], {
    kind: 'simulated',
    message: 'Not root.',
  });
});
test('a pod of the former template is no success', () =>
  check([router(up), nad(), deployment('h2'), pod('ready')], {
    kind: 'progressing',
    message: 'Waiting for the pod to be created.',
  }));
test('a change that the operator has not taken up', () => {
  const changed = router({ ...up, spec: { addresses: [{ ip: '192.168.12.98/24' }], redirect: {} } });
  check([changed, nad(), deployment(), pod('ready')], {
    kind: 'progressing',
    message: 'The operator has not taken up the last change yet.',
  });
});
test('a fault that the operator tells', () =>
  check([router(down), nad()], { kind: 'degraded', message: 'Deployment demo/x is in the way.' }));
test('the sentence of the plugin', () => {
  const said = event('FailedCreatePodSandBox', 'failed (add): [demo/p:n]: The node has no interface "ens9".');
  check([router(failed), nad(), deployment(), pod('pending'), said], {
    kind: 'degraded',
    message: 'Pod egress-router-cni-deployment-5d9-x: The node has no interface "ens9".',
  });
});
test('the event of another pod says nothing', () => {
  const said = event('FailedCreatePodSandBox', 'failed', 'u-other');
  check([router(), nad(), deployment(), pod('pending'), said], {
    kind: 'progressing',
    message: 'Pod egress-router-cni-deployment-5d9-x: waiting for its interface on the outside network.',
  });
});
test('a pod that the cluster refuses', () => {
  const refused = conditions({ ReplicaFailure: ['True', 'FailedCreate', 'exceeded quota'] });
  check([router(), nad(), { ...deployment(), ...refused }], {
    kind: 'degraded',
    message: 'The cluster refuses the pod: exceeded quota',
  });
});
test('being deleted', () =>
  check([router(up, { deletionTimestamp: '2026-01-01T00:00:00Z' }), nad(), deployment(), pod('ready')], {
    kind: 'deleting',
    message: 'The router and all that it owns are being deleted.',
  }));
test('being deleted, and held', () => {
  const finalizers = ['foregroundDeletion', 'example.com/stuck'];
  check([router(up, { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers })], {
    kind: 'deleting',
    message:
      'The router and all that it owns are being deleted. Finalizers hold it: example.com/stuck. Whatever put them there has to take them off: see whether it runs.',
  });
});

test('the whole of what a tree shows', () => {
  const others = [service({ app: 'other' }, 'other'), service({}, 'headless')];
  const objects = [
    router(up),
    nad(),
    deployment(),
    pod('ready'),
    service({ app: 'egress-router-cni' }),
    ...others,
  ];
  expect(toRouterViews(storeOf(objects))).toEqual([
    {
      namespace: 'demo',
      name: 'egress-a',
      uid: 'u-router',
      state: { kind: 'ready' },
      addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
      rules: [{ port: 8080, protocol: 'TCP', destinationIP: '203.0.113.25', targetPort: 80 }],
      pods: [
        {
          name: 'egress-router-cni-deployment-5d9-x',
          node: 'node-1',
          phase: 'Running',
          ready: true,
          podIP: '10.128.0.5',
          net1: { ips: ['192.168.12.99'], mac: '0a:58:00:00:00:01' },
        },
      ],
      services: [
        {
          name: 'egress-a',
          type: 'ClusterIP',
          clusterIP: '172.30.0.9',
          ports: [{ name: 'tcp-8080', protocol: 'TCP', port: 8080 }],
        },
      ],
      warnings: [],
      objects: [
        {
          apiVersion: 'k8s.cni.cncf.io/v1',
          kind: 'NetworkAttachmentDefinition',
          namespace: 'demo',
          name: 'egress-router-cni-nad',
        },
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          namespace: 'demo',
          name: 'egress-router-cni-deployment',
        },
      ],
    },
  ]);
});

test('routers of one namespace each have what is theirs', () => {
  const second = { name: 'egress-b', uid: 'u-second' };
  const parsed = parseRouter(elsewhere({}, second)).router;
  if (parsed === undefined) throw new Error('The router of this test has faults.');
  const names = namesOfFurther('egress-b');
  const owner = { apiVersion: 'network.operator.openshift.io/v1', kind: 'EgressRouter', ...second };
  const made = toDeployment(parsed, { image: 'agent', configHash: 'h9', names, owner });
  const replicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: `${names.deployment}-7f`,
    uid: 'u-7f',
  };
  const itsPod = pod('ready', { configHash: 'h9', name: `${names.deployment}-7f-x` });
  const metadata = { ...itsPod.metadata, labels: { app: names.app }, ownerReferences: [replicaSet] };
  const views = toRouterViews(
    storeOf([
      router(up),
      nad(),
      deployment(),
      pod('ready'),
      service({ app: 'egress-router-cni' }),
      elsewhere(up, second),
      toNad(parsed, { names, owner }),
      made,
      { ...itsPod, metadata: { ...metadata, uid: 'u-other-pod' } },
      service({ app: names.app }, 'egress-b'),
      service({ 'egress-router-tools/router': 'egress-b' }, 'by-name'),
    ]),
  );
  expect(
    views.map(({ name, state, pods, services, objects }) => ({
      name,
      state: state.kind,
      pods: pods.map((one) => one.name),
      services: services.map((one) => one.name),
      objects: objects.map((one) => one.name),
    })),
  ).toEqual([
    {
      name: 'egress-a',
      state: 'ready',
      pods: ['egress-router-cni-deployment-5d9-x'],
      services: ['egress-a'],
      objects: ['egress-router-cni-nad', 'egress-router-cni-deployment'],
    },
    {
      name: 'egress-b',
      state: 'ready',
      pods: ['egress-router-cni-egress-b-deployment-7f-x'],
      services: ['egress-b', 'by-name'],
      objects: ['egress-router-cni-egress-b-nad', 'egress-router-cni-egress-b-deployment'],
    },
  ]);
});

test('a Service that bears the name of one router and selects the pods of another is of the first, and out of step', () => {
  const second = { name: 'egress-b', uid: 'u-second' };
  const parsed = parseRouter(elsewhere({}, second)).router;
  if (parsed === undefined) throw new Error('The router of this test has faults.');
  const names = namesOfFurther('egress-b');
  const owner = { apiVersion: 'network.operator.openshift.io/v1', kind: 'EgressRouter', ...second };
  const made = toDeployment(parsed, { image: 'agent', configHash: 'h9', names, owner });
  const sentence =
    'The selector app: egress-router-cni of this Service selects the pods of the router demo/egress-a: its clients leave by the address of that one. Select egress-router-tools/router: egress-b instead.';
  const documented = { app: 'egress-router-cni' };
  const owned = service(documented, 'egress-b');
  const checkServices = (services: readonly KubernetesObject[], expected: object, first = deployment()) =>
    expect(
      Object.fromEntries(
        toRouterViews(
          storeOf([router(up), nad(), first, pod('ready'), elsewhere(up, second), made, ...services]),
        ).map((one) => [one.name, one.services.map(({ name, outOfStep }) => [name, ...(outOfStep ?? [])])]),
      ),
    ).toEqual(expected);
  checkServices([service(documented, 'egress-b')], {
    'egress-a': [],
    'egress-b': [['egress-b', sentence]],
  });
  checkServices([{ ...owned, metadata: { ...owned.metadata, ownerReferences: [owner] } }], {
    'egress-a': [],
    'egress-b': [['egress-b', sentence]],
  });
  checkServices([service(documented, 'shop'), service({ app: names.app }, 'egress-b')], {
    'egress-a': [['shop']],
    'egress-b': [['egress-b']],
  });
  // The pods of the first are not by the documented names.
  const gone = { app: 'egress-router-cni', 'egress-router-tools/router': 'egress-b' };
  checkServices([service(gone, 'egress-b')], {
    'egress-a': [],
    'egress-b': [
      [
        'egress-b',
        'The selector app: egress-router-cni, egress-router-tools/router: egress-b of this Service selects no pod of the router demo/egress-b, so its clients are refused. Select egress-router-tools/router: egress-b instead.',
      ],
    ],
  });
  const [, ofPlatform] = ofCno('2026-01-01T00:00:00Z');
  checkServices(
    [service(documented, 'egress-b')],
    { 'egress-a': [['egress-b']], 'egress-b': [] },
    ofPlatform,
  );
});

/** With an address of its own. */
function elsewhere(more: Readonly<Record<string, unknown>>, meta: object): KubernetesObject {
  const spec = { ...router()['spec'], addresses: [{ ip: '192.168.12.98/24', gateway: '192.168.12.1' }] };
  return router({ ...more, spec }, meta);
}

test('a status of any shape is drawn, not thrown at', () => {
  const odd = {
    spec: { addresses: 'x', redirect: { redirectRules: [null, 7] } },
    status: { conditions: {} },
  };
  expect(toRouterViews(storeOf([router(odd)]))).toHaveLength(1);
});
