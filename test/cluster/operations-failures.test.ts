import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyObject } from '#cluster/apply.ts';
import { type Connection, connect } from '#cluster/connect.ts';
import { ClusterError } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import { deleteObject, listObjects, patchObject } from '#cluster/objects.ts';
import { planDeploy } from '#cluster/operations/deploy.ts';
import { planExpose } from '#cluster/operations/expose.ts';
import { followStored } from '#cluster/operations/follow.ts';
import { preflight } from '#cluster/operations/preflight.ts';
import { readStatus } from '#cluster/operations/status.ts';
import { planTeardown } from '#cluster/operations/teardown.ts';
import { withAccount } from '#core/egress-router/account.ts';
import { startApi } from '#sandbox/api/start.ts';
import { openDoor } from './door.ts';
import { installCrds, openWorld, router, signal, until, type World } from './operations-world.ts';
import { availableTargets, startTarget } from './target.ts';
import { watchStates } from './watch-states.ts';

const group = ['network.operator.openshift.io'];
const readOnly = [{ apiGroups: group, resources: ['egressrouters'], verbs: ['get', 'list', 'watch'] }];

async function checkPlan(connection: Connection, reason: string, message: RegExp, namespace?: string) {
  const documents = [{ value: router('a'), source: 'a.yaml' }];
  const planned = planDeploy(
    connection,
    documents,
    namespace === undefined ? { signal } : { namespace, signal },
  );
  const error: unknown = await planned.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(ClusterError.is(error)).toBe(true);
  expect(error).toMatchObject({ reason, message: expect.stringMatching(message) });
}

/** Every other thing a person may ask for, of a router `a`. */
function asks(connection: Connection): Readonly<Record<string, () => Promise<unknown>>> {
  const router = { namespace: connection.namespace, name: 'a' };
  return {
    expose: () => planExpose(connection, router, { signal }),
    teardown: () => planTeardown(connection, router, signal),
    'status of all': () => readStatus(connection, {}, signal),
    'status of one': () => readStatus(connection, router, signal),
  };
}

async function checkAsks(connection: Connection, reason: string, messages: Readonly<Record<string, RegExp>>) {
  const all = asks(connection);
  expect(Object.keys(messages)).toEqual(Object.keys(all));
  for (const [name, ask] of Object.entries(all)) {
    const message: unknown = expect.stringMatching(messages[name] ?? '');
    await expect(ask(), name).rejects.toMatchObject({ reason, message });
  }
}

