import { expect, test } from 'vitest';
import { Contests } from '#agent/operator/contests.ts';
import { reconcile } from '#agent/operator/reconcile.ts';
import { ClusterError } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import { accountOf } from '#core/egress-router/account.ts';
import { configHashAnnotation, configMapName, deploymentName, nadName } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { MemoryWorld } from './memory-world.ts';

const image = 'registry.example/agent:1';
const signal = new AbortController().signal;
const objectNames = { nad: nadName, configMap: configMapName, deployment: deploymentName } as const;

test('a valid router gets its three objects, owned by it, and says that its pod is on the way', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a');
  expect(world.writes).toEqual([
    'NetworkAttachmentDefinition demo/egress-router-cni-nad',
    'ConfigMap demo/egress-router-cni-config',
    'Deployment demo/egress-router-cni-deployment',
    'status of demo/a',
  ]);
  for (const [kind, name] of Object.entries(objectNames)) {
    const object = find(world, kind as keyof typeof objectNames, name);
    expect(object?.metadata.ownerReferences).toEqual([
      {
        apiVersion: 'network.operator.openshift.io/v1',
        kind: 'EgressRouter',
        name: 'a',
        uid: 'uid-of-a',
        controller: true,
      },
    ]);
  }
  expect(summary(world, 'a')).toEqual([
    'Available=False PodStarting',
    'Progressing=True PodStarting',
    'Degraded=False AsExpected',
  ]);
});

test('a second run writes nothing', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a');
  world.writes.length = 0;
  await run(world, 'a', '2026-01-01T09:00:00Z');
  expect(world.writes).toEqual([]);
});

test('what someone changed or deleted comes back', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a');
  world.writes.length = 0;
  world.remove(kinds.nad, { namespace: 'demo', name: nadName });
  const deployment = find(world, 'deployment', deploymentName);
  world.put({ ...deployment, spec: { ...(deployment['spec'] as object), replicas: 3 } });
  await run(world, 'a');
  expect(world.writes).toEqual([
    'NetworkAttachmentDefinition demo/egress-router-cni-nad',
    'Deployment demo/egress-router-cni-deployment',
  ]);
  expect(find(world, 'deployment', deploymentName)['spec']).toMatchObject({ replicas: 1 });
});

test('who insists on a field is overruled ever less often, and named; everything else is kept up meanwhile', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  let nowMs = 0;
  const contests = new Contests(() => nowMs);
  let generation = 1;
  const fight = () => {
    const deployment = find(world, 'deployment', deploymentName);
    generation += 1;
    const fieldsV1 = { 'f:spec': { 'f:replicas': {} } };
    const managedFields = ['egress-router-operator', 'scaler'].map((manager) => ({
      manager,
      fieldsV1,
    }));
    const metadata = { ...deployment.metadata, generation, managedFields };
    world.put({ ...deployment, metadata, spec: { ...(deployment['spec'] as object), replicas: 2 } });
  };
  const reconcileIn = async (afterMs: number) => {
    nowMs += afterMs;
    world.writes.length = 0;
    await run(world, 'a', undefined, contests);
    return world.writes.filter((write) => write.startsWith('Deployment'));
  };
  await reconcileIn(0);
  const corrected = ['Deployment demo/egress-router-cni-deployment'];
  for (const _ of [1, 2, 3]) {
    fight();
    expect(await reconcileIn(100)).toEqual(corrected);
  }
  expect(summary(world, 'a')).toContain('Degraded=True Contested');
  for (const delayMs of [5_000, 10_000, 20_000]) {
    fight();
    expect(await reconcileIn(delayMs - 1)).toEqual([]);
    expect(await reconcileIn(1)).toEqual(corrected);
  }
  expect(degradedMessage(world, 'a')).toBe(
    'Deployment demo/egress-router-cni-deployment: "scaler" sets spec.replicas otherwise, again and again. The ' +
      'operator sets it back ever less often. Keep others from this object: all that it has follows from the router.',
  );
  expect(summary(world, 'a')).toContain('Progressing=True PodStarting');
  fight();
  edit(world, 'a', { redirect: { redirectRules: [{ ...rule, targetPort: 81 }] } });
  expect(await reconcileIn(1)).toEqual([]);
  expect(world.writes).toContain('ConfigMap demo/egress-router-cni-config');
  edit(world, 'a', { addresses: [{ ip: '192.168.12.98/24', gateway: '192.168.12.1' }] });
  expect(await reconcileIn(1)).toEqual(corrected);
  await reconcileIn(60_001);
  expect(summary(world, 'a')).toContain('Degraded=False AsExpected');
});

