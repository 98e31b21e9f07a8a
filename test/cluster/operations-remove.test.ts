// Routers that somebody makes after the person was asked whether the agent may go.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Progress } from '#cluster/api.ts';
import { applyObject } from '#cluster/apply.ts';
import { type Connection, connect } from '#cluster/connect.ts';
import { ClusterError } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import { createObject, deleteObject, findObject } from '#cluster/objects.ts';
import { install, planInstall } from '#cluster/operations/install.ts';
import { planRemove, removeAgent } from '#cluster/operations/remove.ts';
import type { ApiRequest } from '#cluster/request.ts';
import { at } from '#core/json-value.ts';
import { toAgentObjects } from '#core/manifest/agent-objects.ts';
import { operatorLeaseName, operatorNamespace } from '#core/manifest/names.ts';
import { openWorld, router, signal, until, type World } from './operations-world.ts';
import { startSimulatedCluster } from './simulated-cluster.ts';
import { availableTargets, startTarget } from './target.ts';

const image = 'registry.example/egress-router-agent:0.1.0';
const parts = toAgentObjects(image, operatorNamespace);
const quiet = { signal, onProgress: () => undefined, wait: true, withCrd: true, timeoutMs: 30_000 };

// In a group of its own, so that its hooks are not run for the tests of the other API server.
describe.each(availableTargets())('%s', (kind) => {
  let target: Awaited<ReturnType<typeof startTarget>>;
  let cluster: AsyncDisposable;
  let connection: Connection;
  let world: World;
  beforeAll(async () => {
    target = await startTarget(kind);
    connection = connect({ kubeconfigPaths: [target.kubeconfig], allowExec: false });
    cluster = await startSimulatedCluster(target.kubeconfig);
  });
  afterAll(async () => {
    connection.close();
    await cluster[Symbol.asyncDispose]();
    await target.close();
  });
  beforeEach(async () => {
    world = await openWorld(target.kubeconfig);
    await install(connection, await planInstall(connection, { image, signal }), { ...quiet, force: true });
  });
  afterEach(async () => {
    const place = { namespace: world.namespace, name: 'egress-late' };
    await deleteObject(connection, kinds.egressRouter, place, { signal });
    await until(async () => (await findObject(connection, kinds.egressRouter, place, signal)) === undefined);
    await world[Symbol.asyncDispose]();
  });

  const makeRouter = () =>
    applyObject(world.connection, router('egress-late'), { fieldManager: 'test', signal });
  /** Somebody makes a router as soon as such a request is through. */
  const makingRouterAfter = (verb: string, plural: string): Connection => {
    const thenMake = async <T>(request: ApiRequest, answer: T): Promise<T> => {
      if (request.verb === verb && request.kind.plural === plural) await makeRouter();
      return answer;
    };
    return {
      ...connection,
      json: async (request) => thenMake(request, await connection.json(request)),
      text: async (request) => thenMake(request, await connection.text(request)),
    };
  };
  /** What the pods of the DaemonSet run. */
  const commandOnNodes = async (): Promise<unknown> =>
    commandOf(await findObject(connection, kinds.daemonSet, parts.node.metadata, signal));
  const findCrd = () => findObject(connection, kinds.crd, parts.crd.metadata, signal);

  test(`${kind}: while the question stands, nothing goes`, async () => {
    const plan = await planRemove(connection, signal);
    await makeRouter();
    await expect(removeAgent(connection, plan, quiet)).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(
        /^Nothing was deleted: EgressRouter \S+\/egress-late was made meanwhile/,
      ),
    });
    expect(await commandOnNodes()).toEqual(commandOf(parts.node));
    expect(await findCrd()).toBeDefined();
  });

  test(`${kind}: while the plugin is taken from the nodes, it comes back`, async () => {
    const plan = await planRemove(connection, signal);
    const said: string[] = [];
    const onProgress = ({ message }: Progress): void => void said.push(message);
    const interrupted = makingRouterAfter('apply', kinds.daemonSet.plural);
    await expect(removeAgent(interrupted, plan, { ...quiet, onProgress })).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(/egress-late was made meanwhile[^]*The plugin is brought back/),
    });
    expect(said).toEqual(
      expect.arrayContaining(['Taking the plugin from the nodes.', 'Bringing the plugin back to the nodes.']),
    );
    expect(await commandOnNodes()).toEqual(commandOf(parts.node));
    expect((await planRemove(connection, signal)).objects.map((object) => object.kind)).toContain(
      'Deployment',
    );
  });

  test(`${kind}: after a removal that was left halfway, it is said how the plugin comes back`, async () => {
    const plan = await planRemove(connection, signal);
    const halfway = { ...quiet, timeoutMs: 0 };
    await expect(removeAgent(connection, plan, halfway)).rejects.toMatchObject({ reason: 'timed-out' });
    await makeRouter();
    const { plugin, stays } = await planRemove(connection, signal);
    expect(plugin).toMatchObject({ kind: 'kept', why: expect.stringMatching(/install the agent again/) });
    expect(stays[0]).toMatchObject({
      object: { kind: 'DaemonSet' },
      why: 'It takes the plugin from the nodes.',
    });
  });

  test(`${kind}: while the rest goes, the router and the CRD stay`, async () => {
    const plan = await planRemove(connection, signal);
    const interrupted = makingRouterAfter('delete', kinds.clusterRoleBinding.plural);
    const { gone, residue, stays } = await removeAgent(interrupted, plan, quiet);
    expect(gone.map((object) => object.kind)).not.toContain('CustomResourceDefinition');
    expect(residue).toEqual([]);
    expect(stays?.map(({ object, why }) => `${object.kind}: ${why}`)).toEqual([
      'CustomResourceDefinition: With it, the router would be deleted.',
      'EgressRouter: It was made meanwhile, and nothing acts on it any more.',
    ]);
    expect(await findCrd()).toBeDefined();
  });

  const makeLease = async (): Promise<void> => {
    const metadata = { name: operatorLeaseName };
    const lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata,
      spec: { holderIdentity: '' },
    };
    await createObject(connection, kinds.lease, lease, { namespace: operatorNamespace, signal });
  };
  /** Somebody who may not do that with Leases. */
  const denied = (denies: (verb: string) => boolean): Connection => {
    const checked = <T>(request: ApiRequest, go: () => Promise<T>): Promise<T> => {
      if (request.kind.plural !== kinds.lease.plural || !denies(request.verb)) return go();
      return Promise.reject(new ClusterError({ reason: 'forbidden', message: 'You may not.' }));
    };
    return {
      ...connection,
      json: (request) => checked(request, () => connection.json(request)),
      text: (request) => checked(request, () => connection.text(request)),
    };
  };

  test(`${kind}: who may not see the Lease of the operator removes the rest`, async () => {
    await makeLease();
    const plan = await planRemove(
      denied(() => true),
      signal,
    );
    expect(plan.objects.map((object) => object.kind)).not.toContain('Lease');
    expect(plan.objects.map((object) => object.kind)).toContain('Deployment');
    await removeAgent(connection, await planRemove(connection, signal), quiet);
    await install(connection, await planInstall(connection, { image, signal }), { ...quiet, force: true });
    await makeRouter();
  });

  test(`${kind}: who may not delete the Lease of the operator is told so, and removes the rest`, async () => {
    await makeLease();
    const plan = await planRemove(connection, signal);
    const mayNot = denied((verb) => verb === 'delete');
    const { residue, gone } = await removeAgent(mayNot, plan, { ...quiet, withCrd: false });
    expect(residue).toMatchObject([{ object: { kind: 'Lease' }, why: 'You may not.' }]);
    expect(gone.map((object) => object.kind)).toContain('ClusterRole');
    await makeRouter();
  });

  test(`${kind}: the Lease stays, with the reason, while the operator may still hold it`, async () => {
    await makeLease();
    const plan = await planRemove(connection, signal);
    const { residue } = await removeAgent(connection, plan, { ...quiet, withCrd: false, wait: false });
    expect(residue).toContainEqual({
      object: expect.objectContaining({ kind: 'Lease' }),
      why: expect.stringMatching(
        /^The operator makes it anew .* remove the agent again once it has ended\.$/,
      ),
    });
    const home = { name: operatorNamespace };
    await until(async () => (await findObject(connection, kinds.namespace, home, signal)) === undefined);
    await makeRouter();
  });

  test(`${kind}: what somebody puts into the namespace of the agent meanwhile stays with it, and nothing of the agent's`, async () => {
    await makeLease();
    const plan = await planRemove(connection, signal);
    const order = plan.objects.map((object) => object.kind);
    expect(order).toContain('Namespace');
    expect(order.slice(0, 3)).toEqual(['DaemonSet', 'Deployment', 'Lease']);
    const theirs = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'theirs' } };
    await createObject(connection, kinds.configMap, theirs, { namespace: operatorNamespace, signal });
    const { stays, gone } = await removeAgent(connection, plan, { ...quiet, withCrd: false });
    expect(gone).toContainEqual(expect.objectContaining({ kind: 'Lease', name: operatorLeaseName }));
    const place = { namespace: operatorNamespace, name: operatorLeaseName };
    expect(await findObject(connection, kinds.lease, place, signal)).toBeUndefined();
    expect(stays?.map(({ object, why }) => `${object.kind}: ${why}`)).toEqual([
      `Namespace: There is more in it, for example ConfigMap ${operatorNamespace}/theirs.`,
    ]);
    await makeRouter();
  });
});

function commandOf(daemonSet: unknown): unknown {
  return at(daemonSet, 'spec', 'template', 'spec', 'containers', 0, 'command');
}
