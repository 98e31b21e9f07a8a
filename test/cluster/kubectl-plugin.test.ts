// The built command line as kubectl finds it on its path, with the names that npm gives it.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyObject } from '#cluster/apply.ts';
import { installCrds, openWorld, router, signal } from './operations-world.ts';
import { startTarget, type Target } from './target.ts';

const root = path.join(import.meta.dirname, '../..');
const kubectlTest = test.skipIf(!canRun('kubectl', 'version', '--client'));
let bin = '';
let target: Target | undefined;

beforeAll(async () => {
  bin = await mkdtemp(path.join(tmpdir(), 'ert-plugin-'));
  const manifest: { readonly bin: Readonly<Record<string, string>> } = JSON.parse(
    await readFile(path.join(root, 'package.json'), 'utf8'),
  );
  for (const [name, file] of Object.entries(manifest.bin)) {
    await symlink(path.join(root, file), path.join(bin, name));
  }
  target = await startTarget('sandbox');
  await installCrds(target.kubeconfig);
});
afterAll(async () => {
  await target?.close();
  await rm(bin, { recursive: true });
});

async function check(
  [program, ...args]: readonly [string, ...string[]],
  code: number,
  out: RegExp,
  err: RegExp,
) {
  const env = {
    HOME: bin,
    KUBECONFIG: target?.kubeconfig ?? '',
    PATH: [bin, path.dirname(process.execPath), process.env['PATH']].join(path.delimiter),
  };
  const ran = await new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = execFile(program, args, { env, timeout: 50_000 }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, out: stdout, err: stderr }),
    );
  });
  expect(ran.out).toMatch(out);
  expect(ran.err).toMatch(err);
  expect(ran.code).toBe(code);
}

kubectlTest('kubectl runs it, with the cluster of its own kubeconfig', async () => {
  if (target === undefined) return expect.unreachable();
  await using world = await openWorld(target.kubeconfig);
  await applyObject(world.connection, router('a'), { fieldManager: 'x', signal });
  const status = ['egress-router', 'status', 'a', '-n', world.namespace] as const;
  // Nobody acts on it here, which counts as a failure of the router.
  await check(['kubectl', ...status], 1, new RegExp(`^${world.namespace} +a `, 'm'), /^/);
  await check(['kubectl', 'plugin', 'list'], 0, /kubectl-egress_router/, /^/);
});

kubectlTest('a call in a wrong way is told in the words of kubectl, with its exit code', async () => {
  await check(
    ['kubectl', 'egress-router', 'status', '--no-such'],
    2,
    /^$/,
    /^See: kubectl egress-router status --help$/m,
  );
});

test.each([
  ['egress-router', 'egress-router'],
  ['kubectl-egress_router', 'kubectl egress-router'],
  ['oc-egress_router', 'oc egress-router'],
])('%s says how it is called: %s', async (executable, called) => {
  await check(
    [executable, '--help'],
    0,
    new RegExp(`^Usage: ${called} COMMAND [^]*^${called} COMMAND --help`, 'm'),
    /^$/,
  );
  await check([executable, 'lint', '--help'], 0, new RegExp(`^Usage: ${called} lint `), /^$/);
});

function canRun(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false; // Not on this machine.
  }
}