test.each([
  ['at once', 0, [5_000, 10_000, 20_000]],
  ['every three minutes, as tools that prune do', 180_000, [0, 0, 0]],
] as const)(
  'who deletes an object again and again, %s, is told of and waits ever longer',
  async (_, everyMs, delaysMs) => {
    const world = new MemoryWorld([routerOf('a')]);
    let nowMs = 0;
    const contests = new Contests(() => nowMs);
    const reconcileIn = async (afterMs: number) => {
      nowMs += afterMs;
      world.writes.length = 0;
      await run(world, 'a', undefined, contests);
      return world.writes.filter((write) => !write.startsWith('status'));
    };
    const remove = () => world.remove(kinds.deployment, { namespace: 'demo', name: deploymentName });
    const remade = ['Deployment demo/egress-router-cni-deployment'];
    expect(await reconcileIn(0)).toHaveLength(3);
    for (const isTold of [false, false, true]) {
      remove();
      expect(await reconcileIn(everyMs + 100)).toEqual(remade);
      expect(summary(world, 'a').includes('Degraded=True Contested')).toBe(isTold);
    }
    for (const delayMs of delaysMs) {
      remove();
      if (delayMs > 0) expect(await reconcileIn(delayMs - 1)).toEqual([]);
      expect(await reconcileIn(everyMs + 1)).toEqual(remade);
      expect(summary(world, 'a')).toContain('Degraded=True Contested');
    }
    expect(degradedMessage(world, 'a')).toBe(
      'Deployment demo/egress-router-cni-deployment: Somebody deletes it again and again; who it is, only the audit log ' +
        'of the API server tells. The operator makes it anew ever less often. Keep others from this object: it goes ' +
        'when the router does.',
    );
    await reconcileIn(everyMs * 2 + 100_001);
    expect(summary(world, 'a')).toContain('Degraded=False AsExpected');
    remove();
    expect(await reconcileIn(0)).toEqual(remade);
  },
);

test('objects that go with a router that is made anew are nobody’s fight, nor is a Service that is no longer asked for', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  const contests = new Contests(() => 0);
  for (let round = 0; round < 6; round += 1) {
    await run(world, 'a', undefined, contests);
    expect(summary(world, 'a')).toContain('Degraded=False AsExpected');
    world.remove(kinds.egressRouter, { namespace: 'demo', name: 'a' });
    world.put({ ...routerOf('a'), metadata: { ...routerOf('a').metadata, uid: `round-${round}` } });
  }
  const expose = 'egress-router-tools/expose';
  for (let round = 0; round < 6; round += 1) {
    edit(world, 'a', {}, { [expose]: String(round % 2 === 0) });
    await run(world, 'a', undefined, contests);
    expect(world.find(kinds.service, { namespace: 'demo', name: 'a' }) === undefined).toBe(round % 2 === 1);
  }
});

test('who writes other conditions all the time is overruled ever less often', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  let nowMs = 0;
  const contests = new Contests(() => nowMs);
  await run(world, 'a', undefined, contests);
  world.writes.length = 0;
  for (; nowMs < 60_000; nowMs += 100) {
    const router = world.find(kinds.egressRouter, { namespace: 'demo', name: 'a' });
    if (router !== undefined) world.put({ ...router, status: { conditions: [] } });
    await run(world, 'a', new Date(nowMs).toISOString(), contests);
  }
  expect(world.writes.length).toBeLessThan(10);
});

test('what the API server itself makes otherwise of each write is nobody’s fight', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  let nowMs = 0;
  const contests = new Contests(() => nowMs);
  await run(world, 'a', undefined, contests);
  for (; nowMs < 60_000; nowMs += 5_000) {
    const deployment = find(world, 'deployment', deploymentName);
    const metadata = { ...deployment.metadata, generation: 1 };
    world.put({ ...deployment, metadata, spec: { ...(deployment['spec'] as object), replicas: 2 } });
    await run(world, 'a', undefined, contests);
  }
  expect(summary(world, 'a')).toContain('Degraded=False AsExpected');
});

test('an edit of the rules or the fallback changes the configuration, and the pod stays', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a');
  const before = find(world, 'deployment', deploymentName);
  for (const redirect of [
    { redirectRules: [{ ...rule, targetPort: 81 }] },
    { redirectRules: [rule], fallbackIP: '203.0.113.99' },
  ]) {
    world.writes.length = 0;
    edit(world, 'a', { redirect });
    await run(world, 'a');
    expect(world.writes).toEqual([
      'NetworkAttachmentDefinition demo/egress-router-cni-nad',
      'ConfigMap demo/egress-router-cni-config',
    ]);
  }
  expect(find(world, 'deployment', deploymentName)).toEqual(before);
  const config = '"destinations":["8080 TCP 203.0.113.25 80"],"fallbackIP":"203.0.113.99"';
  expect(find(world, 'configMap', configMapName)['data']).toMatchObject({
    'config.json': expect.stringContaining(config),
  });
});

test.each<[string, object, Readonly<Record<string, string>>]>([
  ['an address', { addresses: [{ ip: '192.168.12.98/24', gateway: '192.168.12.1' }] }, {}],
  ['a gateway', { addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.2' }] }, {}],
  ['the NIC', { networkInterface: { macvlan: { mode: 'Bridge', master: 'enp9s0' } } }, {}],
  ['a limit', {}, { 'egress-router-tools/limits': 'memory=256Mi' }],
])('an edit of %s makes a new pod', async (_, spec, annotations) => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a');
  const before = hashOf(world);
  edit(world, 'a', spec, annotations);
  await run(world, 'a');
  expect(hashOf(world)).not.toBe(before);
});

test('what somebody adds stays and is not fought over, what would keep the pod from its work goes', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a');
  const spec = (patch: object, podPatch: object) => {
    const deployment = find(world, 'deployment', deploymentName);
    const old = deployment['spec'] as { template: { spec: { containers: object[] } } };
    const podSpec = { ...old.template.spec, ...podPatch };
    world.put({ ...deployment, spec: { ...old, ...patch, template: { ...old.template, spec: podSpec } } });
    return old.template.spec;
  };
  const { containers } = spec({}, {});
  world.writes.length = 0;
  spec({ minReadySeconds: 3 }, { containers: [{ name: 'sidecar', image: 'x' }, ...containers] });
  await run(world, 'a');
  expect(world.writes).toEqual([]);
  for (const [patch, podPatch] of [
    [{ paused: true }, {}],
    [{ replicas: 2 }, {}],
    [{}, { hostNetwork: true }],
    [{}, { containers: [] }],
  ] as const) {
    world.writes.length = 0;
    spec(patch, podPatch);
    await run(world, 'a');
    expect(world.writes).toEqual(['Deployment demo/egress-router-cni-deployment']);
  }
});

