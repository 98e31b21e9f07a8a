import { once } from 'node:events';
import { connect as connectTcp, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { kinds } from '#cluster/kinds.ts';
import { createObject } from '#cluster/objects.ts';
import { nadName } from '#core/manifest/names.ts';
import { openDoor } from './door.ts';
import { installCrds, openWorld, router, signal, until } from './operations-world.ts';
import {
  conditionsOf,
  find,
  hasCondition,
  operatorKubeconfig,
  type RunningOperator,
  startOperator,
  startProgram,
} from './operator-process.ts';
import { availableTargets, startTarget, type Target } from './target.ts';

describe.each(availableTargets())('operator that starts on the %s API', (kind) => {
  const targets: Target[] = [];
  const operators: RunningOperator[] = [];

  afterEach(async () => {
    for (const operator of operators.splice(0)) operator.kill();
    for (const target of targets.splice(0)) await target.close();
  });

  async function start(): Promise<Target> {
    const target = await startTarget(kind);
    targets.push(target);
    return target;
  }

  function run(kubeconfig: string, ...args: readonly string[]): RunningOperator {
    const operator = startOperator(kubeconfig, ...args);
    operators.push(operator);
    return operator;
  }

  test('without the resource definition it waits and says so, and goes on once there is one', async () => {
    const target = await start();
    await using world = await openWorld(target.kubeconfig);
    const operator = run(await operatorKubeconfig(world), '--health-port=0');
    await until(() => operator.log().includes('waiting for egressrouters to be installed'));
    const port = /health on port ([0-9]+)/.exec(operator.log())?.[1];
    const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
    expect(await ask('/healthz')).toBe(200);
    expect(await ask('/readyz')).toBe(503);
    await installCrds(target.kubeconfig);
    const { connection, namespace } = world;
    await createObject(connection, kinds.egressRouter, router('partner'), { namespace, signal });
    await hasCondition(world, 'partner', 'Progressing=True PodStarting');
    expect(await ask('/readyz')).toBe(200);
    expect(await operator.stop()).toBe(0);
  });

  test('its own pod says which image router pods run, whatever renamed it there', async () => {
    const target = await start();
    await using world = await openWorld(target.kubeconfig);
    const kubeconfig = await operatorKubeconfig(world);
    const env = { POD_NAMESPACE: 'egress-router-tools', POD_NAME: 'operator-1' };
    const alone = startProgram(['--kubeconfig', kubeconfig], env);
    operators.push(alone);
    await until(() => alone.log().includes('Say with --image or $EGRESS_ROUTER_IMAGE'));
    const image = 'mirror.example/agent@sha256:0123';
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'operator-1' },
      spec: {
        serviceAccountName: 'egress-router-operator',
        automountServiceAccountToken: false,
        containers: [{ name: 'operator', image }],
      },
    };
    const place = { namespace: 'egress-router-tools', signal };
    await createObject(world.connection, kinds.pod, pod, place);
    const operator = startProgram(['--kubeconfig', kubeconfig], env);
    operators.push(operator);
    await until(() => operator.log().includes(`, image ${image}, `));
    expect(await operator.stop()).toBe(0);
  });

  test('where the Cluster Network Operator is present it touches nothing', async () => {
    const target = await start();
    await installCrds(target.kubeconfig);
    await using world = await openWorld(target.kubeconfig);
    const { connection, namespace } = world;
    await createObject(connection, kinds.crd, clusterOperatorCrd, { signal });
    const network = {
      apiVersion: 'config.openshift.io/v1',
      kind: 'ClusterOperator',
      metadata: { name: 'network' },
    };
    await until(() =>
      createObject(connection, kinds.clusterOperator, network, { signal }).then(
        () => true,
        () => false,
      ),
    );
    await createObject(connection, kinds.egressRouter, router('partner'), { namespace, signal });
    const operator = run(await operatorKubeconfig(world));
    await until(() => operator.log().includes('standing aside: the Cluster Network Operator is present'));
    expect(await conditionsOf(world, 'partner')).toEqual([]);
    expect(await find(world, kinds.nad, nadName)).toBeUndefined();
    expect(await operator.stop()).toBe(0);
  });

  test('a signal ends it at once when the API has fallen silent, leading or not', async () => {
    const target = await start();
    await installCrds(target.kubeconfig);
    await using world = await openWorld(target.kubeconfig);
    const { hostname, port } = new URL(world.connection.server);
    const sockets = new Set<Socket>();
    let isSilent = false;
    const listener = createServer((inside) => {
      const outside = connectTcp({ host: hostname, port: Number(port) });
      for (const [from, to] of [
        [inside, outside],
        [outside, inside],
      ] as const) {
        sockets.add(from.on('error', () => undefined));
        from.on('data', (chunk) => {
          if (!isSilent) to.write(chunk);
        });
      }
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    await operatorKubeconfig(world);
    const kubeconfig = await world.kubeconfig(({ clusters }) => {
      const own = typeof address === 'object' && address !== null ? address.port : 0;
      for (const { cluster } of clusters) cluster['server'] = `https://127.0.0.1:${own}`;
    });
    await using _ = {
      [Symbol.asyncDispose]: async () => {
        listener.close();
        for (const socket of sockets) socket.destroy();
      },
    };
    const leader = run(kubeconfig);
    await until(() => leader.log().includes('watching egressrouters'));
    isSilent = true;
    const candidate = run(kubeconfig);
    await until(() => candidate.log().includes('working on'));
    const { connection, namespace } = world;
    await createObject(connection, kinds.egressRouter, router('partner'), { namespace, signal });
    const askedMs = performance.now();
    expect(await Promise.all([leader.stop(), candidate.stop()])).toEqual([0, 0]);
    expect(performance.now() - askedMs).toBeLessThan(4_000);
  });

  test('an API that cannot be reached is waited for, and a signal ends the waiting', async () => {
    const target = await start();
    await installCrds(target.kubeconfig);
    await using world = await openWorld(target.kubeconfig);
    const { connection, namespace } = world;
    await using door = await openDoor(connection.server);
    await operatorKubeconfig(world);
    const kubeconfig = await world.kubeconfig(({ clusters }) => {
      for (const { cluster } of clusters) cluster['server'] = `https://127.0.0.1:${door.port}`;
    });
    await door.close();
    const operator = run(kubeconfig);
    await until(() => operator.log().includes('cannot take or renew Lease egress-router-tools/'));
    await door.reopen();
    await createObject(connection, kinds.egressRouter, router('partner'), { namespace, signal });
    await hasCondition(world, 'partner', 'Progressing=True PodStarting');
    await door.close();
    expect(await operator.stop()).toBe(0);
  });
});

const clusterOperatorCrd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: 'clusteroperators.config.openshift.io',
    annotations: { 'api-approved.kubernetes.io': 'unapproved, for tests' },
  },
  spec: {
    group: 'config.openshift.io',
    names: { kind: 'ClusterOperator', plural: 'clusteroperators', singular: 'clusteroperator' },
    scope: 'Cluster',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
