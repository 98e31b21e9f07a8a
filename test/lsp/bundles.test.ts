// That a bundle was built says little: a wrong resolution only shows when it starts. Each is started here, from
// a folder in which no package can be found.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = path.dirname(path.dirname(import.meta.dirname));
const dist = path.join(root, 'dist');
const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));

let empty = '';
beforeAll(async () => {
  empty = await mkdtemp(path.join(tmpdir(), 'ert-bundles-'));
});
afterAll(() => rm(empty, { recursive: true, force: true }));

const node = (bundle: string, ...args: readonly string[]) => [
  process.execPath,
  path.join(dist, bundle),
  ...args,
];

test.each([
  { bundle: 'cli.mjs', argv: node('cli.mjs', '--help'), says: /^Usage: egress-router / },
  {
    bundle: 'cli.mjs by its own name',
    argv: [path.join(dist, 'cli.mjs'), '--help'],
    says: /^Usage: egress-router /,
  },
  {
    bundle: 'cli.mjs with its version',
    argv: node('cli.mjs', '--version'),
    says: new RegExp(`^egress-router ${version}\n$`),
  },
  { bundle: 'sandbox.mjs', argv: node('sandbox.mjs', '--help'), says: /^Usage: / },
  {
    bundle: 'operator.mjs',
    argv: node('agent/operator.mjs', '--help'),
    says: /^Usage: egress-router-operator /,
  },
  { bundle: 'router.mjs', argv: node('agent/router.mjs', '--help'), says: /^Usage: egress-router-agent / },
])('$bundle starts', async ({ argv, says }) => {
  expect(await output(argv)).toMatch(says);
});

test('what talks to a cluster has none of the models that the Kubernetes client has of every kind', async () => {
  expect(await readFile(path.join(dist, 'cluster.cjs'), 'utf8')).not.toContain('attributeTypeMap');
});

test('the command line says which Node it needs to talk to a cluster', async () => {
  const older =
    "import zlib from 'node:zlib'; import { syncBuiltinESMExports } from 'node:module';" +
    'delete zlib.createZstdDecompress; syncBuiltinESMExports();';
  const preload = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(older)}` };
  await expect(output(node('cli.mjs', 'status'), preload)).rejects.toThrow(
    `egress-router status needs Node 22.15 or newer; this is ${process.versions.node}. Put a newer one first on the PATH; `,
  );
  expect(await output(node('cli.mjs', 'lint'), preload)).toBe('');
});

test('the CNI executable says which versions of the specification it speaks', async () => {
  const executable = path.join(dist, 'agent/egress-router');
  const said = await output([executable], { CNI_COMMAND: 'VERSION' }, '{"cniVersion":"1.1.0"}');
  expect(JSON.parse(said)).toMatchObject({
    cniVersion: '1.1.0',
    supportedVersions: expect.arrayContaining(['0.4.0', '1.0.0', '1.1.0']),
  });
});

test('the language server answers initialize over stdio', async () => {
  const answer = await initialize(path.join(dist, 'server.mjs'));
  expect(answer).toMatchObject({
    id: 1,
    result: {
      capabilities: { hoverProvider: expect.anything() },
      serverInfo: { name: 'egress-router', version },
    },
  });
});

test('the cluster bundle gives the one value that the extension asks it for', () => {
  const bundle = path.join(dist, 'cluster.cjs');
  expect(Object.keys(createRequire(bundle)(bundle))).toEqual(['openCluster']);
});

test('what VS Code reads at activation is small and holds no Kubernetes client', async () => {
  const bundle = path.join(dist, 'extension.cjs');
  expect((await stat(bundle)).size).toBeLessThan(100_000);
  expect(await readFile(bundle, 'utf8')).not.toContain('KubeConfig');
});

/** What a program prints on stdout; fails unless it ends with 0. */
function output(argv: readonly string[], env: NodeJS.ProcessEnv = {}, input = ''): Promise<string> {
  const [command = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const options = { cwd: empty, env: { PATH: process.env.PATH, ...env }, timeout: 20_000 };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${argv.join(' ')}: ${error.message}\n${stdout}${stderr}`));
    });
    child.stdin?.end(input);
  });
}

async function initialize(server: string): Promise<unknown> {
  const child = spawn(process.execPath, [server, '--stdio'], {
    cwd: empty,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const params = { processId: process.pid, rootUri: null, capabilities: {} };
    const request = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(request)}\r\n\r\n${request}`);
    let said = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      said += chunk;
      const message = /Content-Length: \d+\r\n\r\n(\{"jsonrpc".*"id":1.*\})/.exec(said)?.[1];
      if (message !== undefined) return JSON.parse(message);
    }
    throw new Error(`The server ended without an answer: ${said}`);
  } finally {
    child.kill();
  }
}
