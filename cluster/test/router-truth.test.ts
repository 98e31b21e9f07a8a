import { expect, test } from 'vitest';
import { toRouterViews } from '#cluster/router-view.ts';
import { networkStatusAnnotation, networksAnnotation } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
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

const up = conditions({ Available: ['True', 'PodReady', ''], Degraded: ['False', 'AsExpected', ''] });
const podName = 'egress-router-cni-deployment-5d9-x';

function checkState(objects: readonly KubernetesObject[], state: object) {
  expect(toRouterViews(storeOf(objects))[0]?.state).toEqual(state);
}

const stale = {
  kind: 'stale-rules',
  message: `Pod ${podName}: older than its rules, which were changed after it got its network. It takes up none of that: restart the router.`,
};

test('rules that were changed after the pod got its network', () =>
  checkState([router(), ...ofCno('2026-01-01T10:00:06Z'), pod('ready')], stale));
test('rules that were changed while the pod was waiting for its network', () =>
  checkState([router(), ...ofCno('2026-01-01T10:00:04Z'), pod('ready')], { kind: 'ready' }));
test('a NAD of which nobody tells when it was changed', () => {
  const [{ metadata, ...rest }, made] = ofCno('2026-01-01T10:00:06Z');
  const { generation: _, ...bare } = metadata;
  const unknown = { ...rest, metadata: { ...bare, managedFields: [] } };
  checkState([router(), unknown, made, pod('ready')], { kind: 'ready' });
});
test('a NAD that is as it was made', () => {
  const [first, made] = ofCno('2026-01-01T10:00:06Z');
  const unchanged = { ...first, metadata: { ...first.metadata, generation: 1 } };
  checkState([router(), unchanged, made, pod('ready')], { kind: 'ready' });
});
test('rules that the Cluster Network Operator has not written yet', () => {
  const rule = { destinationIP: '203.0.113.25', port: 9090, protocol: 'TCP' };
  const spec = { ...router().spec, redirect: { redirectRules: [rule] } };
  checkState([router({ spec }), ...ofCno('2026-01-01T09:00:00Z'), pod('ready')], {
    kind: 'progressing',
    message: 'The Cluster Network Operator has not taken up the last change yet.',
  });
});

const changed = 'The operator has yet to tell what became of the last change.';
const accounted = (generation: number, reason = 'Settled', message = 'As it should be.') =>
  conditions({
    Available: ['True', 'PodReady', ''],
    Progressing: ['False', reason, `${message} Seen at generation ${generation}.`],
    Degraded: ['False', 'AsExpected', ''],
  });
const of = (generation: number) => ({ generation });

test('conditions about this generation', () =>
  checkState([router(accounted(2), of(2)), nad(), deployment(), pod('ready')], { kind: 'ready' }));
test('conditions about an earlier generation', () =>
  checkState([router(accounted(1), of(2)), nad(), deployment(), pod('ready')], {
    kind: 'progressing',
    message: changed,
  }));
test('conditions about other annotations', () => {
  const annotations = { 'egress-router-tools/limits': 'memory=64Mi' };
  checkState([router(accounted(2), { generation: 2, annotations }), nad(), deployment(), pod('ready')], {
    kind: 'progressing',
    message: changed,
  });
});
test('a fault of an earlier generation', () =>
  checkState(
    [
      router(
        conditions({
          Progressing: ['False', 'InvalidSpec', 'This spec is refused. Seen at generation 1.'],
          Degraded: ['True', 'InvalidSpec', 'The gateway is outside.'],
        }),
        of(2),
      ),
      nad(),
      deployment(),
      pod('ready'),
    ],
    { kind: 'progressing', message: changed },
  ));
test('an account of an operator that is gone, where another one acts now', () =>
  checkState([router(accounted(1), of(2)), ...ofCno('2026-01-01T09:00:00Z'), pod('ready')], {
    kind: 'ready',
  }));
test('rules that nobody can ask for', () =>
  checkState(
    [router(accounted(2, 'RulesUnknown', 'It cannot be asked.'), of(2)), nad(), deployment(), pod('ready')],
    { kind: 'ready', message: 'It cannot be asked.' },
  ));

function without(...annotations: readonly string[]): KubernetesObject {
  const whole = pod('ready');
  const kept = Object.entries(whole.metadata.annotations ?? {}).filter(([key]) => !annotations.includes(key));
  return { ...whole, metadata: { ...whole.metadata, annotations: Object.fromEntries(kept) } };
}