test('a rolling update that somebody chose is taken back, with what is left of it', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a');
  world.writes.length = 0;
  const deployment = find(world, 'deployment', deploymentName);
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } };
  world.put({ ...deployment, spec: { ...(deployment['spec'] as object), strategy } });
  await run(world, 'a');
  expect(world.writes[0]).toBe('patch of Deployment demo/egress-router-cni-deployment');
  expect(find(world, 'deployment', deploymentName)['spec']).toMatchObject({ strategy: { type: 'Recreate' } });
  expect(JSON.stringify(find(world, 'deployment', deploymentName))).not.toContain('rollingUpdate');
});

test('a Service comes with the annotation, follows the rules, and goes with the annotation', async () => {
  const expose = { 'egress-router-tools/expose': 'true' };
  const world = new MemoryWorld([routerOf('z', 1), routerOf('a', 2)]);
  for (const name of ['z', 'a']) {
    edit(world, name, {}, expose);
    await run(world, name);
  }
  const service = (name: string) => world.find(kinds.service, { namespace: 'demo', name });
  expect(service('z')).toMatchObject({
    metadata: { ownerReferences: [{ uid: 'uid-of-z', controller: true }] },
    spec: { selector: { app: 'egress-router-cni' }, ports: [{ name: 'tcp-8080', port: 8080 }] },
  });
  expect(service('a')?.['spec']).toMatchObject({ selector: { app: 'egress-router-cni-a-deployment' } });
  edit(world, 'a', { redirect: { redirectRules: [{ ...rule, port: 9090 }] } }, expose);
  await run(world, 'a');
  expect(service('a')?.['spec']).toMatchObject({ ports: [{ name: 'tcp-9090' }] });
  world.writes.length = 0;
  edit(world, 'a', {}, {});
  await run(world, 'a');
  expect(world.writes).toEqual(['deletion of Service demo/a']);
  expect(service('a')).toBeUndefined();
  expect(service('z')).toBeDefined();
});

test.each([
  ['nobody', []],
  ['this router, made by a person', [{ uid: 'uid-of-a' }]],
  ['another', [{ uid: 'uid-of-b', controller: true }]],
])('a Service of %s is neither taken over nor deleted', async (_, owners) => {
  const ownerReferences = owners.map((owner) => ({ apiVersion: 'v1', kind: 'Any', name: 'x', ...owner }));
  const metadata = { name: 'a', namespace: 'demo', ownerReferences };
  const someones = { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: 'web' } } };
  const world = new MemoryWorld([routerOf('a'), someones]);
  edit(world, 'a', {}, { 'egress-router-tools/expose': 'true' });
  await run(world, 'a');
  expect(summary(world, 'a')).toContain('Degraded=True NameTaken');
  expect(degradedMessage(world, 'a')).toBe(
    "Service demo/a exists already and is not the operator's, so it stays as it is. Delete it, or take the annotation egress-router-tools/expose off this router.",
  );
  edit(world, 'a', {}, {});
  await run(world, 'a');
  expect(summary(world, 'a')).toContain('Degraded=False AsExpected');
  expect(world.find(kinds.service, metadata)?.['spec']).toEqual({ selector: { app: 'web' } });
});

test('a conflict that lasts, as that of a webhook, is told', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  world.apply = async () => {
    throw new ClusterError({ reason: 'conflict', message: 'admission webhook "w" denied the request' });
  };
  await expect(run(world, 'a')).rejects.toMatchObject({ reason: 'conflict' });
  expect(summary(world, 'a')).toContain('Degraded=True ApplyRefused');
});

test('somebody who writes at the same moment is no refusal to tell of', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  edit(world, 'a', {}, { 'egress-router-tools/expose': 'true' });
  await run(world, 'a');
  const someoneSets = (port: number) => {
    const service = world.find(kinds.service, { namespace: 'demo', name: 'a' });
    if (service === undefined) throw new Error('There is no Service.');
    world.put({ ...service, spec: { ...Object(service['spec']), ports: [{ port, protocol: 'TCP' }] } });
  };
  someoneSets(9000);
  world.writes.length = 0;
  const patch = world.patch.bind(world);
  world.patch = (...args) => {
    someoneSets(9001);
    return patch(...args);
  };
  await expect(run(world, 'a')).rejects.toThrow(/^Somebody wrote at the same moment: /);
  expect(world.writes).toEqual([]);
  world.patch = patch;
  await run(world, 'a');
  expect(world.writes).toEqual(['patch of Service demo/a', 'Service demo/a']);
  expect(summary(world, 'a')).toContain('Degraded=False AsExpected');
});

