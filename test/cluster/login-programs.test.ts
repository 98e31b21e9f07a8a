// Login programs (credential plugins), as kubectl would run them by the same kubeconfig.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { connect } from '#cluster/connect.ts';
import { toFailure } from '#cluster/errors.ts';
import { parseJson } from '#core/json-value.ts';
import { hasKubectl, kubectl, request, useLoginWorld } from './login-world.ts';

const { server, folder, kubeconfig, check, checkRefused, program, runs } = useLoginWorld();
const v1 = 'client.authentication.k8s.io/v1';
const exec = { apiVersion: v1, command: './login.sh', interactiveMode: 'IfAvailable' };

function credential(status: object, apiVersion = v1) {
  return { kind: 'ExecCredential', apiVersion, status };
}

test.each([v1, 'client.authentication.k8s.io/v1beta1'])('a login program of %s', async (apiVersion) => {
  await program(credential({ token: 'p' }, apiVersion));
  await check({ user: { exec: { ...exec, apiVersion } } }, { authorization: 'Bearer p' });
});

test('a login program is told what kubectl would tell it', async () => {
  await program(credential({ token: 'p' }), `test "$GREETING" = hello || exit 9`);
  const extension = { name: 'client.authentication.k8s.io/exec', extension: { audience: 'a' } };
  const cluster = { 'tls-server-name': 'kubernetes', extensions: [extension] };
  for (const provideClusterInfo of [true, false]) {
    const user = { exec: { ...exec, provideClusterInfo, env: [{ name: 'GREETING', value: 'hello' }] } };
    const file = await kubeconfig({ user, cluster });
    const connection = connect({ kubeconfigPaths: [file], allowExec: true });
    await connection.json(request);
    connection.close();
    const told = parseJson(await readFile(path.join(folder(), 'info'), 'utf8'));
    expect(told).toMatchObject({ kind: 'ExecCredential', apiVersion: v1, spec: { interactive: false } });
    if (!hasKubectl) continue;
    await kubectl(['get', '--raw', '/api/v1/pods'], { KUBECONFIG: file });
    expect(parseJson(await readFile(path.join(folder(), 'info'), 'utf8'))).toEqual(told);
  }
});

test('a login program that gives a certificate', async () => {
  const { cert, key } = await server().authority.issueClient({ user: 'jane', groups: [] });
  await program(credential({ clientCertificateData: cert, clientKeyData: key }));
  await check({ user: { exec } }, { certificate: 'jane' });
});

test('a login program runs once for all, and again when its token has expired', async () => {
  for (const [expirationTimestamp, times] of [
    [undefined, 1],
    ['2999-01-01T00:00:00Z', 1],
    ['2020-01-01T00:00:00Z', 3],
  ] as const) {
    await rm(path.join(folder(), 'runs'), { force: true });
    await program(credential({ token: 'p', expirationTimestamp }));
    const connection = connect({ kubeconfigPaths: [await kubeconfig({ user: { exec } })], allowExec: true });
    await Promise.all([1, 2, 3, 4, 5].map(() => connection.json(request)));
    await connection.json(request);
    await connection.json(request);
    connection.close();
    expect(await runs()).toBe(times);
  }
});

test('a token that is refused is renewed once', async () => {
  await program(
    '',
    `echo '{"kind":"ExecCredential","apiVersion":"${v1}","status":{"token":"'$(wc -l < '${folder()}/runs')'"}}'`,
  );
  const connection = connect({ kubeconfigPaths: [await kubeconfig({ user: { exec } })], allowExec: true });
  server().judge = ({ authorization }) => (authorization === 'Bearer 2' ? 200 : 401);
  await connection.json(request);
  expect(await runs()).toBe(2);
  server().judge = () => 401;
  await expect(connection.json(request)).rejects.toMatchObject({ reason: 'unauthorized' });
  expect(await runs()).toBe(3);
  connection.close();
});

test('requests that are refused together are all asked again with one new login', async () => {
  await program(
    '',
    `echo '{"kind":"ExecCredential","apiVersion":"${v1}","status":{"token":"'$(wc -l < '${folder()}/runs')'"}}'\nsleep 0.3`,
  );
  const connection = connect({ kubeconfigPaths: [await kubeconfig({ user: { exec } })], allowExec: true });
  await connection.json(request);
  server().judge = ({ authorization }) => (authorization === 'Bearer 2' ? 200 : 401);
  const outcomes = await Promise.all(
    [1, 2, 3, 4, 5].map(() =>
      connection.json(request).then(
        () => 'answered',
        (error: unknown) => toFailure(error).message,
      ),
    ),
  );
  connection.close();
  expect(outcomes).toEqual(Array(5).fill('answered'));
  expect(await runs()).toBe(2);
});

test('what a login program says while it waits is passed on, and its waiting is not the silence of the cluster', async () => {
  await program(credential({ token: 'p' }), `echo 'Log in at https://idp' >&2\nsleep 1`);
  const said: string[] = [];
  const connection = connect({
    kubeconfigPaths: [await kubeconfig({ user: { exec } })],
    allowExec: true,
    requestTimeoutMs: 500,
    log: (line) => said.push(line),
  });
  await connection.json(request);
  connection.close();
  expect(said).toEqual(['login.sh: Log in at https://idp']);
});

test('a login program that waits ends with the connection', async () => {
  await program('', `echo $$ > '${folder()}/pid'\nexec sleep 600`);
  const connection = connect({ kubeconfigPaths: [await kubeconfig({ user: { exec } })], allowExec: true });
  const asked = connection.json(request);
  await vi.waitFor(() =>
    readFile(path.join(folder(), 'pid'), 'utf8').then((text) => expect(text).toMatch(/\n$/)),
  );
  connection.close();
  await expect(asked).rejects.toMatchObject({ reason: 'canceled' });
  const pid = Number(await readFile(path.join(folder(), 'pid'), 'utf8'));
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
});

