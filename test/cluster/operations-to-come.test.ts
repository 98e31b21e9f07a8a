// What a plan says that the reconciler makes of routers: only what is certain.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyObject } from '#cluster/apply.ts';
import { kinds } from '#cluster/kinds.ts';
import { getObject } from '#cluster/objects.ts';
import { deploy, planDeploy } from '#cluster/operations/deploy.ts';
import { operatorFieldManager, routerLabel } from '#core/manifest/names.ts';
import { showClusterNetworkOperator } from './cluster-operator.ts';
import { actAs, installCrds, openWorld, router, signal, type World } from './operations-world.ts';
import { availableTargets, startTarget } from './target.ts';

const quiet = { signal, onProgress: () => undefined, wait: false, timeoutMs: 10_000 };

async function plan({ connection }: World, ...values: readonly object[]) {
  const documents = values.map((value, index) => ({ value, source: `#${index + 1}` }));
  return planDeploy(connection, documents, { signal });
}

/** A line for each router: who acts, what it makes, and after a `-` what it deletes. */
async function toCome(world: World, ...values: readonly object[]): Promise<readonly string[]> {
  const planned = await plan(world, ...values);
  return planned.toCome.map(({ router: { name }, by, made, deleted }) =>
    [`${name} ${by}`, ...made.map(shown), ...deleted.map((object) => `-${shown(object)}`)].join(' '),
  );
}

function shown({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind === kinds.nad.kind ? 'NAD' : kind}/${name}`;
}

async function deployed(world: World, ...values: readonly object[]): Promise<void> {
  await deploy(world.connection, await plan(world, ...values), quiet);
}

function exposed(name: string, expose = 'true') {
  return { ...router(name), metadata: { name, annotations: { 'egress-router-tools/expose': expose } } };
}

const documented =
  'NAD/egress-router-cni-nad ConfigMap/egress-router-cni-config Deployment/egress-router-cni-deployment';
const further = (name: string): string =>
  documented.replaceAll('egress-router-cni-', `egress-router-cni-${name}-`);

for (const kind of availableTargets()) {
  let target: Awaited<ReturnType<typeof startTarget>>;
  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
  });
  afterAll(() => target.close());
  const open = (): Promise<World> => openWorld(target.kubeconfig);

  // First, as the next one leaves traces of our operator.
  test(`${kind}: where nothing tells who acts, nothing is said`, async () => {
    await using world = await open();
    expect(await toCome(world, router('a'))).toEqual([]);
  });

  test(`${kind}: our operator makes objects for each router, and the Service that is asked for`, async () => {
    await using other = await open();
    await deployed(other, router('x'));
    await actAs.conditions(other, 'x');
    await using world = await open();
    expect(await toCome(world, router('a'), exposed('b'))).toEqual([
      `a agent ${documented}`,
      `b agent ${further('b')} Service/b`,
    ]);
    // Which of them is the older one depends on the second in which each is made.
    expect(await toCome(world, exposed('b'), router('a'))).toEqual(['b agent Service/b']);
    await deployed(world, router('a'));
    expect(await toCome(world, router('c'))).toEqual([]);
    await actAs.operator(world, 'a', 'h1');
    expect(await toCome(world, router('a'), router('c'))).toEqual([`c agent ${further('c')}`]);
  });

  test(`${kind}: a Service comes and goes with the annotation`, async () => {
    await using world = await open();
    await deployed(world, router('a'));
    await actAs.conditions(world, 'a');
    expect(await toCome(world, exposed('a'))).toEqual(['a agent Service/a']);
    await deployed(world, exposed('a'));
    expect(await toCome(world, exposed('a'))).toEqual([]);
    const place = { namespace: world.namespace, name: 'a' };
    const {
      apiVersion,
      kind: of,
      metadata,
    } = await getObject(world.connection, kinds.egressRouter, place, signal);
    const owner = { apiVersion, kind: of, name: 'a', uid: metadata.uid ?? '', controller: true };
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...place, labels: { [routerLabel]: 'a' }, ownerReferences: [owner] },
      spec: { selector: { app: 'egress-router-cni' }, ports: [{ port: 8080 }] },
    };
    await applyObject(world.connection, service, { fieldManager: operatorFieldManager, signal });
    expect(await toCome(world, exposed('a', 'false'))).toEqual(['a agent -Service/a']);
  });

  test(`${kind}: what may not be looked at is not certain`, async () => {
    await using world = await open();
    const rules = [
      { apiGroups: ['network.operator.openshift.io'], resources: ['egressrouters'], verbs: ['*'] },
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['list'] },
    ];
    await deployed(world, router('x'));
    await actAs.conditions(world, 'x');
    const connection = await world.connectAs(rules);
    const planned = await plan({ ...world, connection }, router('y'));
    expect([planned.preflight.reconciler, planned.toCome]).toEqual(['agent', []]);
  });

  test(`${kind}: the Cluster Network Operator makes two objects of the only router of a namespace`, async () => {
    await using world = await open();
    await using _ = await showClusterNetworkOperator(world.connection);
    expect(await toCome(world, exposed('a'))).toEqual([
      'a cno NAD/egress-router-cni-nad Deployment/egress-router-cni-deployment',
    ]);
    expect(await toCome(world, router('a'), router('b'))).toEqual([]);
    await deployed(world, router('a'));
    expect(await toCome(world, router('b'))).toEqual([]);
  });
}