test('a Service to IPv6 servers has an IPv6 address, and it is said where the cluster has none', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  const redirectRules = [{ ...rule, destinationIP: '2001:db8:c0de::25' }];
  const addresses = [{ ip: 'fd00:12::99/64', gateway: 'fd00:12::1' }];
  edit(world, 'a', { addresses, redirect: { redirectRules } }, { 'egress-router-tools/expose': 'true' });
  const refusal =
    'Service "a" is invalid: spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster';
  world.refusals.set('Service', refusal);
  await expect(run(world, 'a')).rejects.toThrow();
  expect(summary(world, 'a')).toContain('Degraded=True ApplyRefused');
  expect(degradedMessage(world, 'a')).toContain('a leads to IPv6 servers only, so clients have to call');
  world.refusals.clear();
  await run(world, 'a');
  const service = world.find(kinds.service, { namespace: 'demo', name: 'a' });
  expect(service?.['spec']).toMatchObject({ ipFamilies: ['IPv6'] });
  expect(summary(world, 'a')).toContain('Degraded=False AsExpected');
  if (service === undefined) throw new Error('There is no Service.');
  // A cluster of one family gives that one, whichever is preferred.
  world.put({ ...service, spec: { ...Object(service['spec']), ipFamilies: ['IPv4'] } });
  await run(world, 'a');
  expect(world.find(kinds.service, service.metadata)?.['spec']).toMatchObject({
    ipFamilyPolicy: 'PreferDualStack',
  });
  expect(summary(world, 'a')).toContain('Degraded=False AsExpected');
  const asked = world.find(kinds.service, service.metadata) ?? service;
  world.put({ ...asked, spec: { ...Object(asked['spec']), ipFamilies: ['IPv4'] } });
  await run(world, 'a');
  expect(degradedMessage(world, 'a')).toContain('a leads to IPv6 servers only, so clients have to call');
});

test('a Service gives back the address of a family that no rule has any more, or it is said why not', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  const [four, six] = [rule, { ...rule, port: 8443, destinationIP: '2001:db8:c0de::25' }];
  const addresses = [
    { ip: '192.168.12.99/24', gateway: '192.168.12.1' },
    { ip: 'fd00:12::99/64', gateway: 'fd00:12::1' },
  ];
  const have = async (...redirectRules: readonly object[]): Promise<void> => {
    edit(world, 'a', { addresses, redirect: { redirectRules } }, { 'egress-router-tools/expose': 'true' });
    await run(world, 'a');
  };
  const spec = (): object => Object(world.find(kinds.service, { namespace: 'demo', name: 'a' })?.['spec']);
  /** As an API server sets them. */
  const getFamilies = (...ipFamilies: readonly string[]): void => {
    const service = world.find(kinds.service, { namespace: 'demo', name: 'a' });
    if (service === undefined) throw new Error('There is no Service.');
    const ipFamilyPolicy = ipFamilies.length > 1 ? 'PreferDualStack' : 'SingleStack';
    world.put({ ...service, spec: { ...spec(), ipFamilies, ipFamilyPolicy } });
  };
  await have(four, six);
  getFamilies('IPv4', 'IPv6');
  await have(four);
  expect(spec()).toMatchObject({ ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv4'] });
  await run(world, 'a');
  getFamilies('IPv4');
  world.writes.length = 0;
  await run(world, 'a');
  expect(world.writes).toEqual([]);
  await have(six);
  expect(spec()).toMatchObject({ ipFamilyPolicy: 'PreferDualStack' });
  getFamilies('IPv4', 'IPv6');
  await run(world, 'a');
  expect(summary(world, 'a')).toContain('Degraded=False AsExpected');
  expect(messageOf(world, 'a', 'Progressing')).toContain('Clients are refused at the IPv4 address');
  world.writes.length = 0;
  await run(world, 'a');
  expect(world.writes).toEqual([]);
});

test('a router without rules has nothing to expose, and works all the same', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  edit(world, 'a', { redirect: { fallbackIP: '203.0.113.9' } }, { 'egress-router-tools/expose': 'true' });
  await run(world, 'a');
  expect(degradedMessage(world, 'a')).toContain('nothing to expose');
  expect(world.writes).toContain('Deployment demo/egress-router-cni-deployment');
});

test('an annotation that cannot be read changes conditions only', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a');
  world.writes.length = 0;
  edit(world, 'a', {}, { 'egress-router-tools/limits': '256 MB' });
  await run(world, 'a');
  expect(world.writes).toEqual(['status of demo/a']);
  expect(degradedMessage(world, 'a')).toBe(
    'metadata.annotations.egress-router-tools/limits: "256 MB" is no value of egress-router-tools/limits: ' +
      'write amounts as cpu=50m,memory=64Mi; either may be left out.',
  );
});

test('an invalid spec changes conditions only, and the last good pod stays available', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a');
  world.put(podOf(world, readyStatus));
  await run(world, 'a');
  const good = find(world, 'nad', nadName);
  world.writes.length = 0;
  edit(world, 'a', { addresses: [{ ip: '192.168.12.99/24', gateway: '10.0.0.1' }] });
  await run(world, 'a');
  expect(world.writes).toEqual(['status of demo/a']);
  expect(find(world, 'nad', nadName)).toEqual(good);
  expect(summary(world, 'a')).toEqual([
    'Available=True PodReady',
    'Progressing=False InvalidSpec',
    'Degraded=True InvalidSpec',
  ]);
  expect(degradedMessage(world, 'a')).toContain('The gateway 10.0.0.1 is outside 192.168.12.0/24');
});

test('a rule that would take the probes away from the pod changes conditions only', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a');
  world.writes.length = 0;
  const redirectRules = [{ port: 9410, protocol: 'TCP', destinationIP: '203.0.113.25' }];
  edit(world, 'a', { redirect: { redirectRules } });
  await run(world, 'a');
  expect(world.writes).toEqual(['status of demo/a']);
  expect(degradedMessage(world, 'a')).toContain('spec.redirect.redirectRules[9410/TCP].port: This project');
});

