// The commands behind an API server that is having a bad day, as somebody who may act in one namespace only: what a
// person is told, and what has been done.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyObject } from '#cluster/apply.ts';
import { type Failure, toFailure } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import { deleteObject, findObject } from '#cluster/objects.ts';
import { deploy, planDeploy } from '#cluster/operations/deploy.ts';
import { expose, planExpose } from '#cluster/operations/expose.ts';
import { preflight } from '#cluster/operations/preflight.ts';
import { readStatus } from '#cluster/operations/status.ts';
import { planTeardown, teardown } from '#cluster/operations/teardown.ts';
import type { Fault } from './fault-proxy.ts';
import { type Behind, deployDirectly, failureOf, openBehind, planA, quiet } from './faulty-world.ts';
import { installCrds, router, signal } from './operations-world.ts';
import { availableTargets, startTarget } from './target.ts';

/** Everything that a person may ask for. */
function asks({ connection, place }: Behind): Readonly<Record<string, () => Promise<unknown>>> {
  return {
    'deploy: the plan': () => planA(connection, 8081),
    deploy: async () => deploy(connection, await planA(connection, 8081), quiet),
    'expose: the plan': () => planExpose(connection, place, { signal }),
    expose: async () => expose(connection, await planExpose(connection, place, { signal }), quiet),
    'teardown: the plan': () => planTeardown(connection, place, signal),
    status: () => readStatus(connection, place, signal),
  };
}

const said = {
  cut: /^Cannot reach the cluster at http:\S+: the connection was cut \((UND_ERR_SOCKET|ECONNRESET)\)\. Check that it runs/,
  silence: /^Cannot reach the cluster at http:\S+: no answer within 1\.5 s\. Check that it runs/,
  500: /^Cannot (get|list|apply) .*: the API server answered 500\. A bad day\.$/,
} as const;

/** Whatever is asked for ends with this. */
const everywhere: readonly (readonly [string, Fault, Failure['reason'], RegExp])[] = [
  ['403', { kind: 'answer', code: 403 }, 'forbidden', /^Cannot .*: 403\. A bad day\.$/],
  ['500', { kind: 'answer', code: 500 }, 'server-error', said[500]],
  [
    '503 with Retry-After',
    { kind: 'answer', code: 503, retryAfterSeconds: 0 },
    'server-error',
    /^Cannot .*: the API server answered 503\. A bad day\.$/,
  ],
  [
    '504',
    { kind: 'answer', code: 504 },
    'timed-out',
    /^Cannot .*: the API server answered 504\. A bad day\.$/,
  ],
  [
    '429 that does not end',
    { kind: 'answer', code: 429, retryAfterSeconds: 0 },
    'throttled',
    /^Cannot .*: 429\. The API server asks for fewer requests\. Try again in a moment\.$/,
  ],
  [
    '429 for longer than one waits',
    { kind: 'answer', code: 429, retryAfterSeconds: 60 },
    'throttled',
    /^Cannot .*: 429\. The API server asks for fewer requests/,
  ],
  ['a connection that is cut', { kind: 'cut' }, 'unreachable', said.cut],
  ['a connection that is cut in the middle', { kind: 'cut in the middle' }, 'unreachable', said.cut],
  ['a half-open connection', { kind: 'silence' }, 'unreachable', said.silence],
];