for (const kind of availableTargets()) {
  let target: Awaited<ReturnType<typeof startTarget>>;
  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
  });
  afterAll(() => target.close());
  const open = (): Promise<World> => openWorld(target.kubeconfig);

  test(`${kind}: no permission`, async () => {
    await using world = await open();
    await checkPlan(
      await world.connectAs(readOnly),
      'forbidden',
      /^Cannot apply EgressRouter ops-.*\/a: 403\. You lack "(patch|create) egressrouters\.network\.operator\.openshift\.io" in namespace ops-/,
    );
  });

  test(`${kind}: no permission for anything`, async () => {
    await using world = await open();
    const connection = await world.connectAs([]);
    const lack = (verb: string) =>
      new RegExp(
        `: 403\\. You lack "${verb} egressrouters\\.network\\.operator\\.openshift\\.io" in namespace ${world.namespace}\\. Ask for a role that grants it, or switch context\\.$`,
      );
    await checkAsks(connection, 'forbidden', {
      expose: lack('get'),
      teardown: lack('get'),
      'status of all': new RegExp(
        `cluster-wide\\..* Nor may you list them in namespaces? .*${world.namespace}\\.$`,
      ),
      'status of one': lack('list'),
    });
    const { states, last, watch } = watchStates(connection);
    await until(() => states.length === 2);
    expect(states).toEqual(['connecting', 'unreachable: forbidden']);
    expect(last()?.connection).toMatchObject({ message: expect.stringMatching(lack('list')) });
    watch.close();
    const { findings } = await preflight(
      connection,
      { kind: 'namespace', namespace: world.namespace },
      { signal },
    );
    expect(Object.fromEntries(findings.map(({ code, verdict }) => [code, verdict]))).toEqual({
      crd: 'warning',
      multus: 'warning',
      reconciler: 'information',
      permissions: 'error',
      platform: 'information',
      'pod-security': 'information',
    });
    expect(findings[0]?.message).toMatch(/^You may see neither EgressRouters nor .*Ask for a role/);
  });

  test(`${kind}: a router may be changed, but not the Service`, async () => {
    await using world = await open();
    await applyObject(world.connection, router('a'), { fieldManager: 'x', signal });
    const planned = planExpose(
      await world.connectAs(readOnly),
      { namespace: world.namespace, name: 'a' },
      { signal },
    );
    await expect(planned).rejects.toMatchObject({
      reason: 'forbidden',
      message: expect.stringMatching(
        /^Cannot (get|apply) Service ops-.*\/a: 403\. You lack "(get|patch|create) services" in namespace ops-/,
      ),
    });
  });

  test(`${kind}: an expired login`, async () => {
    await using world = await open();
    const file = await world.kubeconfig(({ users }) => {
      for (const entry of users) entry.user = { token: 'no-longer-good' };
    });
    const connection = connect({ kubeconfigPaths: [file], allowExec: false });
    const again =
      /^Cannot .*: 401\. The login is missing, wrong or has expired\. Log in to the cluster again, then try again\.$/;
    await checkPlan(connection, 'unauthorized', again);
    await checkAsks(connection, 'unauthorized', {
      expose: again,
      teardown: again,
      'status of all': again,
      'status of one': again,
    });
    await expect(preflight(connection, { kind: 'namespace' }, { signal })).rejects.toMatchObject({
      reason: 'unauthorized',
    });
    const { states, watch } = watchStates(connection);
    await until(() => states.length === 2);
    expect(states).toEqual(['connecting', 'unreachable: unauthorized']);
    watch.close();
    connection.close();
  });

  test(`${kind}: a namespace that does not exist`, async () => {
    await using world = await open();
    await checkPlan(
      world.connection,
      'not-found',
      /namespace "no-such-place" does not exist\. Create it first\./,
      'no-such-place',
    );
  });

  test(`${kind}: a certificate that is not trusted`, async () => {
    await using world = await open();
    const file = await world.kubeconfig(({ clusters }) => {
      for (const { cluster } of clusters) {
        delete cluster['certificate-authority-data'];
        delete cluster['certificate-authority'];
      }
    });
    const connection = connect({ kubeconfigPaths: [file], allowExec: false });
    await checkPlan(connection, 'tls', /^The certificate of https:.* is not trusted/);
    connection.close();
  });

  test(`${kind}: a cluster that goes away and comes back, and a connection that is cut`, async () => {
    await using world = await open();
    await using door = await openDoor(world.connection.server);
    const file = await world.kubeconfig(({ clusters }) => {
      for (const { cluster } of clusters) cluster['server'] = `https://127.0.0.1:${door.port}`;
    });
    const connection = connect({ kubeconfigPaths: [file], namespace: world.namespace, allowExec: false });
    const { states, names, watch } = watchStates(connection);
    await until(() => states.at(-1) === 'live');
    const options = { fieldManager: 'x', signal };
    door.slam();
    await applyObject(world.connection, router('after-the-cut'), options);
    await until(() => names().includes('after-the-cut'));
    expect(states).toEqual(['connecting', 'live']);
    await door.close();
    await until(() => states.length === 3);
    await checkPlan(connection, 'unreachable', /^Cannot reach the cluster at https:.*nothing listens there/);
    await applyObject(world.connection, router('while-away'), options);
    const place = { namespace: world.namespace, name: 'after-the-cut' };
    await deleteObject(world.connection, kinds.egressRouter, place, { signal });
    expect(names()).toContain('after-the-cut');
    await door.reopen();
    await until(() => names().includes('while-away') && !names().includes('after-the-cut'));
    expect(states).toEqual(['connecting', 'live', 'unreachable: unreachable', 'live']);
    watch.close();
    connection.close();
  });

  test(`${kind}: who may not see all namespaces sees the own one`, async () => {
    await using world = await open();
    await applyObject(world.connection, router('mine'), { fieldManager: 'x', signal });
    const connection = await world.connectAs(readOnly);
    const status = await readStatus(connection, {}, signal);
    expect(status.routers.map(({ name }) => name)).toEqual(['mine']);
    expect(status.scope).toEqual({ kind: 'namespaces', namespaces: [world.namespace] });
    expect(status.routers[0]?.mayNotSee).toContain('Deployments');
    const { names, last, watch } = watchStates(connection);
    await until(() => names().length > 0);
    expect(names()).toEqual(['mine']);
    expect(last()?.scope).toEqual({ kind: 'namespaces', namespaces: [world.namespace] });
    watch.close();
  });

  test(`${kind}: who may see the router alone is told that nobody says of which change its conditions speak`, async () => {
    await using world = await open();
    const live = await applyObject(world.connection, router('mine'), { fieldManager: 'x', signal });
    const place = { namespace: world.namespace, name: 'mine' };
    const follow = async () =>
      followStored(await world.connectAs(readOnly), place, {
        signal,
        onProgress: () => undefined,
        timeoutMs: 30_000,
      });
    const status = (conditions: readonly object[]) =>
      patchObject(
        world.connection,
        kinds.egressRouter,
        { ...place, subresource: 'status' },
        { status: { conditions } },
        signal,
      );
    const lastTransitionTime = '2026-01-01T00:00:00Z';
    const up = [
      { type: 'Available', status: 'True', lastTransitionTime, reason: 'PodReady', message: '' },
      { type: 'Progressing', status: 'False', lastTransitionTime, reason: 'Settled', message: '' },
      { type: 'Degraded', status: 'False', lastTransitionTime, reason: 'AsExpected', message: '' },
    ] as const;
    await status(up);
    expect(await follow()).toEqual({
      kind: 'ready',
      message: expect.stringMatching(/may not be in force yet/),
    });
    await status(withAccount(up, live));
    expect(await follow()).toEqual({ kind: 'ready' });
  });

  test(`${kind}: preflight of an administrator and of somebody with few rights`, async () => {
    await using world = await open();
    const verdicts = async (connection: Connection) => {
      const { findings } = await preflight(
        connection,
        { kind: 'namespace', namespace: world.namespace },
        { signal },
      );
      return Object.fromEntries(findings.map(({ code, verdict }) => [code, verdict]));
    };
    expect(await verdicts(world.connection)).toMatchObject({ crd: 'ok', multus: 'ok', permissions: 'ok' });
    expect(await verdicts(await world.connectAs(readOnly))).toMatchObject({
      crd: 'ok',
      permissions: 'error',
    });
  });

  test(`${kind}: the status of a namespace that does not exist, and of one that may not be read`, async () => {
    await using world = await open();
    const status = (connection: Connection, namespace: string) =>
      readStatus(connection, { namespace }, signal).then(({ routers }) => routers);
    await expect(status(world.connection, 'nowhere')).rejects.toMatchObject({
      reason: 'not-found',
      message: expect.stringMatching(/^Namespace nowhere does not exist in the cluster of context \S+\. /),
    });
    expect(await status(world.connection, world.namespace)).toEqual([]);
    const connection = await world.connectAs(readOnly);
    expect(await status(connection, world.namespace)).toEqual([]);
  });

  test(`${kind}: the status of a router that does not exist`, async () => {
    await using world = await open();
    const status = readStatus(world.connection, { namespace: world.namespace, name: 'none' }, signal);
    await expect(status).rejects.toMatchObject({
      reason: 'not-found',
      message: `There is no EgressRouter none in namespace ${world.namespace}. List them all without a name.`,
    });
  });
}