test('a router that is scaled while its spec is invalid gets its last good pod back', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a');
  const good = find(world, 'deployment', deploymentName);
  edit(world, 'a', {}, { 'egress-router-tools/requests': 'cpu=lots' });
  world.put({ ...good, spec: { ...(good['spec'] as object), replicas: 0 } });
  world.writes.length = 0;
  await run(world, 'a');
  expect(world.writes).toEqual(['patch of Deployment demo/egress-router-cni-deployment', 'status of demo/a']);
  expect(find(world, 'deployment', deploymentName)['spec']).toEqual(good['spec']);
  expect(summary(world, 'a')).toContain('Degraded=True InvalidSpec');
  world.writes.length = 0;
  await run(world, 'a');
  expect(world.writes).toEqual([]);
});

test('whether the rules are in force is said when the pod has answered, and only then', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a');
  world.put(podOf(world, readyStatus));
  world.rules.set('router-pod', 'asking');
  world.writes.length = 0;
  await run(world, 'a');
  expect(world.writes).toEqual([]);
  expect(world.asked.at(-1)).toMatch(/^[0-9a-f]{16}$/);
  world.rules.set('router-pod', 'pending');
  expect(await run(world, 'a')).toEqual({ againInMs: 2_000 });
  expect(summary(world, 'a')).toContain('Available=True PodReady');
  expect(summary(world, 'a')).toContain('Progressing=True RulesPending');
  world.rules.set('router-pod', 'inForce');
  expect(await run(world, 'a')).toEqual({});
  expect(summary(world, 'a')).toContain('Progressing=False Settled');
  world.rules.set('router-pod', 'unknown');
  expect(await run(world, 'a'), 'the world tells when it is to be asked again').toEqual({});
  expect(summary(world, 'a')).toContain('Progressing=False RulesUnknown');
  expect(messageOf(world, 'a', 'Progressing')).toContain('cannot be asked for its rules');
});

test('why a pod that runs is not ready is said when the pod has answered, and in its words', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a');
  const pod = world.put(podOf(world, { containerStatuses: [{ state: { running: {} } }] }));
  await run(world, 'a');
  world.put({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace: 'demo', name: 'probe' },
    type: 'Warning',
    reason: 'Unhealthy',
    message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
    count: 3,
    involvedObject: { kind: 'Pod', uid: pod.metadata.uid },
  });
  world.faults.set('router-pod', 'asking');
  world.writes.length = 0;
  expect(await run(world, 'a')).toEqual({ againInMs: 5_000 });
  expect(world.writes).toEqual([]);
  world.faults.set('router-pod', ['The gateway 10.0.0.1 does not answer.']);
  await run(world, 'a');
  expect(summary(world, 'a')).toContain('Degraded=True RouterNotReady');
  const what = 'Pod router-pod runs but does not redirect: The gateway 10.0.0.1 does not answer.';
  expect(messageOf(world, 'a', 'Degraded')).toContain(what);
  world.faults.delete('router-pod');
  await run(world, 'a');
  expect(messageOf(world, 'a', 'Degraded')).toContain('cannot be asked why; its log tells');
});

test('conditions say which generation they give account of, and no resync writes them again', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  const at = (generation: number, change: object, annotations: Readonly<Record<string, string>> = {}) => {
    edit(world, 'a', change, annotations);
    const router = world.find(kinds.egressRouter, { namespace: 'demo', name: 'a' });
    if (router !== undefined) world.put({ ...router, metadata: { ...router.metadata, generation } });
  };
  const said = async () => {
    await run(world, 'a');
    const router = world.find(kinds.egressRouter, { namespace: 'demo', name: 'a' });
    expect(router === undefined ? undefined : accountOf(router)).toBe('current');
    world.writes.length = 0;
    await run(world, 'a', '2026-01-01T09:00:00Z');
    expect(world.writes, 'of a second run').toEqual([]);
    return messageOf(world, 'a', 'Progressing');
  };
  at(1, {});
  expect(await said()).toBe('Waiting for the pod to be created. Seen at generation 1.');
  world.put(podOf(world, readyStatus));
  expect(await said()).toBe('The pod carries the present spec. Seen at generation 1.');
  world.rules.set('router-pod', 'pending');
  at(2, { redirect: { redirectRules: [{ ...rule, targetPort: 81 }] } });
  expect(await said()).toMatch(/^The pod is taking up the changed rules, .* Seen at generation 2\.$/);
  world.rules.set('router-pod', 'inForce');
  expect(await said()).toBe('The pod carries the present spec. Seen at generation 2.');
  at(3, { addresses: [{ ip: '192.168.12.99/24', gateway: '10.0.0.1' }] });
  expect(await said()).toBe(
    'This spec is refused: the last good objects stay as they are. Seen at generation 3.',
  );
  at(4, routerOf('a')['spec'] as object);
  expect(await said()).toBe('The pod carries the present spec. Seen at generation 4.');
  at(4, {}, { 'egress-router-tools/limits': 'memory=256Mi', 'example.com/note': 'not for the operator' });
  expect(await said()).toMatch(/ Seen at generation 4, annotations [0-9a-f]{8}\.$/);
});

