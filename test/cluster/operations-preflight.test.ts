// What preflight reads of a cluster: the checks themselves are tested in core.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PreflightSubject } from '#cluster/api.ts';
import { applyObject } from '#cluster/apply.ts';
import { kinds, type ResourceKind } from '#cluster/kinds.ts';
import { createObject, deleteObject, patchObject } from '#cluster/objects.ts';
import { preflight } from '#cluster/operations/preflight.ts';
import type { PreflightReport } from '#cluster/preflight-report.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Finding, FindingCode } from '#core/platform/finding.ts';
import {
  actAs,
  installCrds,
  openWorld,
  router,
  rule,
  signal,
  until,
  type World,
} from './operations-world.ts';
import { availableTargets, startTarget } from './target.ts';

for (const kind of availableTargets()) {
  let target: Awaited<ReturnType<typeof startTarget>>;
  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
  });
  afterAll(() => target.close());
  const open = (): Promise<World> => openWorld(target.kubeconfig);

  test(`${kind}: a router on OpenStack under our operator, from a document and live`, async () => {
    await using world = await open();
    await using _openstack = await install(world, [
      [
        kinds.infrastructure,
        bare(kinds.infrastructure, 'cluster', { status: { platformStatus: { type: 'OpenStack' } } }),
      ],
      [
        kinds.nodeNetworkState,
        networkState('w1', ['ens9', '192.168.12.11']),
        networkState('w2', ['eno1', '10.0.0.12']),
      ],
      [kinds.node, node('w1', '192.168.12.11'), node('w2', '192.168.12.12')],
    ]);
    await using _lease = await leaseOf(world);
    const wanted = onNic(router('a', '192.168.12.99/24'), 'ens9');
    const report = await preflight(
      world.connection,
      { kind: 'documents', documents: [{ value: wanted, source: 'a.yaml' }] },
      { signal },
    );
    expect(verdicts(report.findings)).toEqual({
      crd: 'ok',
      multus: 'ok',
      reconciler: 'ok',
      permissions: 'ok',
    });
    expect(verdicts(only(report))).toEqual({
      platform: 'warning',
      address: 'ok',
      nic: 'warning',
      capacity: 'ok',
      'second-router': 'ok',
      'pod-security': 'ok',
    });
    expect(of(report, 'nic').message).toMatch(/^NIC ens9 is missing on w2: /);
    const lines = of(report, 'platform').remedy?.text.split('\n') ?? [];
    expect(lines.filter((line) => line.startsWith('#'))).toEqual(['# node w1', '# node w2']);
    expect(lines[1]).toMatch(
      /^openstack port set --allowed-address ip-address=192\.168\.12\.99,mac-address=[0-9a-f:]{17} "\$\(openstack port list --fixed-ip ip-address=192\.168\.12\.11 -f value -c ID\)"$/,
    );

    await applyObject(world.connection, wanted, { fieldManager: 'x', signal });
    await actAs.operator(world, 'a', 'h1');
    const pod = await actAs.replicaSet(world, 'h1');
    await actAs.multus(world, pod, '192.168.12.99');
    const live = await preflight(
      world.connection,
      { kind: 'router', router: { namespace: world.namespace, name: 'a' } },
      { signal },
    );
    expect(of(live, 'address').verdict).toBe('ok');
    expect(of(live, 'platform').remedy?.text).toContain('mac-address=0a:58:c0:a8:0c:63 ');
  });

  test(`${kind}: a router that is known to fail, and one whose spec is refused`, async () => {
    await using world = await open();
    const subject = { kind: 'router', router: { namespace: world.namespace, name: 'a' } } as const;
    await applyObject(world.connection, router('a', '192.168.12.99/24'), { fieldManager: 'x', signal });
    await actAs.operator(world, 'a', 'h1');
    const check = async () => preflight(world.connection, subject, { signal });
    expect(only(await check()).filter(({ code }) => code === 'router' || code === 'document')).toEqual([]);
    const message = 'Pod a-1 has no network: enp9s9 is not there.';
    await actAs.conditions(world, 'a', message);
    expect(of(await check(), 'router')).toEqual({ code: 'router', verdict: 'error', message });
    const redirectRules = [rule(8095), { ...rule(8095), destinationIP: '203.0.113.26' }];
    const patch = { spec: { redirect: { redirectRules } } };
    await patchObject(world.connection, kinds.egressRouter, subject.router, patch, signal);
    const refused = only(await check());
    expect(refused[0]).toMatchObject({
      code: 'document',
      verdict: 'error',
      message: expect.stringMatching(/^TCP port 8095 already has a rule/),
    });
  });

  test(`${kind}: a router without rights, in a namespace that forbids its pod, beside others of its address`, async () => {
    await using world = await open();
    await using _nodes = await install(world, [[kinds.node, node('w3', '192.168.12.71', 'aws:///zone/i-1')]]);
    await using _lease = await leaseOf(world);
    const label = { 'pod-security.kubernetes.io/enforce': 'baseline' };
    await patchObject(
      world.connection,
      kinds.namespace,
      { name: world.namespace },
      { metadata: { labels: label } },
      signal,
    );
    await applyObject(world.connection, router('b', '192.168.12.72/24'), { fieldManager: 'x', signal });
    const check = async (ip: string) => {
      const documents = [{ value: router('a', ip), source: 'a.yaml' }];
      return preflight(world.connection, { kind: 'documents', documents }, { signal });
    };
    const report = await check('192.168.12.71/24');
    expect(of(report, 'pod-security').verdict).toBe('error');
    expect(of(report, 'platform').message).toMatch(/^AWS /);
    expect(of(report, 'address').message).toMatch(/^192\.168\.12\.71 is taken: node w3 has it\./);
    expect(of(report, 'second-router').verdict).toBe('information');
    expect(of(await check('192.168.12.72/24'), 'address').message).toMatch(
      /: EgressRouter ops-.*\/b has it\./,
    );
    const nobody = await world.connectAs([]);
    const documents = [{ value: router('a', '192.168.12.71/24'), source: 'a.yaml' }];
    const hidden = await preflight(nobody, { kind: 'documents', documents }, { signal });
    expect(verdicts(only(hidden))).toEqual({
      platform: 'information',
      address: 'information',
      nic: 'information',
      capacity: 'information',
      'second-router': 'information',
      'pod-security': 'information',
    });
    expect(of(hidden, 'address').message).toContain('you may not see egressrouters, pods, nodes.');
    const ofNamespace = await world.connectAs([{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
    const own = await preflight(ofNamespace, { kind: 'documents', documents }, { signal });
    expect(of(own, 'second-router').message).toContain('has further egress routers');
    expect(of(own, 'capacity')).toMatchObject({
      verdict: 'information',
      message: expect.stringContaining(
        'you may not see egressrouters of other namespaces, pods of other namespaces;',
      ),
    });
  });

  test(`${kind}: an address that one router is up with, and another has come to reserve`, async () => {
    await using world = await open();
    await using _lease = await leaseOf(world);
    const fieldManager = 'x';
    await applyObject(world.connection, router('a', '192.168.12.75/24'), { fieldManager, signal });
    await actAs.operator(world, 'a', 'h1');
    const pod = await actAs.replicaSet(world, 'h1');
    await applyObject(world.connection, router('thief', '192.168.12.75/24'), { fieldManager, signal });
    const check = async (name: string) => {
      const documents = [{ value: router(name, '192.168.12.75/24', [rule(8099)]), source: 'a.yaml' }];
      const subject = { kind: 'documents', documents } as const;
      const { verdict, message } = of(await preflight(world.connection, subject, { signal }), 'address');
      return `${verdict} ${message.replaceAll(world.namespace, 'ops')}`;
    };
    const taken =
      'error 192.168.12.75 is taken: EgressRouter ops/thief has it. Take an address that nothing else has.';
    expect(await check('a')).toBe(taken);
    // It had the address once, and has no network since: nothing of it runs.
    await actAs.multus(world, pod, '192.168.12.75');
    expect(await check('a')).toBe(taken);
    await actAs.kubelet(world, pod);
    expect(await check('a')).toMatch(/^warning .* reserved as well by EgressRouter ops\/thief\. Change /);
    expect(await check('thief')).toMatch(/^error .* is taken: EgressRouter ops\/a, Pod ops\/\S+ have it/);
  });

  test(`${kind}: the Cluster Network Operator, OKD and SCTP`, async () => {
    await using world = await open();
    const sctp = { ...rule(38412), protocol: 'SCTP' };
    const loading = {
      spec: {
        config: {
          storage: {
            files: [{ path: '/etc/modules-load.d/sctp.conf', contents: { source: 'data:;base64,c2N0cA==' } }],
          },
        },
      },
    };
    await using _okd = await install(world, [
      [kinds.clusterOperator, bare(kinds.clusterOperator, 'network', {})],
      [
        kinds.infrastructure,
        bare(kinds.infrastructure, 'cluster', { status: { platformStatus: { type: 'BareMetal' } } }),
      ],
      [kinds.machineConfig, bare(kinds.machineConfig, '99-other', { spec: {} })],
    ]);
    await applyObject(world.connection, router('b', '192.168.12.82/24'), { fieldManager: 'x', signal });
    const documents = [{ value: router('a', '192.168.12.81/24', [sctp]), source: 'a.yaml' }];
    const check = () => preflight(world.connection, { kind: 'documents', documents }, { signal });
    const report = await check();
    expect(report.findings.find(({ code }) => code === 'reconciler')?.message).toMatch(
      /^The Cluster Network/,
    );
    expect(verdicts(only(report))).toEqual({
      platform: 'ok',
      address: 'ok',
      nic: 'information',
      capacity: 'ok',
      sctp: 'warning',
      'second-router': 'error',
      'pod-security': 'ok',
    });
    const config = bare(kinds.machineConfig, '99-sctp', loading);
    await createObject(world.connection, kinds.machineConfig, config, { signal });
    expect(of(await check(), 'sctp').message).toMatch(/^MachineConfig 99-sctp loads/);
  });

  test(`${kind}: documents with errors, and a router that is not there`, async () => {
    await using world = await open();
    const documents = [{ value: router('a', '192.168.12.99'), source: 'a.yaml' }];
    const report = await preflight(world.connection, { kind: 'documents', documents }, { signal });
    expect(report.findings[0]).toMatchObject({
      code: 'document',
      verdict: 'error',
      message: expect.stringMatching(/^a\.yaml: /),
    });
    expect(report.routers).toEqual([]);
    const subject: PreflightSubject = {
      kind: 'router',
      router: { namespace: world.namespace, name: 'none' },
    };
    const nowhere = await preflight(
      world.connection,
      { kind: 'namespace', namespace: 'nowhere' },
      { signal },
    );
    expect(nowhere.findings.map(({ message }) => message)).toContain(
      'Namespace nowhere does not exist. Create it first, or name another one.',
    );
    await expect(preflight(world.connection, subject, { signal })).rejects.toMatchObject({
      reason: 'not-found',
    });
  });

  test(`${kind}: more routers on a NIC than the setting allows`, async () => {
    await using world = await open();
    await using _lease = await leaseOf(world);
    await applyObject(world.connection, router('b', '192.168.12.92/24'), { fieldManager: 'x', signal });
    await actAs.operator(world, 'b', 'h1');
    const pod = await actAs.replicaSet(world, 'h1');
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: pod.metadata.name },
      target: { kind: 'Node', name: 'w9' },
    };
    await world.connection.json({
      verb: 'create',
      kind: kinds.pod,
      namespace: world.namespace,
      name: pod.metadata.name,
      subresource: 'binding',
      body: binding,
      signal,
    });
    const documents = [{ value: router('a', '192.168.12.91/24'), source: 'a.yaml' }];
    const check = async (routersPerNic?: number) =>
      of(
        await preflight(
          world.connection,
          { kind: 'documents', documents },
          { signal, ...(routersPerNic === undefined ? {} : { routersPerNic }) },
        ),
        'capacity',
      );
    expect((await check()).verdict).toBe('ok');
    expect(await check(1)).toMatchObject({
      verdict: 'warning',
      message: expect.stringMatching(/^On node w9, .* carries 1 other/),
    });
  });

  test.each([
    ['renews its Lease', 'x', 0, 'ok', /^The operator of Egress Router Tools acts on/],
    ['has just given its Lease back', '', 0, 'ok', /^The operator of Egress Router Tools acts on/],
    ['has ended', 'x', 3_600_000, 'warning', /does not now: its Lease was last renewed at 20\S+Z\. See/],
    ['was removed', '', 3_600_000, 'warning', /does not now: its Lease was last renewed at 20\S+Z\. See/],
  ] as const)(
    `${kind}: of routers that were made by an operator that %s`,
    async (_, holder, agoMs, verdict, message) => {
      await using world = await open();
      await using _lease = await leaseOf(world, { holder, renewedAt: new Date(Date.now() - agoMs) });
      const fieldManager = 'egress-router-operator';
      await applyObject(world.connection, router('b', '192.168.12.93/24'), { fieldManager, signal });
      const subject = { kind: 'namespace', namespace: world.namespace } as const;
      const { findings, reconciler } = await preflight(world.connection, subject, { signal });
      expect(findings).toContainEqual({
        code: 'reconciler',
        verdict,
        message: expect.stringMatching(message),
      });
      expect(reconciler).toBe('agent');
    },
  );
}

