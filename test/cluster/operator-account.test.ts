import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterWorld } from '#agent/operator/cluster-world.ts';
import type { RouterOutcome } from '#cluster/api.ts';
import { applyObject } from '#cluster/apply.ts';
import { kinds } from '#cluster/kinds.ts';
import { deleteObject, patchObject } from '#cluster/objects.ts';
import { deploy, planDeploy } from '#cluster/operations/deploy.ts';
import { followStored } from '#cluster/operations/follow.ts';
import { readStatus } from '#cluster/operations/status.ts';
import { textAt } from '#core/json-value.ts';
import { configHashAnnotation, configMapName, deploymentName } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { runOnce } from './command-line.ts';
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
import { find, operatorKubeconfig, type RunningOperator, startOperator } from './operator-process.ts';
import { availableTargets, startTarget, type Target } from './target.ts';

/** The built operator, which can be stopped at any time, and pods that say what the test has them say. */
describe.each(availableTargets())('what is in force, with the operator on the %s API', (kind) => {
  let target: Target;
  let first: World;
  let kubeconfig: string;
  let folder: string;
  let operator: RunningOperator | undefined;
  /** What each pod answers, by its address; without an entry it cannot be reached. */
  const answers = new Map<string, string>();
  const asked: string[] = [];
  const pods = createServer(({ url = '' }, response) => {
    const { hostname } = new URL(url);
    asked.push(hostname);
    const digest = answers.get(hostname);
    response.writeHead(digest === undefined ? 502 : 200).end(JSON.stringify({ ready: true, digest }));
  });

  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
    first = await openWorld(target.kubeconfig);
    kubeconfig = await operatorKubeconfig(first);
    folder = await mkdtemp(path.join(tmpdir(), 'ert-account-'));
    pods.listen(path.join(folder, 'pods.sock'));
    await once(pods, 'listening');
    start();
  });

  afterAll(async () => {
    await stop();
    pods.close();
    pods.closeAllConnections();
    await first[Symbol.asyncDispose]();
    await target.close();
    await rm(folder, { recursive: true });
  });

  function start(): void {
    operator = startOperator(kubeconfig, `--ask-pods=${path.join(folder, 'pods.sock')}`);
  }

  async function stop(): Promise<void> {
    await operator?.stop();
    operator = undefined;
  }

  test('a change is done when the operator says that the pod has it, and not before', async () => {
    await using world = await openWorld(target.kubeconfig);
    const pod = await bringUp(world, '10.0.0.1', answers);
    const digest = async () => digestOf(await find(world, kinds.configMap, configMapName));
    expect(await following(world).outcome).toEqual({ kind: 'ready' });

    await stop();
    const late = await deploying(world, router('a', undefined, [rule(8081)]), 2_000);
    expect(await late.outcome).toMatchObject({
      kind: 'failed',
      reason: 'timed-out',
      message: expect.stringMatching(
        /is not up after 2 s\. The operator has not seen the last change yet: see whether it runs,/,
      ),
    });
    expect(await stateOf(world)).toEqual({
      kind: 'progressing',
      message: 'The operator has not taken up the last change yet.',
    });

    // Nothing is left to change, and all the same it is not in force.
    const { said, outcome } = await deploying(world, router('a', undefined, [rule(8081)]));
    await until(() => said.includes('The operator has not taken up the last change yet.'));
    start();
    await until(() => said.some((line) => line.startsWith('The pod is taking up the changed rules, ')));
    answers.set('10.0.0.1', await digest());
    expect(await outcome).toEqual({ kind: 'ready' });
    expect(said.at(-1)).toBe(`Up. Pod ${pod.metadata.name} has 192.168.12.99.`);
    expect(await planned(world, router('a', undefined, [rule(8081)]))).toMatchObject([{ kind: 'unchanged' }]);
  });

  test('of an address that somebody takes back at once, no other pod is waited for', async () => {
    await using world = await openWorld(target.kubeconfig);
    await bringUp(world, '10.0.0.9', answers);
    await stop();
    const { said, outcome } = await deploying(world, router('a', '192.168.12.98/24'));
    await until(() => said.includes('Waiting for the operator to take up the change.'));
    const place = { namespace: world.namespace, name: 'a' };
    await patchObject(world.connection, kinds.egressRouter, place, { spec: router('a').spec }, signal);
    start();
    expect(await outcome).toEqual({ kind: 'ready' });
  });

  test('status waits for the same, and tells by its exit code whether it has seen it', async () => {
    await using world = await openWorld(target.kubeconfig);
    const status = (...args: readonly string[]) =>
      runOnce(folder, ['status', 'a', '-n', world.namespace, ...args], { kubeconfig: target.kubeconfig });
    await bringUp(world, '10.0.0.7', answers);
    expect(await status('--wait', '--timeout', '0')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/ ready /),
    });
    expect(await status('--wait')).toMatchObject({ code: 0, out: expect.stringMatching(/ ready /) });
    await stop();
    await patchObject(
      world.connection,
      kinds.egressRouter,
      { namespace: world.namespace, name: 'a' },
      { spec: { redirect: { redirectRules: [rule(8081)] } } },
      signal,
    );
    expect(await status('--wait', '--timeout', '1s')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/ progressing .*The operator has not taken up the last change yet\./),
      err: expect.stringMatching(/is not up after 1 s\. The operator has not seen the last change yet/),
    });
    expect(await status('--wait', '--timeout', '0')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/is not up\. The operator has not seen the last change yet/),
    });
    expect(await status()).toMatchObject({ code: 1 });
    const waiting = status('--wait');
    start();
    const before = answers.get('10.0.0.7');
    await until(async () => {
      const digest = digestOf(await find(world, kinds.configMap, configMapName));
      answers.set('10.0.0.7', digest);
      return digest !== before;
    });
    expect(await waiting).toEqual({
      code: 0,
      out: expect.stringMatching(/ ready /),
      err: expect.any(String),
    });
  });

  test('an annotation counts as the spec does, though it moves no generation', async () => {
    await using world = await openWorld(target.kubeconfig);
    await bringUp(world, '10.0.0.2', answers);
    expect(await following(world).outcome).toEqual({ kind: 'ready' });
    await stop();
    const annotated = router('a');
    const annotations = { 'egress-router-tools/expose': 'true' };
    const { said, outcome } = await deploying(world, {
      ...annotated,
      metadata: { ...annotated.metadata, annotations },
    });
    await until(() => said.includes('The operator has yet to tell what became of the last change.'));
    expect(await find(world, kinds.service, 'a')).toBeUndefined();
    start();
    expect(await outcome).toEqual({ kind: 'ready' });
    expect(await find(world, kinds.service, 'a')).toBeDefined();
  });

  test('a Service that somebody else made ends the waiting, and the router is said to be up', async () => {
    await using world = await openWorld(target.kubeconfig);
    const { connection, namespace } = world;
    await bringUp(world, '10.0.0.8', answers);
    expect(await following(world).outcome).toEqual({ kind: 'ready' });
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a', namespace },
      spec: { ports: [{ port: 80 }] },
    };
    await applyObject(connection, service, { fieldManager: 'test', force: true, signal });
    const annotations = { 'egress-router-tools/expose': 'true' };
    const patch = { metadata: { annotations } };
    await patchObject(connection, kinds.egressRouter, { namespace, name: 'a' }, patch, signal);
    expect(await following(world).outcome).toEqual({
      kind: 'failed',
      reason: 'refused',
      message: `EgressRouter ${namespace}/a is up, but not all of it is as asked. Service ${namespace}/a exists already and is not the operator's, so it stays as it is. Delete it, or take the annotation egress-router-tools/expose off this router.`,
    });
  });

  test('of a pod that cannot be reached it is said that nobody knows', async () => {
    await using world = await openWorld(target.kubeconfig);
    await bringUp(world, '10.0.0.3');
    const doubt = {
      kind: 'ready',
      message: expect.stringMatching(
        /^The pod carries the present spec, but cannot be asked for its rules: /,
      ),
    };
    expect(await following(world).outcome).toEqual(doubt);
    const { outcome } = await deploying(world, router('a', undefined, [rule(8081)]));
    expect(await outcome).toEqual(doubt);
    expect(await stateOf(world)).toEqual(doubt);
  });

  test('a spec that the operator refuses is refused by its generation, at once', async () => {
    await using world = await openWorld(target.kubeconfig);
    await bringUp(world, '10.0.0.4', answers);
    expect(await following(world).outcome).toEqual({ kind: 'ready' });
    const broken = router('a');
    const addresses = [{ ip: '192.168.12.99/24', gateway: '10.0.0.1' }];
    await applyObject(
      world.connection,
      {
        ...broken,
        metadata: { name: 'a', namespace: world.namespace },
        spec: { ...broken.spec, addresses },
      },
      { fieldManager: 'test', force: true, signal },
    );
    expect(await following(world).outcome).toMatchObject({
      kind: 'failed',
      reason: 'refused',
      message: expect.stringMatching(/^The operator refuses generation 2: .*10\.0\.0\.1 is outside/),
    });
  });

  test('what was seen of a router that is gone is not told of the next one of its name', async () => {
    await using world = await openWorld(target.kubeconfig);
    const { connection, namespace } = world;
    await stop();
    const place = { namespace, name: 'a' };
    const gone = await applyObject(connection, router('a'), { fieldManager: 'test', signal });
    await deleteObject(connection, kinds.egressRouter, place, { signal });
    await applyObject(connection, router('a'), { fieldManager: 'test', signal });
    const observed = clusterWorld(connection, {
      onWritten: () => undefined,
      probe: { rulesOf: () => 'inForce', faultsOf: () => undefined },
    });
    await expect(observed.writeConditions(gone, [], signal)).rejects.toMatchObject({ reason: 'conflict' });
    start();
  });

  test('an operator that starts anew asks the pods, and writes nothing', async () => {
    await using world = await openWorld(target.kubeconfig);
    await bringUp(world, '10.0.0.5', answers);
    expect(await following(world).outcome).toEqual({ kind: 'ready' });
    const before = await find(world, kinds.egressRouter, 'a');
    await stop();
    asked.length = 0;
    start();
    await until(() => asked.includes('10.0.0.5'));
    // Whatever it has to write of this one it has written before what it writes of a later one.
    await using later = await openWorld(target.kubeconfig);
    await bringUp(later, '10.0.0.6');
    expect((await find(world, kinds.egressRouter, 'a'))?.metadata.resourceVersion).toBe(
      before?.metadata.resourceVersion,
    );
  });
});