test('while the pod is being asked, the conditions stay with the generation before', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  const stored = () => world.find(kinds.egressRouter, { namespace: 'demo', name: 'a' });
  const at = (generation: number) => {
    const router = stored();
    if (router !== undefined) world.put({ ...router, metadata: { ...router.metadata, generation } });
  };
  at(1);
  await run(world, 'a');
  world.put(podOf(world, readyStatus));
  world.rules.set('router-pod', 'asking');
  edit(world, 'a', { redirect: { redirectRules: [{ ...rule, targetPort: 81 }] } });
  at(2);
  await run(world, 'a');
  const config = JSON.stringify(find(world, 'configMap', configMapName)['data']);
  expect(config).toContain('8080 TCP 203.0.113.25 81');
  const router = stored();
  expect(router === undefined ? undefined : accountOf(router)).toBe('behind');
});

test('the pod is asked for what the router wants, also where somebody else holds the configuration otherwise', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  const contests = new Contests(() => 0);
  await run(world, 'a', undefined, contests);
  world.put(podOf(world, readyStatus));
  await run(world, 'a', undefined, contests);
  const wanted = world.asked.at(-1);
  for (const round of [1, 2, 3, 4, 5]) {
    const configMap = find(world, 'configMap', configMapName);
    world.put({ ...configMap, data: { 'config.json': `{"round":${round}}` } });
    await run(world, 'a', undefined, contests);
  }
  expect(find(world, 'configMap', configMapName)['data'], 'the last round is theirs').toEqual({
    'config.json': '{"round":5}',
  });
  expect(world.asked.at(-1)).toBe(wanted);
});

test('lastTransitionTime moves only with the status of its condition', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a', '2026-01-01T01:00:00Z');
  world.put(podOf(world, {}));
  world.put(eventOf('FailedCreatePodSandBox', sandboxMessage('no such NIC: enp9s0')));
  await run(world, 'a', '2026-01-01T02:00:00Z');
  world.put(podOf(world, readyStatus));
  await run(world, 'a', '2026-01-01T03:00:00Z');
  expect(conditionsOf(world, 'a').map((one) => `${one['type']} ${one['lastTransitionTime']}`)).toEqual([
    'Available 2026-01-01T03:00:00Z',
    'Progressing 2026-01-01T03:00:00Z',
    'Degraded 2026-01-01T03:00:00Z',
  ]);
});

test('what the CNI plugin said is carried up, and one more attempt with the same end writes nothing', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a');
  world.put(podOf(world, {}));
  world.put(eventOf('FailedCreatePodSandBox', sandboxMessage('no such NIC: enp9s0')));
  await run(world, 'a');
  expect(summary(world, 'a')).toEqual([
    'Available=False PodSandboxFailed',
    'Progressing=True Retrying',
    'Degraded=True PodSandboxFailed',
  ]);
  expect(degradedMessage(world, 'a')).toBe('Pod router-pod has no network: no such NIC: enp9s0');
  world.writes.length = 0;
  world.put(eventOf('FailedCreatePodSandBox', sandboxMessage('no such NIC: enp9s0', 'b')));
  await run(world, 'a');
  expect(world.writes).toEqual([]);
});

test('the oldest router of a namespace has the documented names, each further one its own', async () => {
  const world = new MemoryWorld([routerOf('b', 3), routerOf('a', 2), routerOf('z', 1)]);
  for (const name of ['a', 'b', 'z']) await run(world, name);
  expect(world.writes).toEqual([
    'NetworkAttachmentDefinition demo/egress-router-cni-a-nad',
    'ConfigMap demo/egress-router-cni-a-config',
    'Deployment demo/egress-router-cni-a-deployment',
    'status of demo/a',
    'NetworkAttachmentDefinition demo/egress-router-cni-b-nad',
    'ConfigMap demo/egress-router-cni-b-config',
    'Deployment demo/egress-router-cni-b-deployment',
    'status of demo/b',
    'NetworkAttachmentDefinition demo/egress-router-cni-nad',
    'ConfigMap demo/egress-router-cni-config',
    'Deployment demo/egress-router-cni-deployment',
    'status of demo/z',
  ]);
  expect(find(world, 'deployment', 'egress-router-cni-a-deployment')).toMatchObject({
    metadata: { labels: { app: 'egress-router-cni-a-deployment', 'egress-router-tools/router': 'a' } },
    spec: {
      selector: { matchLabels: { app: 'egress-router-cni-a-deployment' } },
      template: {
        metadata: {
          labels: { app: 'egress-router-cni-a-deployment', 'egress-router-tools/router': 'a' },
          annotations: { 'k8s.v1.cni.cncf.io/networks': '[{"name":"egress-router-cni-a-nad"}]' },
        },
        spec: { volumes: [{ name: 'config', configMap: { name: 'egress-router-cni-a-config' } }] },
      },
    },
  });
  expect(find(world, 'deployment', deploymentName)['spec']).toMatchObject({
    selector: { matchLabels: { app: 'egress-router-cni' } },
  });
  expect(messageOf(world, 'a', 'Progressing')).toBe(
    'Waiting for the pod to be created. Its Deployment is egress-router-cni-a-deployment, ' +
      'as the name egress-router-cni-deployment was not free for it.',
  );
  expect(messageOf(world, 'z', 'Progressing')).toBe('Waiting for the pod to be created.');
});

test('a running router keeps its names when those documented get free, and a new one takes them', async () => {
  const world = new MemoryWorld([routerOf('a', 1), routerOf('b', 2)]);
  for (const name of ['a', 'b']) await run(world, name);
  world.remove(kinds.egressRouter, { namespace: 'demo', name: 'a' });
  world.writes.length = 0;
  world.put(routerOf('c', 3));
  for (const name of ['b', 'c']) await run(world, name);
  expect(world.writes).toEqual([
    'NetworkAttachmentDefinition demo/egress-router-cni-nad',
    'ConfigMap demo/egress-router-cni-config',
    'Deployment demo/egress-router-cni-deployment',
    'status of demo/c',
  ]);
});

