import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeployPlan, DeployResult, Progress } from '#cluster/api.ts';
import { applyObject } from '#cluster/apply.ts';
import { ClusterError } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import { findObject, getObject } from '#cluster/objects.ts';
import { deploy, planDeploy } from '#cluster/operations/deploy.ts';
import { expose, planExpose } from '#cluster/operations/expose.ts';
import { readStatus } from '#cluster/operations/status.ts';
import { planTeardown } from '#cluster/operations/teardown.ts';
import { at } from '#core/json-value.ts';
import { namesOfFurther } from '#core/manifest/router-names.ts';
import type { FindingCode } from '#core/platform/finding.ts';
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

interface Followed {
  readonly said: string[];
  /** What was waited for, each once in a row. */
  readonly parts: string[];
  readonly result: Promise<DeployResult>;
}

async function plan({ connection }: World, ...values: readonly object[]): Promise<DeployPlan> {
  const documents = values.map((value, index) => ({ value, source: `#${index + 1}` }));
  return planDeploy(connection, documents, { signal });
}

function start(
  world: World,
  planned: DeployPlan,
  options: { wait?: boolean; force?: boolean } = {},
): Followed {
  const said: string[] = [];
  const parts: string[] = [];
  const onProgress = ({ message, part }: Progress): void => {
    said.push(message);
    if (part !== undefined && parts.at(-1) !== part) parts.push(part);
  };
  const result = deploy(world.connection, planned, {
    signal,
    onProgress,
    wait: true,
    timeoutMs: 30_000,
    ...options,
  });
  result.catch(() => undefined); // Looked at by the test, later.
  return { said, parts, result };
}

function outcomes({ routers }: DeployResult) {
  return routers.map(({ object, outcome }) => [object.name, outcome.kind]);
}

/** What preflight says of the routers of a plan, but for what is as it should be. */
function findingsOf({ preflight }: DeployPlan, ...codes: readonly FindingCode[]) {
  return preflight.routers.flatMap(({ router: { name }, findings }) =>
    findings
      .filter(({ code, verdict }) => codes.includes(code) && verdict !== 'ok')
      .map(({ code, verdict, message }) => [name, code, verdict, message]),
  );
}

const quiet = { signal, onProgress: () => undefined, wait: true, timeoutMs: 10_000 };

