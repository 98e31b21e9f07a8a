import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ClusterError } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import { createObject, deleteObject, patchObject } from '#cluster/objects.ts';
import { at, listAt, numberAt, textAt } from '#core/json-value.ts';
import { configHashAnnotation, configMapName, deploymentName, nadName } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { namesOfFurther } from '#core/manifest/router-names.ts';
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
import {
  conditionsOf,
  degradedMessage,
  find,
  hasCondition,
  install,
  operatorKubeconfig,
  type RunningOperator,
  startOperator,
} from './operator-process.ts';
import { availableTargets, startTarget, type Target } from './target.ts';

describe.each(availableTargets())('operator on the %s API', (kind) => {
  let target: Target;
  let operator: RunningOperator;
  let kubeconfig: string;
  let first: World;

  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
    first = await openWorld(target.kubeconfig);
    kubeconfig = await operatorKubeconfig(first);
    operator = startOperator(kubeconfig);
  });

  afterAll(async () => {
    operator.kill();
    await first[Symbol.asyncDispose]();
    await target.close();
  });

  test('the other manifests it is shipped with are accepted', async () => {
    await install(first.connection, 'operator.yaml', 'node.yaml');
  });

  test('a router gets its objects, owned by it, and its pod carries it to Available', async () => {
    await using world = await openWorld(target.kubeconfig);
    await deploy(world, 'partner');
    await hasCondition(world, 'partner', 'Progressing=True PodStarting');
    const { uid } = (await find(world, kinds.egressRouter, 'partner'))?.metadata ?? {};
    for (const [objectKind, name] of documented) {
      expect((await find(world, objectKind, name))?.metadata.ownerReferences).toEqual([
        {
          apiVersion: 'network.operator.openshift.io/v1',
          kind: 'EgressRouter',
          name: 'partner',
          uid,
          controller: true,
        },
      ]);
    }
    const deployment = await find(world, kinds.deployment, deploymentName);
    expect(at(deployment, 'spec', 'strategy')).toEqual({ type: 'Recreate' });
    expect(at(deployment, 'spec', 'template', 'spec', 'containers', 0, 'image')).toBe(
      'registry.example/egress-router-agent:1',
    );

    const pod = await actAs.replicaSet(world, await hashOf(world));
    await actAs.kubelet(world, pod);
    await hasCondition(world, 'partner', 'Available=True PodReady');
    expect(await conditionsOf(world, 'partner')).toEqual([
      'Available=True PodReady',
      // It has no address to be asked at.
      'Progressing=False RulesUnknown',
      'Degraded=False AsExpected',
    ]);
  });

  test('what the CNI plugin says is what the router says', async () => {
    await using world = await openWorld(target.kubeconfig);
    await deploy(world, 'partner');
    await until(async () => (await find(world, kinds.deployment, deploymentName)) !== undefined);
    const pod = await actAs.replicaSet(world, await hashOf(world));
    await actAs.cniFailure(
      world,
      pod,
      'Failed to create pod sandbox: plugin type="multus" failed (add): ' +
        'error adding container to network "egress-router-cni-nad": ' +
        'macvlan master "enp9s0" does not exist on this node (it has: enp1s0)',
    );
    await hasCondition(world, 'partner', 'Degraded=True PodSandboxFailed');
    expect(await degradedMessage(world, 'partner')).toBe(
      `Pod ${pod.metadata.name} has no network: macvlan master "enp9s0" does not exist on this node (it has: enp1s0)`,
    );
  });

  test('an edit of the rules reaches plugin and router process and not the pod, one of the address makes a new pod', async () => {
    await using world = await openWorld(target.kubeconfig);
    await deploy(world, 'partner');
    await hasCondition(world, 'partner', 'Progressing=True PodStarting');
    const before = await find(world, kinds.deployment, deploymentName);
    const configOf = async () => textAt(await find(world, kinds.nad, nadName), 'spec', 'config') ?? '';
    await edit(world, 'partner', { redirect: { redirectRules: [rule(9090)] } });
    await until(async () => (await configOf()).includes('9090 TCP 203.0.113.25 80'));
    await until(
      async () =>
        at(await find(world, kinds.configMap, configMapName), 'data', 'config.json') === (await configOf()),
    );
    await edit(world, 'partner', { addresses: [{ ip: '192.168.12.90/24', gateway: '192.168.12.1' }] });
    await until(async () => (await hashOf(world)) !== hashIn(before));
    const after = await find(world, kinds.deployment, deploymentName);
    // One change of the two made one new template.
    expect([before, after].map((object) => object?.metadata.generation)).toEqual([1, 2]);
    expect(await configOf()).toContain('192.168.12.90/24');
  });

  test('what others set in the Deployment is overruled where it is the operator’s or in its way, else left', async () => {
    await using world = await openWorld(target.kubeconfig);
    const { connection, namespace } = world;
    await deploy(world, 'partner');
    await hasCondition(world, 'partner', 'Progressing=True PodStarting');
    const place = { namespace, name: deploymentName };
    const patch = (spec: object) => patchObject(connection, kinds.deployment, place, { spec }, signal);
    const spec = async (...path: string[]) =>
      at(await find(world, kinds.deployment, deploymentName), 'spec', ...path);
    await patch({ minReadySeconds: 3, template: { metadata: { labels: { team: 'net' } } } });
    await patch({ strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } });
    await until(async () => (await spec('strategy', 'type')) === 'Recreate');
    await patch({ paused: true, template: { spec: { hostNetwork: true } } });
    await until(
      async () => (await spec('paused')) !== true && (await spec('template', 'spec', 'hostNetwork')) !== true,
    );
    expect(await spec('strategy')).toEqual({ type: 'Recreate' });
    expect(await spec('minReadySeconds')).toBe(3);
    expect(await spec('template', 'metadata', 'labels', 'team')).toBe('net');
    expect(await conditionsOf(world, 'partner')).toContain('Degraded=False AsExpected');
  });

  test('an owner or a label that is taken off comes back', async () => {
    await using world = await openWorld(target.kubeconfig);
    const { connection, namespace } = world;
    await deploy(world, 'partner');
    await hasCondition(world, 'partner', 'Progressing=True PodStarting');
    for (const metadata of [
      { ownerReferences: null },
      { labels: { 'egress-router-tools/router': null } },
    ] as const) {
      for (const [kindOf, name] of documented) {
        await patchObject(connection, kindOf, { namespace, name }, { metadata }, signal);
        await until(async () => {
          const live = (await find(world, kindOf, name))?.metadata;
          return (
            live?.ownerReferences?.[0]?.name === 'partner' &&
            live.labels?.['egress-router-tools/router'] === 'partner'
          );
        });
      }
    }
  });

  test('a Service comes and goes with the annotation, and one of somebody else is left alone', async () => {
    await using world = await openWorld(target.kubeconfig);
    const { connection, namespace } = world;
    const annotate = (value: string | null) =>
      patchObject(
        connection,
        kinds.egressRouter,
        { namespace, name: 'partner' },
        { metadata: { annotations: { 'egress-router-tools/expose': value } } },
        signal,
      );
    await deploy(world, 'partner');
    await annotate('true');
    await until(async () => (await find(world, kinds.service, 'partner')) !== undefined);
    await edit(world, 'partner', { redirect: { redirectRules: [rule(9090)] } });
    await until(
      async () => at(await find(world, kinds.service, 'partner'), 'spec', 'ports', 0, 'port') === 9090,
    );
    expect(at(await find(world, kinds.service, 'partner'), 'spec', 'selector')).toEqual({
      app: 'egress-router-cni',
    });
    await annotate(null);
    await until(async () => (await find(world, kinds.service, 'partner')) === undefined);
    const someones = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'partner' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    };
    await createObject(connection, kinds.service, someones, { namespace, signal });
    await annotate('true');
    await hasCondition(world, 'partner', 'Degraded=True NameTaken');
    expect(at(await find(world, kinds.service, 'partner'), 'spec', 'selector')).toEqual({ app: 'web' });
  });

  test('a Service gives back the address of the family that no rule has any more', async () => {
    await using world = await openWorld(target.kubeconfig);
    const { connection, namespace } = world;
    const six = { ...rule(8443), destinationIP: '2001:db8:c0de::25' };
    const { spec, ...one } = router('partner');
    const addresses = [...spec.addresses, { ip: 'fd00:12::99/64', gateway: 'fd00:12::1' }];
    const exposed = {
      ...one,
      metadata: { name: 'partner', annotations: { 'egress-router-tools/expose': 'true' } },
      spec: { ...spec, addresses, redirect: { redirectRules: [rule(8080), six] } },
    };
    await createObject(connection, kinds.egressRouter, exposed, { namespace, signal });
    const families = async () => listAt(await find(world, kinds.service, 'partner'), 'spec', 'ipFamilies');
    const has = async (...wanted: readonly string[]) =>
      until(async () => (await families()).join() === wanted.join());
    await has('IPv4', 'IPv6');
    await edit(world, 'partner', { redirect: { redirectRules: [rule(8080)] } });
    await has('IPv4');
    await edit(world, 'partner', { redirect: { redirectRules: [six] } });
    await has('IPv4', 'IPv6');
    await until(async () => {
      const conditions = listAt(await find(world, kinds.egressRouter, 'partner'), 'status', 'conditions');
      return conditions.some(
        (condition) => textAt(condition, 'message')?.includes('at the IPv4 address') === true,
      );
    });
    await deleteObject(connection, kinds.service, { namespace, name: 'partner' }, { signal });
    await has('IPv6');
    expect(await conditionsOf(world, 'partner')).toContain('Degraded=False AsExpected');
  });

  test('ports that somebody puts into the Service in place of its own do not keep those of the rules from it', async () => {
    await using world = await openWorld(target.kubeconfig);
    const { connection, namespace } = world;
    const place = { namespace, name: 'partner' };
    const metadata = { name: 'partner', annotations: { 'egress-router-tools/expose': 'true' } };
    const exposed = { ...router('partner'), metadata };
    await createObject(connection, kinds.egressRouter, exposed, { namespace, signal });
    const ports = async () =>
      listAt(await find(world, kinds.service, 'partner'), 'spec', 'ports').map(
        (port) => `${textAt(port, 'name') ?? ''} ${numberAt(port, 'port')}`,
      );
    await until(async () => (await ports()).length === 1);
    const [own] = await ports();
    for (const name of [undefined, own?.split(' ')[0]]) {
      const theirs = {
        ...(name === undefined ? {} : { name }),
        port: 8443,
        protocol: 'TCP',
        targetPort: 8443,
      };
      await patchObject(connection, kinds.service, place, { spec: { ports: [theirs] } }, signal);
      await until(async () => (await ports()).length === 2);
      expect(new Set(await ports())).toEqual(new Set([own, 'tcp-8443 8443']));
    }
    expect(await conditionsOf(world, 'partner')).toContain('Degraded=False AsExpected');
  });

  test('an object that is deleted or changed by hand comes back', async () => {
    await using world = await openWorld(target.kubeconfig);
    const { connection, namespace } = world;
    await deploy(world, 'partner');
    await hasCondition(world, 'partner', 'Progressing=True PodStarting');
    const old = await find(world, kinds.nad, nadName);
    await deleteObject(connection, kinds.nad, { namespace, name: nadName }, { signal });
    await until(async () => {
      const uid = (await find(world, kinds.nad, nadName))?.metadata.uid;
      return uid !== undefined && uid !== old?.metadata.uid;
    });
    const place = { namespace, name: deploymentName };
    await patchObject(connection, kinds.deployment, place, { spec: { replicas: 2 } }, signal);
    await until(
      async () => at(await find(world, kinds.deployment, deploymentName), 'spec', 'replicas') === 1,
    );
  });

  test('an invalid spec changes conditions only', async () => {
    await using world = await openWorld(target.kubeconfig);
    await deploy(world, 'partner');
    await hasCondition(world, 'partner', 'Progressing=True PodStarting');
    const good = await find(world, kinds.nad, nadName);
    await edit(world, 'partner', { addresses: [{ ip: '192.168.12.99/24', gateway: '10.0.0.1' }] });
    await hasCondition(world, 'partner', 'Degraded=True InvalidSpec');
    expect(await degradedMessage(world, 'partner')).toContain(
      'The gateway 10.0.0.1 is outside 192.168.12.0/24',
    );
    expect(await find(world, kinds.nad, nadName)).toEqual(good);
  });

  test('three routers share a namespace, and keep their names when the first goes', async () => {
    await using world = await openWorld(target.kubeconfig);
    await deploy(world, 'first');
    await hasCondition(world, 'first', 'Progressing=True PodStarting');
    await deploy(world, 'second', '192.168.12.98/24');
    await deploy(world, 'third', '192.168.12.97/24');
    const further = ['second', 'third'].map((name) => ({ name, names: namesOfFurther(name) }));
    for (const { name, names } of further) {
      await hasCondition(world, name, 'Progressing=True PodStarting');
      expect(
        (await find(world, kinds.deployment, names.deployment))?.metadata.ownerReferences?.[0]?.name,
      ).toBe(name);
    }
    expect((await find(world, kinds.nad, nadName))?.metadata.ownerReferences?.[0]?.name).toBe('first');
    const ips = async () =>
      Promise.all(
        [nadName, ...further.map(({ names }) => names.nad)].map(async (name) => {
          const config = textAt(await find(world, kinds.nad, name), 'spec', 'config') ?? '{}';
          return at(JSON.parse(config), 'ip', 'addresses', 0);
        }),
      );
    expect(await ips()).toEqual(['192.168.12.99/24', '192.168.12.98/24', '192.168.12.97/24']);

    const before = await Promise.all(
      further.map(async ({ names }) => (await find(world, kinds.deployment, names.deployment))?.metadata.uid),
    );
    const { connection, namespace } = world;
    await deleteObject(connection, kinds.egressRouter, { namespace, name: 'first' }, { signal });
    // A bare API server collects no garbage.
    for (const [kindOf, name] of documented) {
      await deleteObject(connection, kindOf, { namespace, name }, { signal }).catch((error: unknown) => {
        if (!ClusterError.is(error, 'not-found')) throw error;
      });
    }
    await until(async () => (await find(world, kinds.deployment, deploymentName)) === undefined);
    expect(await operator.stop()).toBe(0);
    operator = startOperator(kubeconfig);
    await deploy(world, 'fourth', '192.168.12.96/24');
    await hasCondition(world, 'fourth', 'Progressing=True PodStarting');
    expect((await find(world, kinds.nad, nadName))?.metadata.ownerReferences?.[0]?.name).toBe('fourth');
    const after = await Promise.all(
      further.map(async ({ names }) => (await find(world, kinds.deployment, names.deployment))?.metadata.uid),
    );
    expect(after).toEqual(before);
  });

  test('starting anew changes nothing, and the rights it is shipped with were enough', async () => {
    await using world = await openWorld(target.kubeconfig);
    await deploy(world, 'partner');
    await hasCondition(world, 'partner', 'Progressing=True PodStarting');
    expect(await operator.stop()).toBe(0);
    expect(operator.log()).toContain('SIGTERM: stopping');
    const versions = async () => {
      const live = await Promise.all([
        find(world, kinds.egressRouter, 'partner'),
        find(world, kinds.nad, nadName),
        find(world, kinds.configMap, configMapName),
        find(world, kinds.deployment, deploymentName),
      ]);
      return live.map((object) => object?.metadata.resourceVersion);
    };
    const before = await versions();
    const again = startOperator(kubeconfig);
    try {
      // Routers are worked on in the order of their keys or later: one that comes last is proof that all were.
      await using last = await openWorld(target.kubeconfig);
      await until(() => again.log().includes('watching egressrouters'));
      await deploy(last, 'last');
      await hasCondition(last, 'last', 'Progressing=True PodStarting');
      expect(await versions()).toEqual(before);
      expect(`${operator.log()}${again.log()}`).not.toMatch(/: 403\.|You lack|next attempt/);
      expect(await again.stop()).toBe(0);
    } finally {
      again.kill();
    }
  });
});

const documented = [
  [kinds.nad, nadName],
  [kinds.configMap, configMapName],
  [kinds.deployment, deploymentName],
] as const;

async function deploy(world: World, name: string, ip?: string): Promise<void> {
  const { connection, namespace } = world;
  await createObject(connection, kinds.egressRouter, router(name, ip), { namespace, signal });
}

async function edit(world: World, name: string, spec: Readonly<Record<string, unknown>>): Promise<void> {
  const { connection, namespace } = world;
  await patchObject(connection, kinds.egressRouter, { namespace, name }, { spec }, signal);
}

async function hashOf(world: World): Promise<string> {
  return hashIn(await find(world, kinds.deployment, deploymentName));
}

function hashIn(deployment: KubernetesObject | undefined): string {
  return textAt(deployment, 'spec', 'template', 'metadata', 'annotations', configHashAnnotation) ?? '';
}