test.each<[string, string, string]>([
  ['answers', '', ''],
  ['fails', 'exit 3', 'login-failed'],
])('what a login program that %s has left behind is not waited for', async (_, more, reason) => {
  const pipes = openPipes();
  await program(credential({ token: 'p' }), `sleep 600 & echo $! > '${folder()}/pid'\n${more}`);
  const connection = connect({ kubeconfigPaths: [await kubeconfig({ user: { exec } })], allowExec: true });
  const asked = connection.json(request).then(
    () => '',
    (error: unknown) => toFailure(error).reason,
  );
  try {
    expect(await Promise.race([asked, delay(8000, 'waits')])).toBe(reason);
    await vi.waitFor(() => expect(openPipes()).toBe(pipes), 5000);
  } finally {
    connection.close();
    process.kill(Number(await readFile(path.join(folder(), 'pid'), 'utf8')));
  }
});

test('with the connection ends what a login program has left behind to be heard', async () => {
  const pipes = openPipes();
  await program('', `sleep 600 & echo $! > '${folder()}/pid'\nwait`);
  const connection = connect({ kubeconfigPaths: [await kubeconfig({ user: { exec } })], allowExec: true });
  const asked = connection.json(request);
  await vi.waitFor(() =>
    readFile(path.join(folder(), 'pid'), 'utf8').then((text) => expect(text).toMatch(/\n$/)),
  );
  connection.close();
  await expect(asked).rejects.toMatchObject({ reason: 'canceled' });
  await vi.waitFor(() => expect(openPipes()).toBe(pipes), 5000);
  process.kill(Number(await readFile(path.join(folder(), 'pid'), 'utf8')));
});

test('the answer of what a login program has started is waited for', async () => {
  await program('', `(sleep 1; cat '${folder()}/late') &\nexit`);
  await writeFile(path.join(folder(), 'late'), JSON.stringify(credential({ token: 'late' })));
  await check({ user: { exec } }, { authorization: 'Bearer late' });
});

function openPipes(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'PipeWrap').length;
}

test('a login program that is missing', async () => {
  const missing = { ...exec, command: 'no-such-login' };
  await checkRefused(
    { user: { exec: { ...missing, installHint: 'Get it\nfrom https://x' } } },
    'exec-missing',
    /^User "u" .* the program "no-such-login", which is in no folder of PATH\. Get it from https:\/\/x\. Install it where PATH leads, or switch context\.$/,
  );
  await checkRefused(
    { user: { exec: missing } },
    'exec-missing',
    /of PATH\. Install it where PATH leads, or/,
  );
  await checkRefused(
    { user: { exec: { ...exec, command: './no-such-login' } } },
    'exec-missing',
    /the program "\/\S+\/no-such-login", which is not there\. Install it there, or switch context\.$/,
  );
  const plain = path.join(folder(), 'plain');
  await writeFile(plain, '');
  await checkRefused(
    { user: { exec: { ...exec, command: plain } } },
    'exec-missing',
    /plain", which may not be executed\. Make it executable, or switch context\.$/,
  );
});
test('a login program that fails', async () => {
  await program('', 'echo no ticket >&2\nexit 3');
  await checkRefused(
    { user: { exec } },
    'login-failed',
    /^Cannot get credentials for user "u" .*: no ticket\. Log in/,
  );
  await program('', 'exit 3');
  await checkRefused({ user: { exec } }, 'login-failed', /login\.sh" exited with 3\. Log in/);
});
test.each<[string, object | string, RegExp]>([
  ['nothing', '', /did not answer with credentials\. Run it/],
  ['no credentials', credential({}), /did not answer with credentials\. Run it/],
  [
    'half of a certificate',
    credential({ clientCertificateData: 'x' }),
    /did not answer with credentials\. Run it/,
  ],
  [
    'another version',
    credential({ token: 's3c' }, 'client.authentication.k8s.io/v1beta1'),
    /speaks client\S+\/v1beta1 where the kubeconfig says \S+\/v1\. /,
  ],
])('a login program that answers with %s', async (_, answer, message) => {
  await program(answer);
  await checkRefused({ user: { exec } }, 'login-failed', message);
});
test('a login program that must ask at a terminal', async () => {
  await program(credential({ token: 'p' }));
  await checkRefused(
    { user: { exec: { ...exec, interactiveMode: 'Always' } } },
    'login-failed',
    /asks at a terminal, and there is none here\. Run a command of kubectl/,
  );
});

test.skipIf(!existsSync('/usr/bin/script'))(
  'a login program asks at the terminal of the command line',
  async () => {
    await program(
      '',
      `printf 'Password: ' >&2\nread -r word\necho '{"kind":"ExecCredential","apiVersion":"${v1}","status":{"token":"'$word'"}}'\nexit`,
    );
    const file = await kubeconfig({ user: { exec: { ...exec, interactiveMode: 'Always' } } });
    const cli = path.join(import.meta.dirname, '../../dist/cli.mjs');
    const command = `'${process.execPath}' '${cli}' status --kubeconfig '${file}'`;
    const said = await new Promise<string>((resolve) => {
      const child = execFile(
        '/usr/bin/script',
        ['-qec', command, '/dev/null'],
        { timeout: 30_000 },
        (_, out) => resolve(out),
      );
      child.stdout?.on('data', (chunk: string) => {
        if (chunk.includes('Password: ')) child.stdin?.write('typed\n');
      });
    });
    expect(said).toContain('Password: ');
    expect(server().seen.at(-1)).toMatchObject({ authorization: 'Bearer typed' });
  },
);
