// Edited rules where the Cluster Network Operator acts: the offered restart is taken, and gives a pod that has them.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { run } from '#cli/run.ts';
import { kinds } from '#cluster/kinds.ts';
import { listObjects } from '#cluster/objects.ts';
import { readStatus } from '#cluster/operations/status.ts';
import { watchObjects } from '#cluster/watch.ts';
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
import { startSimulatedCluster } from './simulated-cluster.ts';
import { availableTargets, startTarget } from './target.ts';

for (const kind of availableTargets()) {
  let target: Awaited<ReturnType<typeof startTarget>>;
  let cluster: AsyncDisposable;
  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
    cluster = await startSimulatedCluster(target.kubeconfig);
  });
  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
    await target.close();
  });

  test.each([
    { how: 'at the question', args: [], answers: ['y'] },
    { how: 'by --restart', args: ['--restart'], answers: [] },
  ])(`${kind}: a restart that is agreed to $how brings the changed rules into force`, async (row) => {
    await using world = await openWorld(target.kubeconfig);
    using _cno = runCno(world);
    const first = await deploy(world, [8080], [], []);
    expect(first).toMatchObject({ code: 0, asked: [], out: `${world.namespace}/egress-a ready\n` });
    const before = await podNames(world);
    // The API server tells times by the second.
    const upAtMs = Date.now();
    await until(() => Date.now() > upAtMs + 1_100);
    const changed = await deploy(world, [8081, 8082], row.args, row.answers);
    expect(changed.out).toBe(`${world.namespace}/egress-a ready\n`);
    expect(changed.code).toBe(0);
    expect(changed.asked).toHaveLength(row.answers.length);
    expect(changed.err).toMatch(/Scaling down, so that the old pod gives its address back first\./);
    const after = await podNames(world);
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
    expect(await stateOf(world)).toBe('simulated');
  });

  test(`${kind}: a restart that nobody agrees to is named until it is done`, async () => {
    await using world = await openWorld(target.kubeconfig);
    using _cno = runCno(world);
    await deploy(world, [8080], [], []);
    const upAtMs = Date.now();
    await until(() => Date.now() > upAtMs + 1_100);
    const refused = await deploy(world, [8081], [], ['n']);
    expect(refused).toMatchObject({
      code: 1,
      asked: [expect.stringMatching(/\/egress-a needs a new pod to take up the change/)],
      out: expect.stringMatching(/\/egress-a keeps its old rules: Pod .* With --restart, deploy does\.\n$/),
    });
    expect(await stateOf(world)).toBe('stale-rules');
    // Nothing is left to change, and the pod is still the old one.
    expect(await deploy(world, [8081], ['--restart'], [])).toMatchObject({ code: 0, asked: [] });
    expect(await stateOf(world)).toBe('simulated');
  });
}

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly asked: readonly string[];
}

async function deploy(
  world: World,
  ports: readonly number[],
  args: readonly string[],
  answers: readonly string[],
): Promise<Said> {
  const kubeconfig = await world.kubeconfig(() => undefined);
  const text = stringify(router('egress-a', '192.168.12.99/24', ports.map(rule)));
  const asked: string[] = [];
  const said = { out: '', err: '' };
  const all = ['deploy', '-', '--yes', ...args, '-n', world.namespace, '--kubeconfig', kubeconfig];
  const code = await run(all, {
    stdout: (chunk) => void (said.out += chunk),
    copy: (chunk) => void (said.out += chunk),
    stderr: (chunk) => void (said.err += chunk),
    readStdin: () => Promise.resolve(Buffer.from(text)),
    ask: (question) => {
      asked.push(question);
      return Promise.resolve(answers[asked.length - 1] ?? '');
    },
    signal,
  });
  return { code, asked, ...said };
}

/** Writes what each router wants to its NAD, and leaves the pod as it is. */
function runCno(world: World): Disposable {
  const { connection, namespace } = world;
  const written = new Map<string, unknown>();
  const watch = watchObjects(connection, kinds.egressRouter, {
    namespace,
    onEvent: (event) => {
      const objects = event.kind === 'listed' ? event.objects : event.kind === 'put' ? [event.object] : [];
      for (const { metadata } of objects) {
        if (written.get(metadata.name) === metadata.generation) continue;
        written.set(metadata.name, metadata.generation);
        void actAs.cno(world, metadata.name);
      }
    },
  });
  return { [Symbol.dispose]: () => watch.close() };
}

async function podNames({ connection, namespace }: World): Promise<readonly string[]> {
  const { objects } = await listObjects(connection, kinds.pod, { namespace, signal });
  return objects.map(({ metadata }) => metadata.name);
}

async function stateOf({ connection, namespace }: World): Promise<string | undefined> {
  const { routers } = await readStatus(connection, { namespace }, signal);
  return routers[0]?.state.kind;
}