/** A router with a pod that is ready, and says in `answers` that it redirects by what there is. */
async function bringUp(
  world: World,
  podIP: string,
  answers?: Map<string, string>,
): Promise<KubernetesObject> {
  const { outcome } = await deploying(world, router('a'), 30_000, false);
  await outcome;
  let hash: string | undefined;
  await until(async () => {
    const deployment = await find(world, kinds.deployment, deploymentName);
    hash = textAt(deployment, 'spec', 'template', 'metadata', 'annotations', configHashAnnotation);
    return hash !== undefined;
  });
  const pod = await actAs.replicaSet(world, hash ?? '');
  await actAs.multus(world, pod, '192.168.12.99');
  const { name } = pod.metadata;
  const place = { namespace: world.namespace, name, subresource: 'status' } as const;
  const status = { podIP, podIPs: [{ ip: podIP }] };
  await patchObject(world.connection, kinds.pod, place, { status }, signal);
  // As soon as it is ready it is asked.
  answers?.set(podIP, digestOf(await find(world, kinds.configMap, configMapName)));
  await actAs.kubelet(world, pod);
  return pod;
}

interface Followed {
  readonly said: readonly string[];
  readonly outcome: Promise<RouterOutcome | undefined>;
}

async function planned({ connection }: World, value: object) {
  return (await planDeploy(connection, [{ value, source: '#1' }], { signal })).items;
}

async function deploying(
  { connection }: World,
  value: object,
  timeoutMs = 30_000,
  wait = true,
): Promise<Followed> {
  const plan = await planDeploy(connection, [{ value, source: '#1' }], { signal });
  const said: string[] = [];
  const onProgress = ({ message }: { readonly message: string }) => void said.push(message);
  const result = deploy(connection, plan, { signal, onProgress, wait, timeoutMs });
  return { said, outcome: result.then(({ routers }) => routers[0]?.outcome) };
}

function following({ connection, namespace }: World): Followed {
  const said: string[] = [];
  const onProgress = ({ message }: { readonly message: string }) => void said.push(message);
  const options = { signal, onProgress, timeoutMs: 30_000 };
  return { said, outcome: followStored(connection, { namespace, name: 'a' }, options) };
}

async function stateOf({ connection, namespace }: World) {
  return (await readStatus(connection, { namespace, name: 'a' }, signal)).routers[0]?.state;
}

/** As the router process tells it. */
function digestOf(configMap: KubernetesObject | undefined): string {
  const text = textAt(configMap, 'data', 'config.json') ?? '';
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
