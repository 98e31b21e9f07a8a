import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ClusterError } from '#cluster/errors.ts';
import { type KubeconfigOptions, loadKubeconfig } from '#cluster/kubeconfig.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ert-kubeconfig-'));
  write('a', { name: 'a', server: 'https://a:6443', user: { token: 't' } });
  write('b', { name: 'b', server: 'http://b:8001', user: { exec: { command: 'login' } } });
  write('a-again', { name: 'a', server: 'https://other:6443', user: {} });
  write('address', { name: 'address', server: 'not an address', user: {} });
  write('password', { name: 'password', server: 'https://me:s3cret@a:6443', user: {} });
  write('query', { name: 'query', server: 'https://a:6443/?token=s3cret', user: {} });
  writeFileSync(join(folder, 'broken'), 'clusters: [');
  writeFileSync(join(folder, 'torn'), 'users:\n- name: a\n  user: {token: s3cret\n  x: : y\n');
  writeFileSync(join(folder, 'empty'), '{}');
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(file: string, { name, server, user }: { name: string; server: string; user: object }): void {
  const config = {
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: `${name}-ns` } }],
    'current-context': name,
  };
  writeFileSync(join(folder, file), JSON.stringify(config));
}

/** @returns the name of a file */
function entry(cluster: object, user: object): string {
  const config = {
    clusters: [{ name: 'x', cluster }],
    users: [{ name: 'x', user }],
    contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
    'current-context': 'x',
  };
  writeFileSync(join(folder, 'entry'), JSON.stringify(config));
  return 'entry';
}

function load(files: readonly string[], options: Partial<KubeconfigOptions> = {}) {
  return loadKubeconfig({
    paths: files.map((file) => join(folder, file)),
    allowExec: true,
    env: {},
    ...options,
  });
}

function check(
  files: readonly string[],
  options: Partial<KubeconfigOptions>,
  context: string,
  server: string,
) {
  const config = load(files, options);
  expect(config.getCurrentContext()).toBe(context);
  expect(config.getCurrentCluster()?.server).toBe(server);
}

function checkRefused(
  files: readonly string[],
  options: Partial<KubeconfigOptions>,
  reason: string,
  message: RegExp,
) {
  try {
    load(files, options);
  } catch (error) {
    if (!ClusterError.is(error)) throw error;
    expect(error.reason).toBe(reason);
    expect(error.message).toMatch(message);
    return;
  }
  expect.unreachable();
}

test('one file', () => check(['a'], {}, 'a', 'https://a:6443'));
test('the first of several files wins', () => check(['a', 'b', 'a-again'], {}, 'a', 'https://a:6443'));
test('missing files are passed over', () => check(['gone', 'b'], {}, 'b', 'http://b:8001'));
test('another context', () => check(['a', 'b'], { context: 'b' }, 'b', 'http://b:8001'));

test('KUBECONFIG holds several paths', () => {
  const env = { KUBECONFIG: `${join(folder, 'b')}:${join(folder, 'a')}` };
  const config = loadKubeconfig({ allowExec: true, env });
  expect(config.contexts.map(({ name }) => name)).toEqual(['b', 'a']);
});

// With a service account: test/cluster/in-pod.test.ts.
test('in a pod without a kubeconfig and without a service account', () => {
  const env = { HOME: folder, KUBERNETES_SERVICE_HOST: 'fd00::1' };
  expect(() => loadKubeconfig({ allowExec: false, env })).toThrow(
    /^There is no kubeconfig at .*config, and this pod has no service account: there is no \/var\/run\/secrets\/.*token\. Log in/,
  );
});

test('plain HTTP, as kubectl proxy serves it, needs no certificate', () => {
  expect(load(['b']).getCurrentCluster()?.skipTLSVerify).toBe(true);
});

test('a proxy from the environment', () => {
  const env = { HTTPS_PROXY: 'http://proxy:3128' };
  expect(load(['a'], { env }).getCurrentCluster()?.proxyUrl).toBe('http://proxy:3128');
});

test('no file', () => checkRefused(['gone'], {}, 'no-kubeconfig', /no kubeconfig at .*gone/));
test('a broken file', () =>
  checkRefused(['broken'], {}, 'no-kubeconfig', /Cannot read the kubeconfig .*broken/));
test('a folder', () =>
  checkRefused(['.'], {}, 'no-kubeconfig', /^The kubeconfig .* is a folder\. Name a file in it\.$/));
