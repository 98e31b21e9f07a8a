// The built command line where a pod finds itself: no kubeconfig, and the service account where kubelet puts it.
import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyObject } from '#cluster/apply.ts';
import { installCrds, openWorld, router, signal, type World } from './operations-world.ts';
import { availableTargets, startTarget } from './target.ts';

const program = path.join(import.meta.dirname, '../../dist/cli.mjs');
/** A mount namespace of one's own, where /var/run is another one. */
const podTest = test.skipIf(!canMount());

for (const kind of availableTargets()) {
  let target: Awaited<ReturnType<typeof startTarget>>;
  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
  });
  afterAll(() => target.close());

  podTest(
    `${kind}: the service account of the pod, with its namespace, and no more than it may`,
    async () => {
      await using world = await openWorld(target.kubeconfig);
      await applyObject(world.connection, router('egress-a'), { fieldManager: 'test', signal });
      const account = { ca: world.ca, namespace: world.namespace, token: await world.token(readers) };
      expect(await run(world, account, ['status', 'egress-a'])).toMatchObject({
        code: 1,
        out: expect.stringMatching(
          new RegExp(`^${world.namespace} +egress-a +progressing .*You may not see`, 'm'),
        ),
        err: expect.stringContaining(`namespace ${world.namespace}.`),
      });
      expect(await run(world, account, ['status', '-A'])).toMatchObject({
        code: 0,
        err: expect.stringContaining('You may not list all namespaces'),
      });
      expect(await run(world, account, ['status', '-n', 'default'])).toMatchObject({
        code: 1,
        err: expect.stringMatching(/in namespace default: 403\. You lack "list egressrouters/),
      });
      expect(await run(world, account, ['teardown', 'egress-a', '--yes'])).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringMatching(/: 403\. You lack "delete egressrouters/),
      });
    },
  );

  podTest(`${kind}: a kubeconfig that says nothing is as good as none`, async () => {
    await using world = await openWorld(target.kubeconfig);
    await applyObject(world.connection, router('egress-a'), { fieldManager: 'test', signal });
    const account = { ca: world.ca, namespace: world.namespace, token: await world.token(readers) };
    const { code, err } = await run(world, { ...account, kubeconfig: '/dev/null' }, ['status', 'egress-a']);
    expect(err).toContain(`namespace ${world.namespace}.`);
    expect(code).toBe(1);
  });

  podTest(`${kind}: a token that is renewed while a command runs`, async () => {
    await using world = await openWorld(target.kubeconfig);
    await applyObject(world.connection, router('egress-a'), { fieldManager: 'test', signal });
    const token = await world.token(readers);
    // The first one is worth nothing; kubelet puts another in its place by a link.
    const account = { ca: world.ca, namespace: world.namespace, token: 'expired', renewed: token };
    const { code, err, out } = await run(world, account, ['status', 'egress-a', '--wait', '--timeout', '6s']);
    expect(err).toMatch(/401[^]*egress-a: You may not see/);
    expect(out).toMatch(/egress-a +progressing/);
    expect(code).toBe(1);
  });

  podTest(`${kind}: a service account that is nobody, and an authority that is none`, async () => {
    await using world = await openWorld(target.kubeconfig);
    const { ca, namespace } = world;
    expect(await run(world, { ca, namespace, token: 'nobody' }, ['status'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/: 401\. The login is missing, wrong or has expired/),
    });
    const token = await world.token(readers);
    expect(await run(world, { ca: '', namespace, token }, ['status'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^The certificate of https:.* is not trusted/m),
    });
  });
}

const readers = [
  {
    apiGroups: ['network.operator.openshift.io'],
    resources: ['egressrouters'],
    verbs: ['get', 'list', 'watch'],
  },
];

interface Account {
  readonly ca: string;
  readonly namespace: string;
  readonly token: string;
  /** Takes the place of the token after two seconds. */
  readonly renewed?: string;
  /** What KUBECONFIG names. */
  readonly kubeconfig?: string;
}

const script = `set -e
mount -t tmpfs tmpfs /var/run
cd /var/run && mkdir -p secrets/kubernetes.io/serviceaccount && cd secrets/kubernetes.io/serviceaccount
mkdir ..1 ..2
for version in ..1 ..2; do printf %s "$CA" > $version/ca.crt; printf %s "$NAMESPACE" > $version/namespace; done
printf %s "$TOKEN" > ..1/token
printf %s "$RENEWED" > ..2/token
ln -s ..1 ..data
for file in token ca.crt namespace; do ln -s ..data/$file $file; done
if [ -n "$RENEWED" ]; then (sleep 2; ln -s ..2 ..tmp; mv -T ..tmp ..data) & fi
cd /
exec "$@"`;

function run(world: World, account: Account, args: readonly string[]) {
  const { hostname, port } = new URL(world.connection.server);
  const env = {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    KUBERNETES_SERVICE_HOST: hostname.replaceAll(/[[\]]/g, ''),
    KUBERNETES_SERVICE_PORT: port,
    CA: account.ca,
    NAMESPACE: account.namespace,
    TOKEN: account.token,
    RENEWED: account.renewed ?? '',
    KUBECONFIG: account.kubeconfig ?? '',
  };
  const argv = ['-rm', 'sh', '-c', script, 'pod', process.execPath, program, ...args];
  return new Promise<{ readonly code: number; readonly out: string; readonly err: string }>((resolve) => {
    const child = execFile('unshare', argv, { env, timeout: 50_000 }, (_error, out, err) => {
      resolve({ code: child.exitCode ?? -1, out, err });
    });
    child.stdin?.end();
  });
}

function canMount(): boolean {
  try {
    execFileSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/var/run'], { stdio: 'ignore' });
    return true;
  } catch {
    // No Linux, or one that gives no namespaces to whoever runs this.
    return false;
  }
}
