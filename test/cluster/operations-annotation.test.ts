// The annotation that asks for a Service: what is said of it, and done, where each of the reconcilers acts.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyObject } from '#cluster/apply.ts';
import { kinds } from '#cluster/kinds.ts';
import { deleteObject, findObject, getObject } from '#cluster/objects.ts';
import { deploy, planDeploy } from '#cluster/operations/deploy.ts';
import { expose, planExpose } from '#cluster/operations/expose.ts';
import { operatorFieldManager, routerLabel } from '#core/manifest/names.ts';
import { showClusterNetworkOperator } from './cluster-operator.ts';
import { actAs, installCrds, openWorld, router, rule, signal, type World } from './operations-world.ts';
import { availableTargets, startTarget } from './target.ts';

const quiet = { signal, onProgress: () => undefined, wait: false, timeoutMs: 10_000 };
const annotations = { 'egress-router-tools/expose': 'true' };

function annotated(rules: readonly object[] = [rule(8080)]) {
  return { ...router('a', '192.168.12.81/24', rules), metadata: { name: 'a', annotations } };
}

async function planned({ connection }: World, value: object) {
  return planDeploy(connection, [{ value, source: '#1' }], { signal });
}

async function deployed(world: World, value: object): Promise<void> {
  await deploy(world.connection, await planned(world, value), quiet);
}

function named({ namespace }: World) {
  return { namespace, name: 'a' };
}

/** As our operator does: it controls the Service, and labels it. */
async function makeService(world: World): Promise<void> {
  const { apiVersion, kind, metadata } = await getObject(
    world.connection,
    kinds.egressRouter,
    named(world),
    signal,
  );
  const owner = { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true };
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...named(world), labels: { [routerLabel]: 'a' }, ownerReferences: [owner] },
    spec: {
      selector: { app: 'egress-router-cni' },
      ports: [{ name: 'tcp-8080', protocol: 'TCP', port: 8080, targetPort: 8080 }],
    },
  };
  await applyObject(world.connection, service, { fieldManager: operatorFieldManager, force: true, signal });
}

for (const kind of availableTargets()) {
  let target: Awaited<ReturnType<typeof startTarget>>;
  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
  });
  afterAll(() => target.close());

  test(`${kind}: the Cluster Network Operator ignores the annotation, so the router is exposed by hand`, async () => {
    await using world = await openWorld(target.kubeconfig);
    await using _ = await showClusterNetworkOperator(world.connection);
    const plan = await planned(world, annotated());
    expect(plan.preflight.reconciler).toBe('cno');
    await deploy(world.connection, plan, quiet);
    const toExpose = await planExpose(world.connection, named(world), { signal });
    expect(toExpose).toMatchObject({ annotation: 'ignored-by-cno', items: [{ kind: 'create' }] });
    expect(await expose(world.connection, toExpose, quiet)).toMatchObject({ ports: [{ port: 8080 }] });
  });

  test(`${kind}: the Service that our operator keeps is told of, and nobody else applies it`, async () => {
    await using world = await openWorld(target.kubeconfig);
    await deployed(world, annotated());
    await actAs.conditions(world, 'a');
    expect((await planned(world, annotated())).preflight.reconciler).toBe('agent');
    const before = await planExpose(world.connection, named(world), { signal });
    expect(before).toMatchObject({
      annotation: 'kept-by-operator',
      items: [{ kind: 'unchanged', wanted: { spec: { ports: [{ port: 8080 }] } } }],
    });
    expect(await expose(world.connection, before, quiet)).toMatchObject({ ports: [{ port: 8080 }] });
    expect(await findObject(world.connection, kinds.service, named(world), signal)).toBeUndefined();
    await makeService(world);
    const after = await planExpose(world.connection, named(world), { signal });
    expect(after.annotation).toBe('kept-by-operator');
    const { addresses } = await expose(world.connection, after, quiet);
    const service = await getObject(world.connection, kinds.service, named(world), signal);
    expect(service['spec']).toMatchObject({ clusterIP: addresses[0] });
    expect(managersOf(service)).toEqual([operatorFieldManager]);
    const other = await planExpose(world.connection, named(world), {
      signal,
      ports: [{ port: 8080, protocol: 'TCP' }],
    });
    expect(other).toMatchObject({
      items: [],
      refused: expect.stringMatching(/keeps the Service of .* Take the annotation off first\.$/),
    });
  });

  test(`${kind}: a Service that was made by hand before the annotation stays what a person exposes`, async () => {
    await using world = await openWorld(target.kubeconfig);
    await deployed(world, router('a', '192.168.12.81/24'));
    await actAs.conditions(world, 'a');
    await expose(world.connection, await planExpose(world.connection, named(world), { signal }), quiet);
    await deployed(world, annotated([rule(8080), rule(8443)]));
    const plan = await planExpose(world.connection, named(world), { signal });
    expect(plan.annotation).toBeUndefined();
    expect(plan.items.map((item) => item.kind)).toEqual(['change']);
    await deleteObject(world.connection, kinds.service, named(world), { signal });
    expect((await planExpose(world.connection, named(world), { signal })).annotation).toBe(
      'kept-by-operator',
    );
  });
}

function managersOf({ metadata }: object & { readonly metadata: object }): readonly unknown[] {
  const fields: unknown = 'managedFields' in metadata ? metadata.managedFields : undefined;
  const entries: readonly { readonly manager?: string }[] = Array.isArray(fields) ? fields : [];
  return entries.map(({ manager }) => manager);
}