function verdicts(findings: readonly Finding[]): Readonly<Record<string, Finding['verdict']>> {
  return Object.fromEntries(findings.map(({ code, verdict }) => [code, verdict]));
}

function only({ routers }: PreflightReport): readonly Finding[] {
  expect(routers.length).toBe(1);
  return routers[0]?.findings ?? [];
}

function of(report: PreflightReport, code: FindingCode): Finding {
  const found = only(report).find((finding) => finding.code === code);
  if (found === undefined) throw new Error(`Nothing is said of ${code}.`);
  return found;
}

function bare({ apiVersion, kind }: ResourceKind, name: string, fields: object): KubernetesObject {
  return { apiVersion, kind, metadata: { name }, ...fields };
}

function node(name: string, ip: string, providerID?: string): KubernetesObject {
  // Which a cluster gives to every new node.
  const taints = [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }];
  return bare(kinds.node, name, {
    spec: { taints, ...(providerID === undefined ? {} : { providerID }) },
    status: { addresses: [{ type: 'InternalIP', address: ip }] },
  });
}

function networkState(name: string, [nic, ip]: readonly [string, string]): KubernetesObject {
  const address = [{ ip, 'prefix-length': 24 }];
  const interfaces = [{ name: nic, type: 'ethernet', ipv4: { address } }];
  return bare(kinds.nodeNetworkState, name, { status: { currentState: { interfaces } } });
}