test.each([
  ['nad', nadName],
  ['configMap', configMapName],
  ['deployment', deploymentName],
] as const)('a %s that nobody made for a router only keeps the documented names away', async (kind, name) => {
  const { apiVersion, kind: kindName } = kinds[kind];
  const someones = { apiVersion, kind: kindName, metadata: { name, namespace: 'demo' }, mine: 'yes' };
  const world = new MemoryWorld([routerOf('a'), someones]);
  await run(world, 'a');
  await run(world, 'a');
  expect(world.writes).toEqual([
    'NetworkAttachmentDefinition demo/egress-router-cni-a-nad',
    'ConfigMap demo/egress-router-cni-a-config',
    'Deployment demo/egress-router-cni-a-deployment',
    'status of demo/a',
  ]);
  expect(find(world, kind, name)).toMatchObject({ mine: 'yes' });
});

test('an object of somebody else under the names of a further router is left alone and told of', async () => {
  const metadata = { name: 'egress-router-cni-b-config', namespace: 'demo' };
  const someones = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { mine: 'yes' } };
  const world = new MemoryWorld([routerOf('a', 1), routerOf('b', 2), someones]);
  for (const name of ['a', 'b']) await run(world, name);
  expect(find(world, 'configMap', metadata.name)).toMatchObject({ data: { mine: 'yes' } });
  expect(summary(world, 'b')).toContain('Degraded=True NameTaken');
  expect(degradedMessage(world, 'b')).toBe(
    'ConfigMap demo/egress-router-cni-b-config is in the way: it was not made for an egress router. ' +
      'Delete it or give this router another name.',
  );
});

test('an owner that was taken off comes back', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a');
  for (const [kind, name] of Object.entries(objectNames)) {
    const object = find(world, kind as keyof typeof objectNames, name);
    world.put({ ...object, metadata: { ...object.metadata, ownerReferences: [] } });
  }
  world.writes.length = 0;
  await run(world, 'a');
  expect(world.writes).toHaveLength(3);
  for (const [kind, name] of Object.entries(objectNames)) {
    const { metadata } = find(world, kind as keyof typeof objectNames, name);
    expect(metadata.ownerReferences).toMatchObject([{ uid: 'uid-of-a', controller: true }]);
  }
});

test('a Deployment waits for the pod that an earlier one has left', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a');
  world.put(podOf(world, readyStatus));
  world.remove(kinds.deployment, { namespace: 'demo', name: deploymentName });
  world.writes.length = 0;
  await run(world, 'a');
  expect(world.writes).toEqual(['status of demo/a']);
  expect(messageOf(world, 'a', 'Progressing')).toBe(
    'Waiting for pod router-pod to go, which an earlier Deployment made: it may hold the address.',
  );
  world.remove(kinds.pod, { namespace: 'demo', name: 'router-pod' });
  await run(world, 'a');
  expect(world.writes).toContain('Deployment demo/egress-router-cni-deployment');
});

test('a Deployment waits for a pod that the watch of pods has not told of yet', async () => {
  const world = new LateWatch([routerOf('a')]);
  await run(world, 'a');
  world.put(podOf(world, readyStatus));
  world.remove(kinds.deployment, { namespace: 'demo', name: deploymentName });
  world.writes.length = 0;
  await run(world, 'a');
  expect(world.writes).toEqual(['status of demo/a']);
  expect(messageOf(world, 'a', 'Progressing')).toContain('Waiting for pod router-pod to go');
});

test('objects of a router that was deleted and made again are waited for', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  await run(world, 'a');
  const { uid: _, ...metadata } = find(world, 'nad', nadName).metadata;
  world.remove(kinds.egressRouter, { namespace: 'demo', name: 'a' });
  world.put({ ...routerOf('a'), metadata: { name: 'a', namespace: 'demo', uid: 'uid-of-new-a' } });
  world.put({ apiVersion: kinds.nad.apiVersion, kind: kinds.nad.kind, metadata });
  world.writes.length = 0;
  expect(await run(world, 'a')).toEqual({ againInMs: 5_000 });
  expect(world.writes).toEqual(['status of demo/a']);
  expect(summary(world, 'a')).toContain('Progressing=True PodStarting');
});

test('without Multus the router says what to install, and the failure is retried', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  world.missingKinds.add('NetworkAttachmentDefinition');
  await expect(run(world, 'a')).rejects.toThrow('has no NetworkAttachmentDefinition');
  expect(summary(world, 'a')).toContain('Degraded=True MultusMissing');
});

test.each<[string, (world: MemoryWorld) => void, RegExp]>([
  [
    'a value of 200,000 characters',
    (world) => edit(world, 'a', {}, { 'egress-router-tools/tolerations': 'x'.repeat(200_000) }),
    /tolerations: "xxx.* … .*PreferNoSchedule or NoExecute\.$/,
  ],
  [
    '7,000 rules for one port',
    (world) => {
      const redirectRules = Array.from({ length: 7_000 }, (_, index) => ({ ...rule, targetPort: index + 1 }));
      edit(world, 'a', { redirect: { redirectRules } });
    },
    /rule \(entry 1\), .* … and 6994 more\.$/,
  ],
  [
    'an endless refusal',
    (world) => world.refusals.set('Deployment', `denied: ${'x'.repeat(2_000_000)} Ask the admins.`),
    /^denied: x.* … x+ Ask the admins\.$/,
  ],
])('what is wrong is told in a length that can be read and stored: %s', async (_, spoil, expected) => {
  const world = new MemoryWorld([routerOf('a')]);
  spoil(world);
  const tried = run(world, 'a');
  // What the API server refuses is tried again, and so that run fails.
  if (world.refusals.size > 0) await expect(tried).rejects.toThrow();
  else await tried;
  expect(degradedMessage(world, 'a')).toMatch(expected);
  expect(String(degradedMessage(world, 'a')).length).toBeLessThanOrEqual(4_096);
});

