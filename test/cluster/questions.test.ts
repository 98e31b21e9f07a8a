// What the command line asks at a terminal, and what becomes of the answers.
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { run } from '#cli/run.ts';
import { applyObject } from '#cluster/apply.ts';
import { kinds } from '#cluster/kinds.ts';
import { findObject } from '#cluster/objects.ts';
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

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly asked: readonly string[];
}

/** @param answers one for each question; a question too many gets none */
async function say(
  world: World,
  args: readonly string[],
  { stdin = '', answers = [] }: { readonly stdin?: string; readonly answers?: readonly string[] },
): Promise<Said> {
  const kubeconfig = await world.kubeconfig(() => undefined);
  const asked: string[] = [];
  let out = '';
  let err = '';
  const code = await run([...args, '-n', world.namespace, '--kubeconfig', kubeconfig], {
    stdout: (text) => void (out += text),
    copy: (text) => void (out += text),
    stderr: (text) => void (err += text),
    readStdin: () => Promise.resolve(Buffer.from(stdin)),
    ask: (question) => {
      asked.push(question);
      return Promise.resolve(answers[asked.length - 1] ?? '');
    },
    signal,
  });
  return { code, out, err, asked };
}

afterEach(() => vi.unstubAllEnvs());

for (const kind of availableTargets()) {
  let target: Awaited<ReturnType<typeof startTarget>>;
  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
  });
  afterAll(() => target.close());
  /** Nothing collects garbage here, so one that was deleted in the foreground is only marked. */
  const isKept = async ({ connection, namespace }: World, name: string): Promise<boolean> => {
    const found = await findObject(connection, kinds.egressRouter, { namespace, name }, signal);
    return found !== undefined && found.metadata.deletionTimestamp === undefined;
  };

  test(`${kind}: a deletion is asked once, with context and namespace`, async () => {
    await using world = await openWorld(target.kubeconfig);
    await applyObject(world.connection, router('a'), { fieldManager: 'x', signal });
    const args = ['teardown', 'a', '--no-wait'];
    const { context } = world.connection;
    const question = `Tear down a in context ${context}, namespace ${world.namespace}? [y/N] `;
    for (const answer of ['', 'n', 'nope', 'yes please']) {
      expect(await say(world, args, { answers: [answer] })).toMatchObject({ code: 1, asked: [question] });
    }
    expect(await isKept(world, 'a')).toBe(true);
    expect(await say(world, args, { answers: [' Yes '] })).toMatchObject({ code: 0, asked: [question] });
    expect(await isKept(world, 'a')).toBe(false);
  });

  test(`${kind}: the routers of a file are asked about once, and those that are gone are named`, async () => {
    await using world = await openWorld(target.kubeconfig);
    for (const name of ['a', 'b']) {
      await applyObject(world.connection, router(name), { fieldManager: 'x', signal });
    }
    const { context } = world.connection;
    const place = world.namespace;
    const placed = { ...router('a'), metadata: { name: 'a', namespace: place } };
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'b', namespace: place },
      spec: { selector: { app: 'egress-router-cni' }, ports: [{ port: 8080 }] },
    };
    await applyObject(world.connection, service, { fieldManager: 'x', signal });
    const manifests = [router('a'), router('gone'), router('b'), placed, service];
    const stdin = manifests.map((one) => stringify(one)).join('---\n');
    const args = ['teardown', '-f', '-', '--no-wait'];
    const names = `${place}/a, ${place}/b`;
    expect(await say(world, [...args, '--dry-run'], { stdin })).toMatchObject({
      code: 0,
      asked: [],
      out: `goes      EgressRouter ${place}/a\ngoes      EgressRouter ${place}/b\nstays     Service ${place}/b: It does not belong to the router. If it is meant to go as well: kubectl delete service b -n ${place}.\n`,
    });
    expect(await say(world, args, { stdin, answers: ['n'] })).toMatchObject({
      code: 1,
      asked: [`Tear down 2 routers in context ${context}: ${names}? [y/N] `],
      err: expect.stringContaining(`${place}/gone is not there.`),
    });
    vi.stubEnv('EGRESS_ROUTER_PROTECTED_CONTEXTS', context);
    expect((await say(world, [...args, '--confirm', 'a'], { stdin })).code).toBe(1);
    expect(await isKept(world, 'a')).toBe(true);
    expect(await say(world, [...args, '--confirm', context], { stdin })).toMatchObject({
      code: 0,
      out: `${place}/a deleted\n${place}/b deleted\n`,
    });
    expect(await isKept(world, 'a')).toBe(false);
    expect(await isKept(world, 'b')).toBe(false);
    expect((await say(world, args, { stdin })).code).toBe(1);
  });

  test(`${kind}: in a protected context only the name deletes, whatever --yes says`, async () => {
    await using world = await openWorld(target.kubeconfig);
    await applyObject(world.connection, router('a'), { fieldManager: 'x', signal });
    vi.stubEnv('EGRESS_ROUTER_PROTECTED_CONTEXTS', `other, ${world.connection.context}*`);
    const args = ['teardown', 'a', '--no-wait', '--yes'];
    for (const answer of ['', 'y', 'b']) {
      const { code, asked } = await say(world, args, { answers: [answer] });
      expect([code, asked]).toEqual([1, [expect.stringMatching(/is protected: type a\. $/)]]);
    }
    expect(await isKept(world, 'a')).toBe(true);
    expect((await say(world, args, { answers: ['a'] })).code).toBe(0);
    expect(await isKept(world, 'a')).toBe(false);
  });

  test(`${kind}: what preflight finds and what others own is asked before a deploy`, async () => {
    await using world = await openWorld(target.kubeconfig);
    const theirs = router('a', '192.168.12.41/24');
    await applyObject(world.connection, theirs, { fieldManager: 'gitops', signal });
    await applyObject(world.connection, router('b', '192.168.12.42/24'), { fieldManager: 'gitops', signal });
    const stdin = stringify(router('a', '192.168.12.42/24'));
    const args = ['deploy', '-', '--no-wait'];
    const [errors, owners] = [
      expect.stringMatching(/^Deploy to context .* in spite of these errors\? /),
      expect.stringMatching(/^Others own these fields\. Take them over\? /),
    ];
    expect(await say(world, args, { stdin, answers: ['n'] })).toMatchObject({ code: 1, asked: [errors] });
    expect(await say(world, args, { stdin, answers: ['y', 'n'] })).toMatchObject({
      code: 1,
      asked: [errors, owners],
    });
    expect(await say(world, [...args, '--yes'], { stdin, answers: ['n'] })).toMatchObject({
      code: 1,
      asked: [owners],
    });
    expect(await say(world, args, { stdin, answers: ['y', 'y'] })).toMatchObject({
      code: 0,
      asked: [errors, owners],
    });
    const { code, asked } = await say(world, [...args, '--yes', '--force'], { stdin, answers: [] });
    expect([code, asked]).toEqual([0, []]);
  });

  test(`${kind}: a restart is asked where the pod keeps its old rules`, async () => {
    await using world = await openWorld(target.kubeconfig);
    await applyObject(world.connection, router('a', '192.168.12.45/24'), {
      fieldManager: 'egress-router-tools',
      signal,
    });
    await actAs.cno(world, 'a');
    const pod = await actAs.replicaSet(world, 'h1');
    await actAs.multus(world, pod, '192.168.12.45');
    await actAs.kubelet(world, pod);
    const attachedAtMs = Date.now();
    // The API server tells times by the second.
    await until(() => Date.now() > attachedAtMs + 1_100);
    const changed = router('a', '192.168.12.45/24', [rule(8081)]);
    await applyObject(world.connection, changed, { fieldManager: 'egress-router-tools', signal });
    await actAs.cno(world, 'a');
    const deployed = await say(world, ['deploy', '-'], { stdin: stringify(changed), answers: ['n'] });
    expect(deployed).toMatchObject({
      code: 1,
      out: expect.stringMatching(/\/a keeps its old rules: Pod .* With --restart, deploy does\.\n$/),
      asked: [expect.stringMatching(/\/a needs a new pod to take up the change/)],
    });
  });
}