test.each([
  [
    'Multus is not there',
    without(networkStatusAnnotation),
    'Multus has not attached its networks. Look at Multus on the node, then restart the router.',
  ],
  [
    'the pod asks for no network',
    without(networkStatusAnnotation, networksAnnotation),
    `its annotation ${networksAnnotation} names no network, so that Multus attaches none. Have its operator make it anew.`,
  ],
  [
    'Multus attached another network',
    pod('ready', { annotations: { [networkStatusAnnotation]: '[{"interface":"eth0"}]' } }),
    'Multus has attached other networks only. Look at the NetworkAttachmentDefinition, then restart the router.',
  ],
])('a pod that runs without net1: %s', (_, running, why) =>
  checkState([router(up), nad(), deployment(), running], {
    kind: 'degraded',
    message: `Pod ${podName}: Running without net1: ${why}`,
  }),
);

test('a Deployment that is scaled to nothing', () => {
  const made = deployment();
  const spec = typeof made['spec'] === 'object' ? { ...made['spec'], replicas: 0 } : {};
  checkState([router(), nad(), { ...made, spec }], {
    kind: 'progressing',
    message: 'The Deployment is scaled to 0: scale egress-router-cni-deployment to 1.',
  });
});

function rivalText(other: string, ip: string): string {
  return `EgressRouter ${other} reserves ${ip} too: two pods with one address take each other's connections. Give one of them another address, or tear it down.`;
}

function conflicts(objects: readonly KubernetesObject[]): readonly string[] {
  return toRouterViews(storeOf(objects)).map(({ state }) =>
    state.kind === 'address-conflict' ? state.message : state.kind,
  );
}

test('two routers with one address each name the other', () => {
  const other = router({}, { namespace: 'shop', name: 'egress-b', uid: 'u-b' });
  expect(conflicts([router(), other])).toEqual([
    rivalText('shop/egress-b', '192.168.12.99'),
    rivalText('demo/egress-a', '192.168.12.99'),
  ]);
});
test('two spellings of one address', () => {
  const spelled = (ip: string, name: string) =>
    router({ spec: { addresses: [{ ip }] } }, { name, uid: name });
  expect(conflicts([spelled('fd00::9/64', 'a'), spelled('FD00:0::9/48', 'b')])).toEqual([
    rivalText('demo/b', 'fd00::9'),
    rivalText('demo/a', 'fd00::9'),
  ]);
});
test('one address on two NICs is on two networks', () => {
  const on = (master: string) =>
    router(
      { spec: { addresses: [{ ip: '10.0.0.9/24' }], networkInterface: { macvlan: { master } } } },
      { name: master, uid: master },
    );
  expect(conflicts([on('ens1'), on('ens2')])).toEqual(['not-reconciled', 'not-reconciled']);
});
test('an address that some machine has', () =>
  checkState(
    [
      router(up),
      nad(),
      deployment(),
      pod('pending'),
      event(
        'FailedCreatePodSandBox',
        'failed (add): [demo/p:n]: address 192.168.12.99 is in use: 0a:58:00:00:00:07 on the network of ens3 answers for it',
      ),
    ],
    {
      kind: 'address-conflict',
      message: `Pod ${podName}: address 192.168.12.99 is in use: 0a:58:00:00:00:07 on the network of ens3 answers for it. Find whose MAC that is and take the address away from it, or reserve another one.`,
    },
  ));

test.each([
  [{ count: 2 }, undefined],
  [{ count: 3 }, 'statuscode: 503'],
  [{ series: { count: 3 } }, 'statuscode: 503'],
  [
    {
      count: 3,
      message: '(combined from similar events): Get "x": read tcp 10.0.0.9:41234->10.0.0.1:9410: read: reset',
    },
    'Get "x": read tcp …->10.0.0.1:9410: read: reset',
  ],
])(
  'a probe that failed before a pod was up is no problem of it, one that keeps failing is: %j',
  (often, problem) => {
    const unhealthy = event('Unhealthy', 'statuscode: 503', 'u-pod', often);
    const [view] = toRouterViews(storeOf([router(), nad(), deployment(), pod('attached'), unhealthy]));
    expect(view?.pods[0]?.problem).toBe(problem);
  },
);