test('what the API server refuses is told in its own words', async () => {
  const world = new MemoryWorld([routerOf('a')]);
  world.refusals.set('Deployment', 'deployments.apps is forbidden: exceeded quota');
  await expect(run(world, 'a')).rejects.toThrow('exceeded quota');
  expect(summary(world, 'a')).toContain('Degraded=True ApplyRefused');
  expect(degradedMessage(world, 'a')).toContain('exceeded quota');
});

test('a router that is gone or going is left to the garbage collector', async () => {
  const deletionTimestamp = '2026-01-01T00:00:00Z';
  const going = routerOf('a');
  const world = new MemoryWorld([{ ...going, metadata: { ...going.metadata, deletionTimestamp } }]);
  expect(await run(world, 'a')).toEqual({});
  expect(await run(world, 'nobody')).toEqual({});
  expect(world.writes).toEqual([]);
});

const rule = { port: 8080, protocol: 'TCP', destinationIP: '203.0.113.25', targetPort: 80 };

function routerOf(name: string, age = 0): KubernetesObject {
  return {
    apiVersion: 'network.operator.openshift.io/v1',
    kind: 'EgressRouter',
    metadata: {
      name,
      namespace: 'demo',
      uid: `uid-of-${name}`,
      creationTimestamp: `2026-01-01T00:00:0${age}Z`,
    },
    spec: {
      mode: 'Redirect',
      networkInterface: { macvlan: { mode: 'Bridge' } },
      addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
      redirect: { redirectRules: [rule] },
    },
  };
}

const readyStatus = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };

function podOf(world: MemoryWorld, status: object): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'router-pod',
      namespace: 'demo',
      uid: 'uid-of-pod',
      labels: { app: 'egress-router-cni', 'egress-router-tools/router': 'a' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'uid-of-rs' }],
      annotations: { [configHashAnnotation]: hashOf(world) },
    },
    spec: { nodeName: 'node-1' },
    status,
  };
}

function eventOf(reason: string, message: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'event-1', namespace: 'demo' },
    type: 'Warning',
    reason,
    message,
    involvedObject: { kind: 'Pod', uid: 'uid-of-pod' },
    lastTimestamp: '2026-01-01T00:00:00Z',
  };
}

function sandboxMessage(cause: string, digit = 'a'): string {
  const id = digit.repeat(64);
  return (
    `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "${id}": ` +
    `plugin type="multus" failed (add): [demo/router-pod:egress-router-cni-nad]: ` +
    `error adding container to network "egress-router-cni-nad": plugin type="egress-router" failed (add): ${cause}`
  );
}

/** Where the watch of pods has told of none yet. */
class LateWatch extends MemoryWorld {
  override async list(...parameters: Parameters<MemoryWorld['list']>) {
    const [kind, { isFresh }] = parameters;
    return kind === kinds.pod && isFresh !== true ? [] : super.list(...parameters);
  }
}

function run(
  world: MemoryWorld,
  name: string,
  now = '2026-01-01T00:00:00Z',
  contests = new Contests(() => 0),
) {
  return reconcile({ namespace: 'demo', name }, world, { image, now: () => now, contests }, signal);
}

function edit(
  world: MemoryWorld,
  name: string,
  changes: object,
  annotations: Readonly<Record<string, string>> = {},
): void {
  const router = world.find(kinds.egressRouter, { namespace: 'demo', name });
  if (router === undefined) throw new Error(`no router ${name}`);
  const metadata = { ...router.metadata, annotations };
  world.put({ ...router, metadata, spec: { ...(router['spec'] as object), ...changes } });
}

function find(world: MemoryWorld, kind: keyof typeof objectNames, name: string): KubernetesObject {
  const object = world.find(kinds[kind], { namespace: 'demo', name });
  if (object === undefined) throw new Error(`no ${kind} ${name}`);
  return object;
}

function hashOf(world: MemoryWorld): string {
  const found = JSON.stringify(find(world, 'deployment', deploymentName)).match(/config-hash":"([0-9a-f]+)"/);
  return found?.[1] ?? '';
}

function conditionsOf(world: MemoryWorld, name: string): readonly Record<string, string>[] {
  const router = world.find(kinds.egressRouter, { namespace: 'demo', name });
  if (router === undefined) throw new Error(`no router ${name}`);
  return (router['status'] as { conditions: Record<string, string>[] }).conditions;
}

function summary(world: MemoryWorld, name: string): readonly string[] {
  return conditionsOf(world, name).map((one) => `${one['type']}=${one['status']} ${one['reason']}`);
}

function degradedMessage(world: MemoryWorld, name: string): unknown {
  return messageOf(world, name, 'Degraded');
}

function messageOf(world: MemoryWorld, name: string, type: string): unknown {
  return conditionsOf(world, name).find((one) => one['type'] === type)?.['message'];
}
