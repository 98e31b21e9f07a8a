import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeProfile } from '../../tools/vscode-host/code-server.ts';
import { aptPackages } from '../apt-packages.mjs';
import { writeCommands } from '../start/folder.ts';
import { parseOptions } from '../start/options.ts';
import { startEnvironment, startSettings } from '../start/vscode-settings.ts';
import { clusterReady, welcome } from '../start/welcome.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ert-start-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  { text: 'contexts: [{name: a, context: {cluster: a, user: a}}]' },
  { text: '{"contexts": [{"name": "a"}]}' },
])('a kubeconfig is taken: $text', ({ text }) => {
  writeFileSync(path.join(folder, 'config'), text);
  const args = ['--kubeconfig', 'config', '--port', '8123'];
  expect(parseOptions(args, folder)).toEqual({ port: 8123, kubeconfig: path.join(folder, 'config') });
});

test.each([
  { text: '# A title\n\n- [a list](b): c\n', says: /is not a kubeconfig: it names no contexts/ },
  { text: 'apiVersion: v1\nkind: Config\ncontexts: []\n', says: /names no contexts/ },
  { text: '', says: /names no contexts/ },
  { text: 'a: [', says: /names no contexts/ },
])('no kubeconfig: $text', ({ text, says }) => {
  writeFileSync(path.join(folder, 'other'), text);
  expect(() => parseOptions(['--kubeconfig', 'other'], folder)).toThrow(says);
});

test.each([
  { args: ['--kubeconfig', 'missing'], says: /Cannot read the kubeconfig/ },
  { args: ['--port', '70000'], says: /Not a port: 70000/ },
  { args: ['--prot', '1'], says: /Usage: npm start/ },
])('refused: $args', ({ args, says }) => {
  expect(() => parseOptions(args, folder)).toThrow(says);
});

test.each(['--help', '-h'])('npm start -- %s tells the options and starts nothing', (word) => {
  const ran = spawnSync(process.execPath, [path.join(import.meta.dirname, '../start.mjs'), word], {
    encoding: 'utf8',
  });
  expect(ran).toMatchObject({ status: 0, stderr: '' });
  expect(ran.stdout).toMatch(/^Usage: npm start -- .*--kubeconfig PATH .*--port N /s);
});

test('VS Code shows the cluster it was started for, whatever the environment names', () => {
  const { user, machine } = startSettings('/the/kubeconfig', '/the/bin', { XDG_RUNTIME_DIR: '/run/user/1' });
  const { data } = makeProfile(path.join(folder, 'profile'), user, machine);
  const read = (file: string): unknown => JSON.parse(readFileSync(path.join(data, file), 'utf8'));
  const terminal = {
    KUBECONFIG: '/the/kubeconfig',
    PATH: `/the/bin${path.delimiter}\${env:PATH}`,
    TMPDIR: null,
    XDG_CACHE_HOME: null,
    XDG_DATA_HOME: null,
    XDG_RUNTIME_DIR: '/run/user/1',
  };
  expect(read('Machine/settings.json')).toEqual({ 'egressRouter.kubeconfig': '/the/kubeconfig' });
  expect(read('User/settings.json')).toMatchObject({
    'terminal.integrated.env.linux': terminal,
    'terminal.integrated.env.osx': terminal,
  });
});

test('what VS Code keeps of its own lies in the profile, not in the home folder', () => {
  const root = path.join(folder, 'profile');
  const { env } = makeProfile(root, {});
  expect(env).toEqual({ XDG_CACHE_HOME: path.join(root, 'cache'), XDG_DATA_HOME: path.join(root, 'share') });
});

test.each([
  { isSandbox: true, given: '/the/kubeconfig' },
  { isSandbox: false, given: undefined },
])('the extension knows whether it was given a sandbox: $isSandbox', ({ isSandbox, given }) => {
  const named = { kubeconfig: '/the/kubeconfig', isSandbox, bin: '/the/bin', temp: '/t' };
  const env = startEnvironment(named, { PATH: '/usr/bin' });
  expect(env).toMatchObject({ KUBECONFIG: '/the/kubeconfig', PATH: `/the/bin${path.delimiter}/usr/bin` });
  expect(env['EGRESS_ROUTER_SANDBOX']).toBe(given);
});