test("warnings about the router and what it owns, the newest first, and nobody else's", () => {
  const about = (kind: string, name: string) => ({ involvedObject: { kind, name, uid: `u-of-${name}` } });
  const at = (minute: number) => ({ lastTimestamp: `2026-01-01T10:0${minute}:00Z` });
  const [view] = toRouterViews(
    storeOf([
      router(up),
      nad(),
      deployment(),
      pod('ready'),
      event('Unhealthy', 'probe failed', 'u-pod', { ...at(1), count: 3 }),
      event('FailedCreatePodSandBox', 'failed (add): [demo/p:n]: link is down; master-down', 'u-pod', at(2)),
      event(
        'FailedCreatePodSandBox',
        'rpc error: code = X desc = failed (add): link is down',
        'u-pod',
        at(3),
      ),
      event('FailedCreate', 'exceeded quota', 'u-rs', {
        ...about('ReplicaSet', 'egress-router-cni-deployment-5d9'),
        ...at(4),
      }),
      event('FailedCreate', 'exceeded quota', 'u-other', { ...about('ReplicaSet', 'shop-5d9'), ...at(5) }),
      event('Unhealthy', 'of somebody else', 'u-other', about('Pod', 'shop')),
    ]),
  );
  expect(view?.warnings).toEqual([
    {
      about: 'ReplicaSet egress-router-cni-deployment-5d9',
      reason: 'FailedCreate',
      message: 'exceeded quota',
      count: 1,
      lastSeen: '2026-01-01T10:04:00Z',
    },
    {
      about: `Pod ${podName}`,
      reason: 'FailedCreatePodSandBox',
      message: 'link is down',
      count: 2,
      lastSeen: '2026-01-01T10:03:00Z',
    },
    {
      about: `Pod ${podName}`,
      reason: 'Unhealthy',
      message: 'probe failed',
      count: 3,
      lastSeen: '2026-01-01T10:01:00Z',
    },
  ]);
});

function checkSteps(
  services: readonly KubernetesObject[],
  expected: Readonly<Record<string, readonly string[]>>,
) {
  const [view] = toRouterViews(storeOf([router(up), nad(), deployment(), pod('ready'), ...services]));
  const steps = (view?.services ?? []).map(({ name, outOfStep }) => [name, outOfStep ?? []]);
  expect(Object.fromEntries(steps)).toEqual(expected);
}

function withPorts(...ports: readonly object[]): KubernetesObject {
  const one = service({ app: 'egress-router-cni' });
  return { ...one, spec: { ...(typeof one['spec'] === 'object' ? one['spec'] : {}), ports } };
}

const unreached =
  'Clients reach the router through the Service demo/egress-a, which has no port for 8080/TCP: add it there.';

test('a port without a rule that somebody else has written is not mended by expose', () => {
  const noted = (manager: string, ...ports: readonly number[]) => ({
    manager,
    operation: 'Apply',
    fieldsV1: {
      'f:spec': {
        'f:ports': Object.fromEntries(
          ports.map((port) => [`k:{"port":${port},"protocol":"TCP"}`, { '.': {} }]),
        ),
      },
    },
  });
  const check = (managedFields: readonly object[], expected: object) => {
    const one = withPorts({ port: 8080, protocol: 'TCP' }, { port: 80, protocol: 'TCP', targetPort: 9090 });
    const live = { ...one, metadata: { ...one.metadata, managedFields } };
    const [view] = toRouterViews(storeOf([router(up), nad(), deployment(), pod('ready'), live]));
    expect(view?.services[0]).toMatchObject(expected);
    return view?.services[0];
  };
  const message =
    'The router demo/egress-a has no rule for 9090/TCP: it rejects these connections. Use the port of a rule, or remove the entry.';
  const ours = check([noted('egress-router-tools', 8080, 80)], {
    outOfStep: [expect.stringContaining(message)],
  });
  expect(ours?.isLeftByExpose).toBeUndefined();
  check([noted('egress-router-tools', 8080), noted('kubectl', 80)], {
    isLeftByExpose: true,
    outOfStep: [
      `${message} Expose leaves the entry, as kubectl wrote it: take it out where that is done, or with kubectl edit service egress-a -n demo.`,
    ],
  });
});