test('a pipe to which nobody writes', () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  checkRefused(['pipe'], {}, 'no-kubeconfig', /^The kubeconfig .*pipe is a pipe or a terminal, which is not/);
});
test('a file without an end', () => {
  const paths = ['/dev/zero'];
  checkRefused([], { paths }, 'no-kubeconfig', /^The kubeconfig \/dev\/zero is larger than 16 MiB\./);
});
test('a huge file', () => {
  writeFileSync(join(folder, 'huge'), '');
  truncateSync(join(folder, 'huge'), 2 ** 40);
  checkRefused(['huge'], {}, 'no-kubeconfig', /is larger than 16 MiB/);
});
test('a file that is nothing', () =>
  checkRefused([], { paths: ['/dev/null'] }, 'no-context', /^The kubeconfig has no contexts: log in/));
test('a proxy whose password is not encoded', () => {
  const env = { HTTPS_PROXY: 'http://me:50%@proxy:3128' };
  checkRefused(['a'], { env }, 'no-context', /has a "%" .* write it as %25\. Correct HTTPS_PROXY\.$/);
});
test.each(['torn', 'password', 'query'])('what the file keeps secret is not told: %s', (file) => {
  try {
    load([file]);
  } catch (error) {
    expect(inspect(error, { depth: null })).not.toContain('s3cret');
    return;
  }
  expect.unreachable();
});
test('a server that is no address', () =>
  checkRefused(['address'], {}, 'no-context', /^Cluster "address" .* no https URL\. Write it as/));
test('a server address with a password', () =>
  checkRefused(['password'], {}, 'no-context', /^Cluster "password" .* user name in it\. Take that out/));
test('a server address with a query', () =>
  checkRefused(['query'], {}, 'no-context', /^Cluster "query" .* a query in it\. Write it as/));
test('no context', () => checkRefused(['empty'], {}, 'no-context', /The kubeconfig has no contexts: log in/));
test('an unknown context', () =>
  checkRefused(['a', 'b'], { context: 'c' }, 'no-context', /no context "c". It has: a, b/));
test('a server address without slashes', () =>
  checkRefused(
    [entry({ server: 'https:a:6443' }, {})],
    {},
    'no-context',
    /^Cluster "x" .* no https URL\. Write/,
  ));
test('a server address with spaces', () =>
  checkRefused(
    [entry({ server: ' https://a ' }, {})],
    {},
    'no-context',
    /^Cluster "x" .* no https URL\. Write/,
  ));
test('a cluster without a server', () =>
  checkRefused([entry({}, {})], {}, 'no-context', /^Cluster "x" .* no https URL\. Write it as/));
test('a context without a cluster', () => {
  writeFileSync(join(folder, 'lone'), JSON.stringify({ contexts: [{ name: 'x', context: {} }] }));
  checkRefused(['lone'], { context: 'x' }, 'no-context', /^Context "x" names no cluster\. Switch context/);
});
test.each([{ 'certificate-authority': 'ca.crt' }, { 'certificate-authority-data': 'YQ==' }])(
  'an authority and no verification: %j',
  (authority) => {
    const cluster = { server: 'https://a', 'insecure-skip-tls-verify': true, ...authority };
    checkRefused([entry(cluster, {})], {}, 'no-context', /^Cluster "x" .* contradict each other\. Take one/);
    check([entry({ ...cluster, server: 'http://a' }, {})], {}, 'x', 'http://a');
  },
);
test.each([{ 'client-certificate': 'a.crt' }, { 'client-certificate-data': 'YQ==', token: 't' }])(
  'a certificate without its key: %j',
  (user) =>
    checkRefused(
      [entry({ server: 'https://a' }, user)],
      {},
      'login-failed',
      /^User "x" .* without its key\. Log/,
    ),
);
test.each([{ 'as-groups': ['g'] }, { 'as-uid': '7' }, { 'as-user-extra': { a: ['b'] } }])(
  'acting as nobody: %j',
  (user) =>
    checkRefused(
      [entry({ server: 'https://a' }, user)],
      {},
      'login-failed',
      /^User "x" .* not name\. Add as, or/,
    ),
);
test('a program that logs in, where that is not allowed', () =>
  checkRefused(['b'], { allowExec: false }, 'plugin-forbidden', /User "b".*Trust the workspace/));
test.each<[string, object]>([
  ['exec', { exec: { command: 'login' } }],
  ['a token and exec', { token: 't', exec: { command: 'login' } }],
])('every way to a program is refused: %s', (_, user) => {
  write('user', { name: 'user', server: 'https://a:6443', user });
  checkRefused(['user'], { allowExec: false }, 'plugin-forbidden', /^User "user" .*Trust the workspace/);
});
test('a token file is allowed everywhere', () => {
  write('user', { name: 'user', server: 'https://a:6443', user: { tokenFile: '/t' } });
  check(['user'], { allowExec: false }, 'user', 'https://a:6443');
});
test('a token is allowed everywhere', () => check(['a'], { allowExec: false }, 'a', 'https://a:6443'));