for (const kind of availableTargets()) {
  let target: Awaited<ReturnType<typeof startTarget>>;
  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
  });
  afterAll(() => target.close());
  const open = (): Promise<World> => openWorld(target.kubeconfig);

  // First, as those below leave traces of an operator that can have many.
  test(`${kind}: what may be made and not be looked at is applied, and not followed`, async () => {
    await using world = await openWorld(target.kubeconfig);
    const connection = await world.connectAs([
      { apiGroups: ['*'], resources: ['egressrouters'], verbs: ['get', 'create', 'patch'] },
    ]);
    const { result } = start({ ...world, connection }, await plan({ ...world, connection }, router('a')));
    expect((await result).routers.map(({ outcome }) => outcome)).toEqual([
      { kind: 'unfollowed', message: expect.stringMatching(/You lack "list egressrouters/) },
    ]);
  });

  test(`${kind}: a plan warns of a second router in the namespace`, async () => {
    await using world = await open();
    await start(world, await plan(world, router('a', '192.168.12.71/24')), { wait: false }).result;
    const second = async (...values: readonly object[]) =>
      findingsOf(await plan(world, ...values), 'second-router');
    const [a, b] = [router('a', '192.168.12.71/24'), router('b', '192.168.12.72/24')];
    expect(await second(a)).toEqual([]);
    expect(await second(b)).toEqual([
      ['b', 'second-router', 'warning', expect.stringContaining('has a as well')],
    ]);
    expect(await second(a, b)).toEqual([
      ['a', 'second-router', 'warning', expect.stringContaining('has b as well')],
      ['b', 'second-router', 'warning', expect.stringContaining('has a as well')],
    ]);
  });

  test(`${kind}: a router is followed from nothing until it is up`, async () => {
    await using world = await open();
    const planned = await plan(world, router('a'));
    expect(planned.items.map((item) => item.kind)).toEqual(['create']);
    const { said, parts, result } = start(world, planned);
    await until(() => said.includes('Waiting for the operator to act on it.'));
    await actAs.operator(world, 'a', 'h1');
    await until(() => said.some((line) => line.startsWith('Waiting for the pod')));
    const pod = await actAs.replicaSet(world, 'h1');
    await until(() => said.some((line) => line.includes('waiting for its interface')));
    await actAs.multus(world, pod, '192.168.12.99');
    await until(() => said.some((line) => line.includes('waiting for it to be ready')));
    await actAs.kubelet(world, pod);
    expect(outcomes(await result)).toEqual([['a', 'ready']]);
    expect(said.at(-1)).toBe(`Up. Pod ${pod.metadata.name} has 192.168.12.99.`);
    // Where both come at once, only the second is waited for.
    expect(parts.filter((part) => part !== 'Deployment')).toEqual(['NAD', 'pod', 'interface']);
    const { routers } = await readStatus(world.connection, { namespace: world.namespace }, signal);
    expect(routers.map(({ name, state }) => [name, state.kind])).toEqual([['a', 'ready']]);
    const again = await plan(world, router('a'));
    expect(again.items.map((item) => item.kind)).toEqual(['unchanged']);
  });

  test(`${kind}: the router of a moment ago is no success of a change`, async () => {
    await using world = await open();
    await start(world, await plan(world, router('a')), { wait: false }).result;
    await actAs.operator(world, 'a', 'h1');
    const old = await actAs.replicaSet(world, 'h1');
    await actAs.multus(world, old, '192.168.12.99');
    await actAs.kubelet(world, old);
    const planned = await plan(world, router('a', '192.168.12.98/24', [rule(8081)]));
    expect(planned.items).toMatchObject([
      {
        kind: 'change',
        changes: [
          { path: ['spec', 'addresses', 0, 'ip'], before: '192.168.12.99/24', after: '192.168.12.98/24' },
          { path: ['spec', 'redirect', 'redirectRules[8080/TCP]', 'port'], before: 8080, after: 8081 },
        ],
      },
    ]);
    const { said, result } = start(world, planned);
    await until(() => said.includes('Waiting for the operator to take up the change.'));
    await actAs.operator(world, 'a', 'h2');
    const pod = await actAs.replicaSet(world, 'h2');
    await actAs.multus(world, pod, '192.168.12.98');
    await actAs.kubelet(world, pod);
    expect(outcomes(await result)).toEqual([['a', 'ready']]);
  });

  test(`${kind}: changed rules are waited for, and no new pod`, async () => {
    await using world = await open();
    await start(world, await plan(world, router('a')), { wait: false }).result;
    await actAs.operator(world, 'a', 'h1');
    const pod = await actAs.replicaSet(world, 'h1');
    await actAs.multus(world, pod, '192.168.12.99');
    await actAs.kubelet(world, pod);
    const { said, result } = start(world, await plan(world, router('a', '192.168.12.99/24', [rule(8081)])));
    await until(() => said.includes('The operator has not taken up the last change yet.'));
    await actAs.operator(world, 'a', 'h1');
    // What the operator tells of the rules comes when it has asked the pod.
    await until(() => said.some((line) => line.startsWith('Waiting for the operator to ask the pod')));
    const pending = 'The pod still redirects by earlier rules.';
    await actAs.conditions(world, 'a', undefined, pending);
    await until(() => said.includes(pending));
    await actAs.conditions(world, 'a');
    // These conditions are as those of an earlier version, which give no account.
    expect((await result).routers[0]?.outcome).toEqual({
      kind: 'ready',
      message: expect.stringMatching(/^This version of the operator does not tell which change it has seen/),
    });
    expect(said.at(-1)).toBe(`Up. Pod ${pod.metadata.name} has 192.168.12.99.`);
  });

  test(`${kind}: rules that the pod of the Cluster Network Operator does not take up end the deploy`, async () => {
    await using world = await open();
    await start(world, await plan(world, router('a')), { wait: false }).result;
    await actAs.cno(world, 'a');
    const pod = await actAs.replicaSet(world, 'h1');
    await actAs.multus(world, pod, '192.168.12.99');
    await actAs.kubelet(world, pod);
    const attachedAtMs = Date.now();
    // The API server tells times by the second.
    await until(() => Date.now() > attachedAtMs + 1_100);
    const { said, result } = start(world, await plan(world, router('a', '192.168.12.99/24', [rule(8081)])));
    await until(() => said.some((line) => line.includes('has not taken up the last change yet')));
    await actAs.cno(world, 'a');
    expect((await result).routers[0]?.outcome).toEqual({
      kind: 'stale-rules',
      message: expect.stringMatching(/^Pod .*: older than its rules, .* restart the router\.$/),
    });
  });

  test(`${kind}: the reason of the plugin ends the deploy`, async () => {
    await using world = await open();
    const { result } = start(world, await plan(world, router('a')));
    await until(async () => (await getOrNothing(world, 'a')) !== undefined);
    await actAs.operator(world, 'a', 'h1');
    const pod = await actAs.replicaSet(world, 'h1');
    await actAs.cniFailure(world, pod, 'failed (add): [x/y:z]: The node has no interface "ens9".');
    const { routers } = await result;
    expect(routers[0]?.outcome).toEqual({
      kind: 'failed',
      reason: 'refused',
      message: `EgressRouter ${world.namespace}/a does not come up. Pod ${pod.metadata.name}: The node has no interface "ens9".`,
    });
  });

  test(`${kind}: a fault that the operator clears is no failure`, async () => {
    await using world = await open();
    const { said, result } = start(world, await plan(world, router('a')));
    await until(async () => (await getOrNothing(world, 'a')) !== undefined);
    await actAs.conditions(world, 'a', 'Something is in the way.');
    await until(() => said.includes('Something is in the way.'));
    await actAs.operator(world, 'a', 'h1');
    await actAs.conditions(world, 'a');
    const pod = await actAs.replicaSet(world, 'h1');
    await actAs.multus(world, pod, '192.168.12.99');
    await actAs.kubelet(world, pod);
    expect(outcomes(await result)).toEqual([['a', 'ready']]);
  });

  test(`${kind}: waiting ends at the deadline and when canceled`, async () => {
    await using world = await open();
    const planned = await plan(world, router('a'));
    const late = await deploy(world.connection, planned, { ...quiet, timeoutMs: 500 });
    expect(late.routers[0]?.outcome).toMatchObject({
      reason: 'timed-out',
      message: `EgressRouter ${world.namespace}/a is not up after 0.5 s. Nothing has acted on this EgressRouter yet. Preflight tells whether anything here does.`,
    });
    const canceled = deploy(world.connection, planned, { ...quiet, signal: AbortSignal.timeout(500) });
    await expect(canceled).rejects.toMatchObject({ reason: 'canceled' });
  });

  test(`${kind}: a plan changes nothing`, async () => {
    await using world = await open();
    await plan(world, router('a'));
    expect(await getOrNothing(world, 'a')).toBeUndefined();
  });

  test(`${kind}: a second router is welcome where our operator acts, and is followed and exposed as the first`, async () => {
    await using world = await open();
    await start(world, await plan(world, router('a', '192.168.12.74/24')), { wait: false }).result;
    await actAs.operator(world, 'a', 'h1');
    await actAs.conditions(world, 'a');
    const planned = await plan(world, router('b', '192.168.12.75/24'));
    expect(findingsOf(planned, 'second-router')).toEqual([
      ['b', 'second-router', 'information', expect.stringContaining('objects of its own')],
    ]);
    const { result } = start(world, planned);
    await until(async () => (await getOrNothing(world, 'b')) !== undefined);
    const names = namesOfFurther('b');
    await actAs.operator(world, 'b', 'h1', names);
    const pod = await actAs.replicaSet(world, 'h1', names);
    await actAs.multus(world, pod, '192.168.12.75');
    await actAs.kubelet(world, pod);
    expect((await result).routers[0]?.outcome).toEqual({ kind: 'ready' });
    for (const [name, app] of [
      ['a', 'egress-router-cni'],
      ['b', 'egress-router-cni-b-deployment'],
    ] as const) {
      await expose(
        world.connection,
        await planExpose(world.connection, named(world, name), { signal }),
        quiet,
      );
      const service = await getObject(world.connection, kinds.service, named(world, name), signal);
      expect(at(service, 'spec', 'selector')).toEqual({ app });
      const { routers } = await readStatus(world.connection, named(world, name), signal);
      expect(routers.map((view) => view.services.map((one) => one.name))).toEqual([[name]]);
      const doomed = await planTeardown(world.connection, named(world, name), signal);
      expect(doomed.stays).toEqual([]);
      expect(doomed.objects.map((object) => object.kind).toSorted()).toEqual(
        ['Deployment', 'EgressRouter', 'NetworkAttachmentDefinition', 'Service']
          .concat(name === 'b' ? ['Pod', 'ReplicaSet'] : [])
          .toSorted(),
      );
    }
  });

  test(`${kind}: a plan tells of an address that another router has`, async () => {
    await using world = await open();
    await using elsewhere = await open();
    await start(elsewhere, await plan(elsewhere, router('a', '192.168.12.73/24')), { wait: false }).result;
    const [found] = findingsOf(await plan(world, router('b', '192.168.12.73/25')), 'address');
    expect(found).toEqual([
      'b',
      'address',
      'error',
      expect.stringContaining(`EgressRouter ${elsewhere.namespace}/a has it`),
    ]);
    const own = { apiGroups: ['network.operator.openshift.io'], resources: ['egressrouters'], verbs: ['*'] };
    const connection = await world.connectAs([own]);
    expect(
      findingsOf(await plan({ ...world, connection }, router('b', '192.168.12.73/25')), 'address'),
    ).toEqual([
      ['b', 'address', 'information', expect.stringContaining('you may not see egressrouters of other')],
    ]);
  });

  test(`${kind}: a document with errors keeps all from being deployed`, async () => {
    await using world = await open();
    const planned = await plan(world, router('a'), router('b', '192.168.12.99'), { kind: 'Pod' });
    expect(planned).toMatchObject({
      items: [],
      refused: [{ source: '#2' }],
      skipped: [{ source: '#3', kind: 'Pod' }],
    });
    await expect(start(world, planned).result).rejects.toMatchObject({ reason: 'refused' });
  });

  test(`${kind}: fields of another manager are only taken over by force`, async () => {
    await using world = await open();
    const theirs = router('a', '192.168.12.98/24');
    await applyObject(world.connection, theirs, { fieldManager: 'gitops', signal });
    const planned = await plan(world, router('a'));
    expect(planned.items).toMatchObject([
      {
        kind: 'conflict',
        conflicts: [{ manager: 'gitops', field: '.spec.addresses' }],
        taken: {
          changes: [
            { path: ['spec', 'addresses', 0, 'ip'], before: '192.168.12.98/24', after: '192.168.12.99/24' },
          ],
        },
      },
    ]);
    const refused = start(world, planned, { wait: false }).result;
    await expect(refused).rejects.toSatisfy((error) => ClusterError.is(error, 'conflict'));
    const labeled = { ...theirs, metadata: { name: 'a', labels: { team: 'blue' } } };
    await applyObject(world.connection, labeled, { fieldManager: 'gitops', signal });
    const wanted = { ...router('a'), metadata: { name: 'a', labels: { team: 'red' } } };
    const other = await plan(world, wanted);
    const agreedBefore = { ...other, items: planned.items.map((item) => ({ ...item, wanted })) };
    await expect(start(world, agreedBefore, { wait: false, force: true }).result).rejects.toMatchObject({
      reason: 'conflict',
      conflicts: [{ manager: 'gitops', field: '.metadata.labels.team' }],
    });
    await start(world, planned, { wait: false, force: true }).result;
    const live = await getObject(world.connection, kinds.egressRouter, named(world, 'a'), signal);
    expect(live['spec']).toMatchObject({ addresses: [{ ip: '192.168.12.99/24' }] });
  });

  test(`${kind}: what the CRD refuses is told in its words`, async () => {
    await using world = await open();
    const object = { ...router('a'), spec: { ...router('a').spec, mode: 'Proxy' } };
    const applied = applyObject(world.connection, object, { fieldManager: 'x', signal });
    await expect(applied).rejects.toMatchObject({
      reason: 'invalid',
      message: expect.stringContaining('spec.mode'),
    });
  });
}

function named({ namespace }: World, name: string): { readonly namespace: string; readonly name: string } {
  return { namespace, name };
}

function getOrNothing(world: World, name: string) {
  return findObject(world.connection, kinds.egressRouter, named(world, name), signal);
}