for (const kind of availableTargets()) {
  let target: Awaited<ReturnType<typeof startTarget>>;
  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
  });
  afterAll(() => target.close());
  const open = (): Promise<Behind> => openBehind(target.kubeconfig);

  test(`${kind}: the routers of a namespace are followed by one watch of each kind`, async () => {
    await using behind = await open();
    const { connection, proxy } = behind;
    const documents = ['a', 'b', 'c', 'd'].map((name, index) => ({
      value: router(name, `192.168.12.${20 + index}/24`),
      source: name,
    }));
    const plan = await planDeploy(connection, documents, { signal });
    const watched: string[] = [];
    proxy.onForward = ({ isWatch, path }) => void (isWatch && watched.push(path));
    const { routers } = await deploy(connection, plan, { ...quiet, wait: true, timeoutMs: 2_000 });
    expect(routers.map(({ outcome }) => outcome)).toMatchObject(
      routers.map(() => ({ kind: 'failed', reason: 'timed-out' })),
    );
    const selected = watched.map((path) => path.replace(/(?:resourceVersion|timeoutSeconds)=\d+&/g, ''));
    expect(selected).toHaveLength(new Set(selected).size);
    expect(selected.length).toBeGreaterThan(3);
  });

  test.each(everywhere)(
    `${kind}: whatever is asked for ends with a sentence: %s`,
    async (_, fault, reason, message) => {
      await using behind = await open();
      await deployDirectly(behind);
      behind.proxy.fault = () => fault;
      const all = Object.entries(asks(behind));
      const failures = await Promise.all(
        all.map(async ([name, ask]) => [name, await failureOf(ask())] as const),
      );
      for (const [name, failure] of failures) {
        expect(failure, name).toMatchObject({ reason, message: expect.stringMatching(message) });
      }
      const told = await preflight(behind.connection, { kind: 'namespace' }, { signal }).then(
        ({ findings }) => findings.map(({ message: text }) => text),
        (error: unknown) => [toFailure(error).message],
      );
      expect(told.join('\n')).toMatch(message);
    },
  );

  test(`${kind}: what a namespace needs is enough for all of it`, async () => {
    await using behind = await open();
    const { connection, place } = behind;
    const planned = await planA(connection);
    expect(planned.items.map((item) => item.kind)).toEqual(['create']);
    const { routers } = await deploy(connection, planned, quiet);
    expect(routers).toMatchObject([{ outcome: { kind: 'applied' } }]);
    const exposed = await expose(connection, await planExpose(connection, place, { signal }), quiet);
    expect(exposed.ports).toMatchObject([{ name: 'tcp-8080' }]);
    const { scope } = await readStatus(connection, {}, signal);
    expect(scope).toEqual({ kind: 'namespaces', namespaces: [place.namespace] });
    const doomed = await planTeardown(connection, place, signal);
    await teardown(connection, doomed, quiet);
    const live = await findObject(connection, kinds.egressRouter, place, signal);
    expect(live === undefined || live.metadata.deletionTimestamp !== undefined).toBe(true);
  });

  test(`${kind}: a server that asks to come again is asked again, and a slow one is waited for`, async () => {
    await using behind = await open();
    const { connection, place, proxy } = behind;
    for (const fault of [
      { kind: 'answer', code: 429, retryAfterSeconds: 1 },
      { kind: 'answer', code: 503, retryAfterSeconds: 0 },
      { kind: 'slow', delayMs: 300 },
    ] as const) {
      let isFirst = true;
      proxy.fault = () => {
        const now = isFirst || fault.kind === 'slow' ? fault : undefined;
        isFirst = false;
        return now;
      };
      await deploy(connection, await planA(connection), quiet);
      expect(isFirst).toBe(false);
    }
    proxy.fault = () => undefined;
    expect(await findObject(connection, kinds.egressRouter, place, signal)).toBeDefined();
  });

  test(`${kind}: a read on a connection that ends is asked again, a change is not`, async () => {
    await using behind = await open();
    const { connection, place, proxy } = behind;
    await deployDirectly(behind);
    let left = 1;
    proxy.fault = () => (left-- > 0 ? { kind: 'cut' } : undefined);
    expect(await findObject(connection, kinds.egressRouter, place, signal)).toBeDefined();
    expect(proxy.counts.get('cut')).toBe(1);
    left = 1;
    const failure = await failureOf(deleteObject(connection, kinds.egressRouter, place, { signal }));
    expect(failure).toMatchObject({ reason: 'unreachable', message: expect.stringMatching(said.cut) });
    expect(proxy.counts.get('cut')).toBe(2);
  });

  test(`${kind}: a deploy that fails at the apply says so, changes nothing, and can be run again`, async () => {
    await using behind = await open();
    const { connection, place, proxy } = behind;
    for (const [fault, reason, message] of [
      [
        { kind: 'answer', code: 500 },
        'server-error',
        /^Cannot apply EgressRouter \S+\/a: the API server answered 500\. A bad day\.$/,
      ],
      [{ kind: 'answer', code: 409 }, 'conflict', /^Cannot apply EgressRouter \S+\/a: 409\. A bad day\.$/],
      [{ kind: 'answer', code: 403 }, 'forbidden', /^Cannot apply EgressRouter \S+\/a: 403\. A bad day\.$/],
      [{ kind: 'cut' }, 'unreachable', said.cut],
      [{ kind: 'silence' }, 'unreachable', said.silence],
    ] as const) {
      proxy.fault = () => undefined;
      const planned = await planA(connection);
      proxy.fault = ({ method, path }) =>
        method === 'PATCH' && !path.includes('dryRun') ? fault : undefined;
      const failure = await failureOf(deploy(connection, planned, quiet));
      expect(failure).toMatchObject({ reason, message: expect.stringMatching(message) });
      expect(await findObject(connection, kinds.egressRouter, place, signal)).toBeUndefined();
    }
    proxy.fault = () => undefined;
    await deploy(connection, await planA(connection), quiet);
    expect(await findObject(connection, kinds.egressRouter, place, signal)).toBeDefined();
  });

  test(`${kind}: an apply whose answer is lost has been made, and the next plan knows it`, async () => {
    await using behind = await open();
    const { connection, proxy } = behind;
    const planned = await planA(connection);
    proxy.fault = ({ method, path }) =>
      method === 'PATCH' && !path.includes('dryRun') ? { kind: 'answer lost' } : undefined;
    const failure = await failureOf(deploy(connection, planned, quiet));
    expect(failure).toMatchObject({ reason: 'unreachable', message: expect.stringMatching(said.cut) });
    proxy.fault = () => undefined;
    const again = await planA(connection);
    expect(again.items.map((item) => item.kind)).toEqual(['unchanged']);
  });

  test(`${kind}: fields of another manager are a conflict of the plan, through the proxy as well`, async () => {
    await using behind = await open();
    const { connection, world } = behind;
    await applyObject(world.connection, router('a'), { fieldManager: 'gitops', signal });
    const planned = await planA(connection, 8081);
    expect(planned.items).toMatchObject([{ kind: 'conflict', conflicts: [{ manager: 'gitops' }] }]);
    const failure = await failureOf(deploy(connection, planned, quiet));
    expect(failure).toMatchObject({
      reason: 'conflict',
      message: expect.stringMatching(
        /^Cannot apply EgressRouter \S+\/a: others manage \.spec\.redirect\S* \("gitops"\)\. Agree/,
      ),
    });
    await deploy(connection, planned, { ...quiet, force: true });
    const { items } = await planA(connection, 8081);
    expect(items.map((item) => item.kind)).toEqual(['unchanged']);
  });

  test(`${kind}: a teardown whose deletion fails says so, and one that has begun waits out a bad day`, async () => {
    await using behind = await open();
    const { connection, place, proxy } = behind;
    await deployDirectly(behind);
    const planned = await planTeardown(connection, place, signal);
    proxy.fault = ({ method }) => (method === 'DELETE' ? { kind: 'answer', code: 500 } : undefined);
    const failure = await failureOf(teardown(connection, planned, quiet));
    expect(failure).toMatchObject({
      reason: 'server-error',
      message: expect.stringMatching(
        /^Cannot delete EgressRouter \S+\/a: the API server answered 500\. A bad day\.$/,
      ),
    });
    expect(await findObject(connection, kinds.egressRouter, place, signal)).toBeDefined();
    let asked = 0;
    proxy.fault = ({ method }) => {
      if (method === 'GET') asked++;
      return method === 'GET' && asked < 4 ? { kind: 'answer', code: 500 } : undefined;
    };
    const result = await teardown(connection, planned, { ...quiet, wait: true, timeoutMs: 3000 });
    expect(asked).toBeGreaterThanOrEqual(4);
    expect([...result.gone, ...result.residue.map(({ object }) => object)].map(({ name }) => name)).toEqual([
      'a',
    ]);
  });
}
