import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InstallPlan, Progress } from '#cluster/api.ts';
import { applyObject } from '#cluster/apply.ts';
import type { Connection } from '#cluster/connect.ts';
import { connect } from '#cluster/connect.ts';
import { kinds } from '#cluster/kinds.ts';
import { createObject, deleteObject, findObject, patchObject } from '#cluster/objects.ts';
import { install, planInstall } from '#cluster/operations/install.ts';
import { planRemove, removeAgent } from '#cluster/operations/remove.ts';
import { toAgentObjects } from '#core/manifest/agent-objects.ts';
import { operatorNamespace } from '#core/manifest/names.ts';
import { showClusterNetworkOperator } from './cluster-operator.ts';
import { installCrds, openWorld, router, signal, until } from './operations-world.ts';
import { startSimulatedCluster } from './simulated-cluster.ts';
import { availableTargets, startTarget } from './target.ts';

const image = 'registry.example/egress-router-agent:0.1.0';

for (const kind of availableTargets()) {
  let target: Awaited<ReturnType<typeof startTarget>>;
  let cluster: AsyncDisposable | undefined;
  let connection: Connection;
  beforeAll(async () => {
    target = await startTarget(kind);
    connection = connect({ kubeconfigPaths: [target.kubeconfig], allowExec: false });
  });
  afterAll(async () => {
    connection.close();
    await cluster?.[Symbol.asyncDispose]();
    await target.close();
  });

  const plan = (options: { image?: string; namespace?: string } = {}): Promise<InstallPlan> =>
    planInstall(connection, { image, signal, ...options });

  test(`${kind}: the plan of a bare cluster creates everything, with the image, and warns that Multus is missing`, async () => {
    const { items, warnings, refused } = await plan();
    expect(refused).toBeUndefined();
    expect(items.map((item) => `${item.kind} ${item.wanted.kind}`)).toEqual([
      'create CustomResourceDefinition',
      'create Namespace',
      'create ServiceAccount',
      'create ClusterRole',
      'create ClusterRoleBinding',
      'create Role',
      'create RoleBinding',
      'create ValidatingAdmissionPolicy',
      'create ValidatingAdmissionPolicyBinding',
      'create ValidatingAdmissionPolicy',
      'create ValidatingAdmissionPolicyBinding',
      'create ValidatingAdmissionPolicy',
      'create ValidatingAdmissionPolicyBinding',
      'create DaemonSet',
      'create Deployment',
    ]);
    expect(JSON.stringify(items).split(image)).toHaveLength(3);
    expect(warnings).toEqual([expect.stringMatching(/^Multus is missing/)]);
    expect(
      await findObject(connection, kinds.namespace, { name: operatorNamespace }, signal),
    ).toBeUndefined();
  });

  test.each([
    ['', /^"" is no reference of an image\. It is empty/],
    ['https://registry.example/agent', /begins with a scheme/],
    ['registry.example/agent latest', /It has to be like/],
  ])(`${kind}: "%s" is refused as an image`, async (wrong, why) => {
    expect((await plan({ image: wrong })).refused).toMatch(why);
  });

  test.each(['baseline', 'restricted'])(
    `${kind}: a namespace with the Pod Security level %s is refused and stays as it is`,
    async (level) => {
      const labels = { 'pod-security.kubernetes.io/enforce': level };
      const name = `level-${level}`;
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
      await createObject(connection, kinds.namespace, namespace, { signal });
      const { refused, items } = await plan({ namespace: name });
      expect(refused).toMatch(new RegExp(`level "${level}"[^]*hostPath[^]*not relabeled`));
      expect(items).toEqual([]);
      const live = await findObject(connection, kinds.namespace, { name }, signal);
      expect(live?.metadata.labels).toMatchObject(labels);
    },
  );

  test(`${kind}: installs, waits for every part, and finds nothing to do the second time`, async () => {
    await installCrds(target.kubeconfig);
    cluster = await startSimulatedCluster(target.kubeconfig);
    const said: string[] = [];
    const onProgress = ({ object, message }: Progress): void => void said.push(`${object.kind}: ${message}`);
    const result = await install(connection, await plan(), {
      signal,
      onProgress,
      wait: true,
      timeoutMs: 30_000,
      force: true,
    });
    expect(result.parts.map(({ object, outcome }) => [object.kind, outcome])).toEqual([
      ['CustomResourceDefinition', { kind: 'ready' }],
      ['DaemonSet', { kind: 'ready' }],
      ['Deployment', { kind: 'ready' }],
    ]);
    expect(said).toEqual(
      expect.arrayContaining([
        'DaemonSet: Ready on 1 node.',
        'Deployment: Available.',
        'DaemonSet: Created.',
      ]),
    );
    const again = await plan();
    expect(again.warnings).toEqual([]);
    expect(again.items.filter((item) => item.kind !== 'unchanged')).toEqual([]);
    const newer = await plan({ image: `${image}-2` });
    expect(newer.items.filter((item) => item.kind !== 'unchanged').map(({ wanted }) => wanted.kind)).toEqual([
      'DaemonSet',
      'Deployment',
    ]);
    expect((await plan({ namespace: 'elsewhere' })).refused).toMatch(/already, and there must not be two/);
  });

  test(`${kind}: a field that somebody else has set is a conflict, taken over only when told to`, async () => {
    const place = { namespace: operatorNamespace, name: 'egress-router-operator' };
    const { apiVersion, kind: kindName } = kinds.deployment;
    const theirs = { apiVersion, kind: kindName, metadata: place, spec: { replicas: 2 } };
    await applyObject(connection, theirs, { fieldManager: 'somebody', force: true, signal });
    const planned = await plan();
    const conflict = planned.items.find((item) => item.kind === 'conflict');
    expect(conflict).toMatchObject({
      wanted: { metadata: { name: 'egress-router-operator' } },
      conflicts: [{ manager: 'somebody', field: '.spec.replicas' }],
    });
    const options = { signal, onProgress: () => undefined, wait: false, timeoutMs: 0 };
    await expect(install(connection, planned, options)).rejects.toMatchObject({ reason: 'conflict' });
    await install(connection, planned, { ...options, force: true });
    expect((await plan()).items.filter((item) => item.kind !== 'unchanged')).toEqual([]);
  });

  test(`${kind}: whoever may not install is told of the right that is missing`, async () => {
    await using world = await openWorld(target.kubeconfig);
    const nobody = await world.connectAs([]);
    await expect(planInstall(nobody, { image, signal })).rejects.toMatchObject({
      reason: 'forbidden',
      message: expect.stringMatching(/You lack "get namespaces"/),
    });
  });

  test(`${kind}: with routers there, the plugin and the CRD stay`, async () => {
    await using world = await openWorld(target.kubeconfig);
    await applyObject(world.connection, router('egress-a'), { fieldManager: 'test', signal });
    const labels = { 'pod-security.kubernetes.io/enforce': 'baseline' };
    await patchObject(
      world.connection,
      kinds.namespace,
      { name: world.namespace },
      { metadata: { labels } },
      signal,
    );
    expect((await plan()).warnings).toEqual([
      expect.stringMatching(
        new RegExp(`^Namespace ${world.namespace} has the Pod Security level "baseline"`),
      ),
    ]);
    const { routers, objects, plugin, crd, stays } = await planRemove(connection, signal);
    expect(routers).toEqual([{ namespace: world.namespace, name: 'egress-a' }]);
    expect(plugin).toMatchObject({ kind: 'kept', why: expect.stringMatching(/Tear the routers down/) });
    expect(crd).toBeUndefined();
    // Only the DaemonSet can take the plugin from the nodes, when the agent is removed again.
    expect(objects.map((object) => object.kind)).not.toContain('DaemonSet');
    expect(objects.map((object) => object.kind)).not.toContain('Namespace');
    expect(stays.map(({ object, why }) => `${object.kind}: ${why}`)).toEqual([
      'DaemonSet: It keeps the plugin on the nodes.',
      `Namespace: There is more in it, for example DaemonSet ${operatorNamespace}/egress-router-installer.`,
      'CustomResourceDefinition: With it, the router would be deleted.',
    ]);
    const place = { namespace: world.namespace, name: 'egress-a' };
    await deleteObject(connection, kinds.egressRouter, place, { signal });
    await until(async () => (await findObject(connection, kinds.egressRouter, place, signal)) === undefined);
  });

  test(`${kind}: a plugin that cannot be taken from a node keeps everything else where it is`, async () => {
    const planned = await planRemove(connection, signal);
    const options = { signal, onProgress: () => undefined, wait: true, withCrd: false, timeoutMs: 0 };
    await expect(removeAgent(connection, planned, options)).rejects.toMatchObject({
      reason: 'timed-out',
      message: expect.stringMatching(/not taken from all nodes, so nothing was deleted/),
    });
    const { objects } = await planRemove(connection, signal);
    expect(objects).toEqual(planned.objects);
  });

  test(`${kind}: a namespace in which people keep something stays`, async () => {
    const place = { namespace: operatorNamespace, name: 'theirs' };
    const theirs = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: place.name } };
    await createObject(connection, kinds.configMap, theirs, { namespace: operatorNamespace, signal });
    const { stays } = await planRemove(connection, signal);
    expect(stays.map(({ object, why }) => `${object.kind}: ${why}`)).toEqual([
      `Namespace: There is more in it, for example ConfigMap ${operatorNamespace}/theirs.`,
    ]);
    await deleteObject(connection, kinds.configMap, place, { signal });
  });

  test(`${kind}: removes part by part, the plugin first and the permissions last, and leaves nothing`, async () => {
    const said: string[] = [];
    const onProgress = ({ object, message }: Progress): void => void said.push(`${object.kind}: ${message}`);
    // Anybody may make objects of the agent's names in a namespace of theirs; it is none of the agent.
    await using theirs = await openWorld(target.kubeconfig);
    const { node, operator } = toAgentObjects('registry.example/evil', theirs.namespace);
    for (const object of [node, operator]) {
      await applyObject(theirs.connection, object, { fieldManager: 'x', signal });
    }
    const planned = await planRemove(connection, signal);
    expect(planned).toMatchObject({ namespace: operatorNamespace, plugin: { kind: 'removed', image } });
    const options = { signal, onProgress, wait: true, withCrd: true, timeoutMs: 30_000 };
    const { gone, residue } = await removeAgent(connection, planned, options);
    expect(residue).toEqual([]);
    expect(said.slice(0, 1)).toEqual(['DaemonSet: Taking the plugin from the nodes.']);
    expect(gone.map((object) => object.kind)).toEqual([
      'DaemonSet',
      'Deployment',
      ...Array.from({ length: 3 }, () => [
        'ValidatingAdmissionPolicyBinding',
        'ValidatingAdmissionPolicy',
      ]).flat(),
      'RoleBinding',
      'Role',
      'ClusterRoleBinding',
      'ClusterRole',
      'ServiceAccount',
      'Namespace',
      'CustomResourceDefinition',
    ]);
    const after = await planRemove(connection, signal);
    expect(after.objects).toEqual([]);
    expect(await removeAgent(connection, after, options)).toEqual({ gone: [], residue: [], stays: [] });
  });

  test(`${kind}: a cluster with the Cluster Network Operator is refused`, async () => {
    await using _ = await showClusterNetworkOperator(connection);
    expect((await plan()).refused).toMatch(/Cluster Network Operator acts on EgressRouters here/);
  });
}