/** In place of the built programs: says what it was given. */
const echo = 'console.log(JSON.stringify([process.env.KUBECONFIG, ...process.argv.slice(2)]));';

function commands(): string {
  const repository = path.join(folder, "a person's");
  const bin = path.join(repository, 'bin');
  mkdirSync(path.join(repository, 'dist'), { recursive: true });
  for (const name of ['cli.mjs', 'sandbox.mjs']) writeFileSync(path.join(repository, 'dist', name), echo);
  writeCommands(repository, { bin, sandbox: '/the/sandbox' }, '/the/kubeconfig', true);
  return bin;
}

const asked = [
  { KUBECONFIG: undefined, asks: '/the/kubeconfig' },
  { KUBECONFIG: '', asks: '/the/kubeconfig' },
  { KUBECONFIG: "/a person's/own", asks: "/a person's/own" },
];

test.each(
  ['egress-router', 'kubectl-egress_router', 'oc-egress_router'].flatMap((name) =>
    asked.map((row) => ({ name, ...row })),
  ),
)('$name asks the cluster that the caller names ($KUBECONFIG), or else the one of VS Code', (row) => {
  const env = { ...process.env, KUBECONFIG: row.KUBECONFIG };
  const said = execFileSync(path.join(commands(), row.name), ['status', 'a b'], { env });
  expect(JSON.parse(said.toString())).toEqual([row.asks, 'status', 'a b']);
});

test.each([
  { args: [], status: 2, stdout: /^$/, stderr: /^Usage: sandbox-client COMMAND/ },
  { args: ['-x'], status: 2, stdout: /^$/, stderr: /^Usage: sandbox-client COMMAND/ },
  {
    args: ['--help'],
    status: 0,
    stdout: /^Usage: sandbox-client COMMAND.*\nThe pod has a \/tmp of its own: /,
    stderr: /^$/,
  },
  {
    args: ['curl', '-s', 'a b'],
    status: 0,
    stdout: /"--dir","\/the\/sandbox","--","curl","-s","a b"/,
    stderr: /^$/,
  },
])('sandbox-client $args', ({ args, status, stdout, stderr }) => {
  const ran = spawnSync(path.join(commands(), 'sandbox-client'), args, { encoding: 'utf8' });
  expect(ran.status).toBe(status);
  expect(ran.stdout).toMatch(stdout);
  expect(ran.stderr).toMatch(stderr);
});

test('a cluster without a window yet is reached from any terminal, whatever its folder is called', () => {
  const [, line = ''] = clusterReady("/a person's/kubeconfig", "/a person's/bin").split('\n');
  const said = execFileSync('sh', ['-c', `${line}; echo "$KUBECONFIG $PATH"`], { env: { PATH: '/bin' } });
  expect(said.toString()).toBe("/a person's/kubeconfig /a person's/bin:/bin\n");
});

test('the README names each package that is installed where it is missing', () => {
  const readme = readFileSync(path.join(import.meta.dirname, '../../README.md'), 'utf8');
  const named = new Set(readme.match(/[a-z0-9][a-z0-9+-]*/g));
  expect(aptPackages.test.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
});

const common = { url: 'http://127.0.0.1:1', password: 'p', kubeconfig: '/mine', samples: '/s' };

test.each([
  { sandbox: { networking: 'real' as const }, curl: true, says: /its routers redirect packets/ },
  {
    sandbox: { networking: 'simulated' as const, reason: 'not root' },
    curl: false,
    says: /SIMULATED .*not root/,
  },
  { sandbox: undefined, curl: false, says: /Cluster: +\/mine/ },
])('what is printed asks for nothing that cannot work: $sandbox', ({ sandbox, curl, says }) => {
  const text = welcome({ ...common, sandbox });
  expect(text).toMatch(says);
  expect(text.includes('sandbox-client')).toBe(curl);
});