for (const kind of availableTargets()) {
  test(`${kind}: a cluster without the CRDs`, async () => {
    const target = await startTarget(kind);
    try {
      await using world = await openWorld(target.kubeconfig);
      await installCrds(target.kubeconfig);
      const { states, watch } = watchStates(world.connection);
      await until(() => states.at(-1) === 'live');
      const { objects } = await listObjects(world.connection, kinds.crd, { signal });
      for (const { metadata } of objects) {
        await deleteObject(world.connection, kinds.crd, { name: metadata.name }, { signal });
      }
      // Whoever has been watching is told, too.
      await until(() => states.at(-1) === 'unreachable: crd-missing');
      await checkPlan(
        world.connection,
        'crd-missing',
        /this cluster does not serve EgressRouter .*egress-router install/,
      );
      const missing =
        /^Cannot (get|list) .*: this cluster does not serve EgressRouter \(network\.operator\.openshift\.io\/v1\)\. OKD and OpenShift .* egress-router install\. Or switch to a cluster that has it\.$/;
      await checkAsks(world.connection, 'crd-missing', {
        expose: missing,
        teardown: missing,
        'status of all': missing,
        'status of one': missing,
      });
      const { findings } = await preflight(
        world.connection,
        { kind: 'namespace', namespace: world.namespace },
        { signal },
      );
      expect(findings[0]?.message).toBe(
        'The cluster does not know EgressRouters: there is no CustomResourceDefinition egressrouters.network.operator.openshift.io. OKD and OpenShift bring it with their network operator; elsewhere install the agent: egress-router install. Or switch to a cluster that has it.',
      );
      expect(findings.filter(({ verdict }) => verdict === 'error').map(({ code }) => code)).toEqual([
        'crd',
        'multus',
      ]);
      await installCrds(target.kubeconfig);
      await until(() => states.at(-1) === 'live');
      watch.close();
    } finally {
      await target.close();
    }
  });
}

test('a watch that has missed more than the server remembers (410) shows what is, not what was', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ert-forgetful-'));
  const api = await startApi({ host: '127.0.0.1', dir: folder, historyLimit: 5 });
  const kubeconfig = path.join(folder, 'kubeconfig');
  await writeFile(kubeconfig, await api.kubeconfigFor({ kind: 'admin' }));
  await installCrds(kubeconfig);
  await using world = await openWorld(kubeconfig);
  await using door = await openDoor(world.connection.server);
  const file = await world.kubeconfig(({ clusters }) => {
    for (const { cluster } of clusters) cluster['server'] = `https://127.0.0.1:${door.port}`;
  });
  const connection = connect({ kubeconfigPaths: [file], namespace: world.namespace, allowExec: false });
  const options = { fieldManager: 'x', signal };
  await applyObject(world.connection, router('old'), options);
  const { states, names, watch } = watchStates(connection);
  await until(() => names().includes('old'));
  await door.close();
  const place = { namespace: world.namespace, name: 'old' };
  await deleteObject(world.connection, kinds.egressRouter, place, { signal });
  for (let count = 0; count < 10; count++) {
    await applyObject(world.connection, router(`new-${count}`), options);
  }
  await door.reopen();
  await until(() => names().length === 10);
  expect(names()).not.toContain('old');
  expect(states.at(-1)).toBe('live');
  watch.close();
  connection.close();
  await api.close();
  await rm(folder, { recursive: true });
});