test('a Service in step', () => checkSteps([service({ app: 'egress-router-cni' })], { 'egress-a': [] }));
test('a port without a rule, and a rule without a port', () =>
  checkSteps([withPorts({ port: 9090, protocol: 'TCP' })], {
    'egress-a': [
      'The router demo/egress-a has no rule for 9090/TCP: it rejects these connections. Use the port of a rule, or remove the entry.',
      unreached,
    ],
  }));
test('another protocol', () =>
  checkSteps([withPorts({ port: 8080, protocol: 'UDP' })], {
    'egress-a': ['The rule for port 8080 of the router demo/egress-a is for TCP, not for UDP. Use TCP.'],
  }));
test('another target port', () =>
  checkSteps([withPorts({ port: 8080, targetPort: 80 })], {
    'egress-a': [
      'Connections go to port 80 of the router demo/egress-a, which has no rule for it; the rule is for port 8080. Use 8080.',
    ],
  }));
test('a family in which nobody reaches the rules', () => {
  const one = service({ app: 'egress-router-cni' });
  const withFamilies = (...ipFamilies: readonly string[]) => ({
    ...one,
    spec: { ...Object(one['spec']), ipFamilies },
  });
  checkSteps([withFamilies('IPv4')], { 'egress-a': [] });
  checkSteps([withFamilies('IPv6')], {
    'egress-a': [
      'This Service has no IPv4 address, so no client reaches what the router leads to by IPv4. Expose the router again, which asks for one.',
    ],
  });
});
test('a family in which no rule is any more', () => {
  const one = service({ app: 'egress-router-cni' });
  const both = (manager: string): KubernetesObject => ({
    ...one,
    metadata: Object({
      ...one.metadata,
      managedFields: [{ manager, operation: 'Apply', fieldsV1: { 'f:spec': { 'f:ipFamilyPolicy': {} } } }],
    }),
    spec: { ...Object(one['spec']), ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack' },
  });
  checkSteps([both('helm')], { 'egress-a': [] });
  checkSteps([both('egress-router-tools')], {
    'egress-a': [
      'Clients are refused at the IPv6 address of the Service, as the router leads to no IPv6 server any more. Expose the router again, which gives that address back.',
    ],
  });
});
test('a selector that selects nothing', () =>
  checkSteps([service({ app: 'egress-router' }), service({ app: 'shop' }, 'shop')], {
    'egress-a': [
      'The pod of the router demo/egress-a has the label app: egress-router-cni: this selector does not select it. Select app: egress-router-cni.',
    ],
  }));

test('a Service that belongs to the router and selects none of its pods', () => {
  const owned = (selector: object, name?: string, spec: object = {}): KubernetesObject => {
    const one = service(selector, name);
    const { apiVersion, kind, metadata } = router();
    const ownerReferences = [{ apiVersion, kind, name: metadata.name, uid: metadata.uid }];
    return {
      ...one,
      metadata: { ...one.metadata, ownerReferences },
      spec: { ...Object(one['spec']), ...spec },
    };
  };
  const servicesOf = (...objects: readonly KubernetesObject[]) =>
    toRouterViews(storeOf([router(up), nad(), ...objects]))[0]?.services.map(
      ({ name, outOfStep = [], leadsElsewhere = false }) => [name, outOfStep, leadsElsewhere],
    );
  const made = [deployment(), pod('ready')];
  const of = (selector: string): string =>
    `The selector ${selector} of this Service selects no pod of the router demo/egress-a, so its clients do not reach it.`;
  const wrong = owned({ app: 'wrong' });
  expect(servicesOf(...made, wrong)).toEqual([
    [
      'egress-a',
      [`${of('app: wrong')} Expose the router again, or select egress-router-tools/router: egress-a.`],
      true,
    ],
  ]);
  expect(servicesOf(...made, owned({ app: 'wrong' }), owned({ app: 'other' }, 'more'))).toEqual([
    [
      'egress-a',
      [`${of('app: wrong')} Expose the router again, or select egress-router-tools/router: egress-a.`],
      true,
    ],
    ['more', [`${of('app: other')} Select egress-router-tools/router: egress-a instead.`], true],
  ]);
  // What its pods have, or whom it leads to, is not told.
  expect(servicesOf(wrong)).toEqual([['egress-a', expect.anything(), false]]);
  expect(servicesOf(...made, owned({}))).toEqual([['egress-a', [], false]]);
  expect(servicesOf(...made, owned({ app: 'egress-router-cni' }))).toEqual([['egress-a', [], false]]);
});

test('while a spec is refused, the rules of the last good one are listed, and Services judged by them', () => {
  const rule = { destinationIP: '203.0.113.25', port: 8095, protocol: 'TCP' };
  const redirectRules = [rule, { ...rule, destinationIP: '203.0.113.26' }];
  const addresses = [{ ip: '192.168.12.98/24', gateway: '10.0.0.1' }];
  const spec = { ...router().spec, addresses, redirect: { redirectRules } };
  const message = 'Port 8095 has two rules.';
  const stays = 'This spec is refused: the last good objects stay as they are.';
  const refused = conditions({
    Degraded: ['True', 'InvalidSpec', message],
    Progressing: ['False', 'InvalidSpec', stays],
  });
  const services = [service({ app: 'egress-router-cni' })];
  const viewOf = (...objects: readonly KubernetesObject[]) =>
    toRouterViews(storeOf([router({ ...refused, spec }), ...objects, pod('ready'), ...services]))[0];
  const view = viewOf(nad(), deployment());
  expect(view).toMatchObject({
    state: { kind: 'degraded', message: `${message} ${stays}` },
    addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
    rules: [{ port: 8080, protocol: 'TCP', destinationIP: '203.0.113.25', targetPort: 80 }],
  });
  expect(view?.services[0]?.outOfStep).toBeUndefined();
  const redirect = { redirectRules: [{ ...rule, port: 8443 }], fallbackIP: '203.0.113.27' };
  const other = viewOf(nad(router({ spec: { ...router().spec, redirect } })), deployment());
  expect(other).toMatchObject({ rules: [{ port: 8443, targetPort: 8443 }], fallbackIP: '203.0.113.27' });
  expect(other?.services[0]?.outOfStep).toEqual([expect.stringMatching(/8443/)]);
  // Without it nothing tells what is in force.
  const unseen = viewOf(deployment());
  expect(unseen?.rules.map(({ port }) => port)).toEqual([8095, 8095]);
  expect(unseen?.services[0]?.outOfStep).toBeUndefined();
  // The Cluster Network Operator takes it.
  const taken = viewOf(...ofCno('2026-01-01T00:00:00Z'));
  expect(taken?.rules.map(({ port }) => port)).toEqual([8095, 8095]);
  expect(taken?.services[0]?.outOfStep).toHaveLength(2);
});

const settled = { Progressing: ['False', 'Settled', ''], Degraded: ['False', 'AsExpected', ''] } as const;
const rights = 'NetworkAttachmentDefinitions, Deployments, Pods';

test.each<[string, Readonly<Record<string, unknown>>, object]>([
  ['is up', conditions({ Available: ['True', 'PodReady', ''], ...settled }), { kind: 'ready' }],
  [
    'has earlier rules',
    conditions({
      Available: ['True', 'PodReady', ''],
      Progressing: ['True', 'RulesPending', 'The pod still redirects by earlier rules.'],
    }),
    { kind: 'progressing', message: 'The pod still redirects by earlier rules.' },
  ],
  [
    'has a fault',
    conditions({ Degraded: ['True', 'NameTaken', 'Something is in the way.'] }),
    { kind: 'degraded', message: 'Something is in the way.' },
  ],
  [
    'has no conditions',
    {},
    {
      kind: 'progressing',
      message: `You may not see ${rights} here, and no condition of the router tells that it is up. Ask for a role that may list them.`,
    },
  ],
])('a router whose objects may not be seen is what its conditions tell: it %s', (_, status, state) => {
  const hidden = ['nad', 'deployment', 'furtherDeployment', 'pod', 'furtherPod', 'service', 'event'] as const;
  const [view] = toRouterViews(storeOf([router(status)], hidden));
  expect(view?.state).toEqual(state);
  expect(view?.mayNotSee?.join(', ')).toBe(`${rights}, Services, Events`);
});

test('what may be seen again is no longer said to be hidden', () => {
  const store = storeOf([router(up), nad(), deployment(), pod('ready')], ['service']);
  expect(toRouterViews(store)[0]).toMatchObject({ state: { kind: 'ready' }, mayNotSee: ['Services'] });
  store.apply('service', { kind: 'listed', objects: [] }, 'demo');
  expect(toRouterViews(store)[0]?.mayNotSee).toBeUndefined();
});