function onNic(object: ReturnType<typeof router>, master: string): KubernetesObject {
  return { ...object, spec: { ...object.spec, networkInterface: { macvlan: { mode: 'Bridge', master } } } };
}

/** What a leader of our operator keeps in the namespace. */
async function leaseOf(
  { connection, namespace }: World,
  { holder = 'x', renewedAt = new Date() } = {},
): Promise<AsyncDisposable> {
  const at = { namespace, name: 'egress-router-operator' };
  const spec = {
    holderIdentity: holder,
    leaseDurationSeconds: 15,
    renewTime: renewedAt.toISOString().replace('Z', '000Z'),
  };
  const lease = { ...bare(kinds.lease, at.name, { spec }) };
  await createObject(connection, kinds.lease, lease, { namespace, signal });
  return { [Symbol.asyncDispose]: () => deleteObject(connection, kinds.lease, at, { signal }) };
}

/** Objects of kinds that the cluster comes to serve, as long as the test lasts. */
async function install(
  { connection }: World,
  parts: readonly (readonly [ResourceKind, ...(readonly KubernetesObject[])])[],
): Promise<AsyncDisposable> {
  const made: (() => Promise<void>)[] = [];
  for (const [kind, ...objects] of parts) {
    if (kind !== kinds.node) {
      const crd = crdOf(kind);
      await applyObject(connection, crd, { fieldManager: 'test', signal });
      made.push(() => deleteObject(connection, kinds.crd, { name: crd.metadata.name }, { signal }));
      await until(() =>
        connection.json({ verb: 'list', kind, signal }).then(
          () => true,
          () => false,
        ),
      );
    }
    for (const object of objects) {
      const { name } = object.metadata;
      await createObject(connection, kind, object, { signal });
      if (kind !== kinds.node) continue;
      made.push(() => deleteObject(connection, kind, { name }, { signal }));
      await patchObject(
        connection,
        kind,
        { name, subresource: 'status' },
        { status: object['status'] },
        signal,
      );
    }
  }
  return {
    [Symbol.asyncDispose]: async () => {
      for (const undo of made.toReversed()) await undo();
      for (const [kind] of parts) {
        if (kind === kinds.node) continue;
        await until(() =>
          connection.json({ verb: 'list', kind, signal }).then(
            () => false,
            () => true,
          ),
        );
      }
    },
  };
}

function crdOf({ apiVersion, kind, plural }: ResourceKind): KubernetesObject {
  const [group = '', version = ''] = apiVersion.split('/');
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      annotations: { 'api-approved.kubernetes.io': 'unapproved, for tests' },
    },
    spec: {
      group,
      names: { kind, plural, singular: kind.toLowerCase() },
      scope: 'Cluster',
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}
