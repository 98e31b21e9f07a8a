// The same kubeconfig in front of the same server, once for us and once for kubectl where this machine has it.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { connect } from '#cluster/connect.ts';
import { toFailure } from '#cluster/errors.ts';
import { parseJson } from '#cluster/json.ts';
import { kinds } from '#cluster/kinds.ts';
import { startHttpProxy, startSocksProxy } from './forward-proxy.ts';
import { type LoginServer, type Seen, startLoginServer } from './login-server.ts';

const signal = AbortSignal.timeout(10 * 60_000);
const hasKubectl = (await kubectl(['version', '--client'], {})).code === 0;
let server: LoginServer;
let folder = '';

beforeAll(async () => {
  server = await startLoginServer();
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ert-login-'));
  server.judge = () => 200;
  await write('ca.crt', server.authority.caCert);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});
afterAll(() => server[Symbol.asyncDispose]());

interface Parts {
  readonly user: object;
  /** Besides server and certificate authority. */
  readonly cluster?: object;
  readonly host?: string;
  readonly port?: number;
}

function write(name: string, text: string): Promise<void> {
  return writeFile(path.join(folder, name), text);
}

/** @returns the path of a kubeconfig, in the folder or a subfolder of it. */
async function kubeconfig(
  { user, cluster = {}, host = '127.0.0.1', port = server.port }: Parts,
  name = 'kubeconfig',
) {
  const file = path.join(folder, name);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'c',
        cluster: { server: `https://${host}:${port}`, 'certificate-authority': 'ca.crt', ...cluster },
      },
    ],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(config));
  return file;
}

const request = { verb: 'list', kind: kinds.pod, signal } as const;

/** @returns our outcome, and fails where kubectl has another. */
async function ask(
  file: string,
): Promise<{ readonly failure?: ReturnType<typeof toFailure>; readonly seen: readonly Seen[] }> {
  const before = server.seen.length;
  const connection = connect({ kubeconfigPaths: [file], allowExec: true });
  const failure = await connection.json(request).then(() => undefined, toFailure);
  connection.close();
  const seen = server.seen.slice(before);
  if (hasKubectl) {
    const { code, err } = await kubectl(['get', '--raw', '/api/v1/pods'], { KUBECONFIG: file });
    expect(code === 0, `kubectl: ${err}`).toBe(failure === undefined);
    if (code === 0) expect(server.seen.at(-1)).toEqual(seen.at(-1));
  }
  return failure === undefined ? { seen } : { failure, seen };
}

async function check(parts: Parts, expected: Partial<Seen>) {
  const { failure, seen } = await ask(await kubeconfig(parts));
  expect(failure).toBeUndefined();
  expect(seen).toEqual([{ impersonation: [], ...expected }]);
}

async function checkRefused(parts: Parts, reason: string, message: RegExp) {
  const { failure } = await ask(await kubeconfig(parts));
  expect(failure).toMatchObject({ reason, message: expect.stringMatching(message) });
}

function kubectl(args: readonly string[], env: Readonly<Record<string, string>>) {
  return new Promise<{ readonly code: number | null; readonly err: string }>((resolve) => {
    const child = execFile(
      'kubectl',
      args,
      { env: { ...process.env, ...env }, timeout: 30_000 },
      (error, _out, err) => resolve({ code: error === null ? 0 : (child.exitCode ?? 1), err }),
    );
    child.stdin?.end();
  });
}

/** A login program, which notes what it is told and how often it is run. */
async function program(answer: object | string, more = '') {
  const file = path.join(folder, 'login.sh');
  await write('answer', typeof answer === 'string' ? answer : JSON.stringify(answer));
  await writeFile(
    file,
    `#!/bin/sh\nprintf '%s' "$KUBERNETES_EXEC_INFO" > '${folder}/info'\necho run >> '${folder}/runs'\n${more}\ncat '${folder}/answer'\n`,
  );
  await chmod(file, 0o755);
}

const v1 = 'client.authentication.k8s.io/v1';
const exec = { apiVersion: v1, command: './login.sh', interactiveMode: 'IfAvailable' };

function credential(status: object, apiVersion = v1) {
  return { kind: 'ExecCredential', apiVersion, status };
}

async function runs(): Promise<number> {
  return (await readFile(path.join(folder, 'runs'), 'utf8')).split('\n').length - 1;
}

test('a token', () => check({ user: { token: 't' } }, { authorization: 'Bearer t' }));
test('a name and a password', () =>
  check({ user: { username: 'me', password: 'pw' } }, { authorization: 'Basic bWU6cHc=' }));

test('a token file beside the kubeconfig, before the token in it', async () => {
  await write('token', 'from-file\n');
  await check({ user: { token: 't', tokenFile: 'token' } }, { authorization: 'Bearer from-file' });
});

test('the token of the kubeconfig where there is no token file any more', async () => {
  const { failure, seen } = await ask(await kubeconfig({ user: { token: 't', tokenFile: 'none' } }));
  expect(failure).toBeUndefined();
  expect(seen).toEqual([{ authorization: 'Bearer t', impersonation: [] }]);
});

test('a token file is read anew', async () => {
  await write('token', 'one');
  const file = await kubeconfig({ user: { tokenFile: 'token' } });
  const connection = connect({ kubeconfigPaths: [file], allowExec: false });
  await connection.json(request);
  await write('token', 'two');
  await connection.json(request);
  connection.close();
  expect(server.seen.slice(-2).map(({ authorization }) => authorization)).toEqual([
    'Bearer one',
    'Bearer two',
  ]);
});

test('a token file that is gone', () =>
  checkRefused({ user: { tokenFile: 'none' } }, 'login-failed', /user "u" .*ENOENT.*none'\. Log in/));

test('a client certificate in files beside the kubeconfig, and in it', async () => {
  const { cert, key } = await server.authority.issueClient({ user: 'jane', groups: [] });
  await write('jane.crt', cert);
  await write('jane.key', key);
  await check(
    { user: { 'client-certificate': 'jane.crt', 'client-key': 'jane.key' } },
    { certificate: 'jane' },
  );
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const user = { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) };
  await check({ user }, { certificate: 'jane' });
  await write('jane.key', 'nothing of the kind');
  await checkRefused(
    { user: { 'client-certificate': 'jane.crt', 'client-key': 'jane.key' } },
    'login-failed',
    /^The client certificate or its key in the kubeconfig cannot be read \(.*\)\. Log in/,
  );
});

test('the certificate authority in the kubeconfig', () => {
  const data = Buffer.from(server.authority.caCert).toString('base64');
  const cluster = { 'certificate-authority': undefined, 'certificate-authority-data': data };
  return check({ user: { token: 't' }, cluster }, { authorization: 'Bearer t' });
});

test('acting as somebody else, with each group on a line of its own', () =>
  check(
    {
      user: {
        token: 't',
        as: 'jane',
        'as-uid': '7',
        'as-groups': ['a', 'b, c'],
        'as-user-extra': { 'example.com/scopes': ['x', 'y'] },
      },
    },
    {
      authorization: 'Bearer t',
      impersonation: [
        'impersonate-extra-example.com%2fscopes: x',
        'impersonate-extra-example.com%2fscopes: y',
        'impersonate-group: a',
        'impersonate-group: b, c',
        'impersonate-uid: 7',
        'impersonate-user: jane',
      ],
    },
  ));

test('several files, each with paths of its own; the first to name something wins', async () => {
  await write('token', 'near');
  const near = await kubeconfig({ user: { tokenFile: 'token' } });
  const far = await kubeconfig({ user: { tokenFile: 'token' }, host: 'nowhere' }, 'far/kubeconfig');
  await writeFile(path.join(folder, 'far/token'), 'far');
  const both = JSON.parse(await readFile(far, 'utf8'));
  both.users.push({ name: 'other', user: { tokenFile: 'token' } });
  both.contexts.push({ name: 'y', context: { cluster: 'c', user: 'other' } });
  await writeFile(far, JSON.stringify(both));
  const files = [path.join(folder, 'none'), near, far];
  for (const [context, token] of [
    ['x', 'near'],
    ['y', 'far'],
  ] as const) {
    vi.stubEnv('KUBECONFIG', files.join(path.delimiter));
    const connection = connect({ context, allowExec: false });
    await connection.json(request);
    connection.close();
    expect(server.seen.at(-1)?.authorization).toBe(`Bearer ${token}`);
    if (!hasKubectl) continue;
    await kubectl(['get', '--raw', '/api/v1/pods', '--context', context], {});
    expect(server.seen.at(-1)?.authorization).toBe(`Bearer ${token}`);
  }
});

test('the name of the server is told, and checked', async () => {
  const named = { 'tls-server-name': 'kubernetes' };
  await check(
    { user: { token: 't' }, host: '127.0.0.2', cluster: named },
    { authorization: 'Bearer t', serverName: 'kubernetes' },
  );
  await checkRefused(
    { user: { token: 't' }, host: '127.0.0.2' },
    'tls',
    /is for 127\.0\.0\.1, localhost, kubernetes, .* \(ERR_TLS_CERT_ALTNAME_INVALID\)\. Use such/,
  );
});
test('a certificate that nobody checks', () =>
  check(
    {
      user: { token: 't' },
      cluster: { 'certificate-authority': undefined, 'insecure-skip-tls-verify': true },
    },
    { authorization: 'Bearer t' },
  ));
test('a certificate of an authority that is not known', () =>
  checkRefused(
    { user: { token: 't' }, cluster: { 'certificate-authority': undefined } },
    'tls',
    /^The certificate of https:.* is not trusted \(/,
  ));
test('a certificate that has expired', async () => {
  await using old = await startLoginServer({ notAfter: new Date(Date.now() - 3_600_000) });
  await write('ca.crt', old.authority.caCert);
  await checkRefused(
    { user: { token: 't' }, port: old.port },
    'tls',
    /^The certificate of https:.* has expired \(CERT_HAS_EXPIRED\)\. Look at the clock/,
  );
});
test('something that speaks no TLS', async () => {
  const plain = createTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => plain.listen(0, resolve));
  const address = plain.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await checkRefused(
    { user: { token: 't' }, port },
    'tls',
    /^What listens at https:.* does not speak TLS \(/,
  );
  plain.close();
});
test('an authority file that is gone', () =>
  checkRefused(
    { user: { token: 't' }, cluster: { 'certificate-authority': 'none' } },
    'login-failed',
    /ENOENT.*none/,
  ));

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
    const told = parseJson(await readFile(path.join(folder, 'info'), 'utf8'));
    expect(told).toMatchObject({ kind: 'ExecCredential', apiVersion: v1, spec: { interactive: false } });
    if (!hasKubectl) continue;
    await kubectl(['get', '--raw', '/api/v1/pods'], { KUBECONFIG: file });
    expect(parseJson(await readFile(path.join(folder, 'info'), 'utf8'))).toEqual(told);
  }
});

test('a login program that gives a certificate', async () => {
  const { cert, key } = await server.authority.issueClient({ user: 'jane', groups: [] });
  await program(credential({ clientCertificateData: cert, clientKeyData: key }));
  await check({ user: { exec } }, { certificate: 'jane' });
});

test('a login program runs once for all, and again when its token has expired', async () => {
  for (const [expirationTimestamp, times] of [
    [undefined, 1],
    ['2999-01-01T00:00:00Z', 1],
    ['2020-01-01T00:00:00Z', 3],
  ] as const) {
    await rm(path.join(folder, 'runs'), { force: true });
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
    `echo '{"kind":"ExecCredential","apiVersion":"${v1}","status":{"token":"'$(wc -l < '${folder}/runs')'"}}'`,
  );
  const connection = connect({ kubeconfigPaths: [await kubeconfig({ user: { exec } })], allowExec: true });
  server.judge = ({ authorization }) => (authorization === 'Bearer 2' ? 200 : 401);
  await connection.json(request);
  expect(await runs()).toBe(2);
  server.judge = () => 401;
  await expect(connection.json(request)).rejects.toMatchObject({ reason: 'unauthorized' });
  expect(await runs()).toBe(3);
  connection.close();
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
  expect(said).toEqual(['Log in at https://idp']);
});

test('a login program that waits ends with the connection', async () => {
  await program('', `echo $$ > '${folder}/pid'\nexec sleep 600`);
  const connection = connect({ kubeconfigPaths: [await kubeconfig({ user: { exec } })], allowExec: true });
  const asked = connection.json(request);
  await vi.waitFor(() =>
    readFile(path.join(folder, 'pid'), 'utf8').then((text) => expect(text).toMatch(/\n$/)),
  );
  connection.close();
  await expect(asked).rejects.toMatchObject({ reason: 'canceled' });
  const pid = Number(await readFile(path.join(folder, 'pid'), 'utf8'));
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
});

test('a login program that is missing', () =>
  checkRefused(
    { user: { exec: { ...exec, command: 'no-such-login', installHint: 'Get it\nfrom https://x.' } } },
    'exec-missing',
    /^User "u" .* the program "no-such-login", which cannot be started\. Get it from https:\/\/x\. Or switch context\.$/,
  ));
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
    expect(server.seen.at(-1)).toMatchObject({ authorization: 'Bearer typed' });
  },
);

test('an id-token of OpenID Connect, until it expires', async () => {
  const token = (exp: number) =>
    ['{}', JSON.stringify({ exp }), 'x'].map((text) => Buffer.from(text).toString('base64url')).join('.');
  const provider = (idToken: string) => ({
    'auth-provider': {
      name: 'oidc',
      config: { 'client-id': 'c', 'idp-issuer-url': 'https://127.0.0.1:1', 'id-token': idToken },
    },
  });
  const good = token(Date.UTC(2999) / 1000);
  await check({ user: provider(good) }, { authorization: `Bearer ${good}` });
  await checkRefused(
    { user: provider(token(Date.UTC(2020) / 1000)) },
    'login-failed',
    /^User "u" .* OpenID Connect and had an id-token until 2020-01-01T00:00:00\.000Z\. Run any command of kubectl/,
  );
});
test.each(['gcp', 'azure', 'tokenFile', 'exec'])(
  'the auth-provider %s is no more, and runs nothing',
  async (name) => {
    await program(credential({ token: 'p' }));
    const command = path.join(folder, 'login.sh');
    const config = { 'cmd-path': command, exec: { command }, tokenFile: 'ca.crt' };
    await checkRefused(
      { user: { 'auth-provider': { name, config } } },
      'login-failed',
      new RegExp(`auth-provider "${name}", which kubectl knows no more`),
    );
    await expect(runs()).rejects.toThrow('ENOENT');
  },
);

test('401 and 403', async () => {
  server.judge = () => 401;
  await checkRefused({ user: { token: 't' } }, 'unauthorized', /: 401\. .*Log in to the cluster again/);
  server.judge = () => 403;
  await checkRefused({ user: { token: 't' } }, 'forbidden', /^Cannot list pods: 403\. No\./);
});

const far = { host: 'api.example', cluster: { 'tls-server-name': 'kubernetes' } };

function through(proxy: string): Parts {
  return { user: { token: 't' }, ...far, cluster: { ...far.cluster, 'proxy-url': proxy } };
}

const arrived = { authorization: 'Bearer t', serverName: 'kubernetes' };

test('a proxy of the kubeconfig, which resolves the name', async () => {
  await using proxy = await startHttpProxy({ to: server.port });
  await check(through(`http://127.0.0.1:${proxy.port}`), arrived);
  expect(new Set(proxy.asked)).toEqual(new Set([`api.example:${server.port}`]));
});
test('a proxy that wants a login', async () => {
  await using proxy = await startHttpProxy({ to: server.port, login: 'me:p@ss' });
  await check(through(`http://me:p%40ss@127.0.0.1:${proxy.port}`), arrived);
  await checkRefused(
    through(`http://me:s3cret@127.0.0.1:${proxy.port}`),
    'unreachable',
    /^Cannot reach the cluster at https:\/\/api\.example:\d+: the proxy http:\/\/127\.0\.0\.1:\d+ wants a login \(407\)\. Check proxy-url/,
  );
});
test('a proxy that refuses', async () => {
  await using proxy = await startHttpProxy({ to: server.port, refuses: 403 });
  await checkRefused(
    through(`http://127.0.0.1:${proxy.port}`),
    'unreachable',
    /the proxy http:\S+ refuses to connect to it \(403\)\./,
  );
});
test('a proxy that is not there', () =>
  checkRefused(
    through('http://127.0.0.1:1'),
    'unreachable',
    /the proxy http:\/\/127\.0\.0\.1:1 cannot be reached: nothing listens there \(ECONNREFUSED\)\./,
  ));
test('a proxy behind TLS, whose authority Node is told of', async () => {
  const certificate = await server.authority.issueServer('proxy');
  await using proxy = await startHttpProxy({ to: server.port, certificate });
  const file = await kubeconfig(through(`https://localhost:${proxy.port}`));
  const before = server.seen.length;
  const argv = [path.join(import.meta.dirname, '../../dist/cli.mjs'), 'status', '--kubeconfig', file];
  const authorities = { NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.crt') };
  await new Promise((resolve) => {
    execFile(process.execPath, argv, { env: { ...process.env, ...authorities } }, resolve);
  });
  expect(server.seen.slice(before)).toContainEqual({ impersonation: [], ...arrived });
  expect(proxy.asked).toContain(`api.example:${server.port}`);
});
test('a SOCKS proxy', async () => {
  await using proxy = await startSocksProxy({ to: server.port });
  await check(through(`socks5://127.0.0.1:${proxy.port}`), arrived);
  expect(new Set(proxy.asked)).toEqual(new Set([`api.example:${server.port}`]));
});
test('a SOCKS proxy that wants a login', async () => {
  await using proxy = await startSocksProxy({ to: server.port, login: 'me:pass' });
  await check(through(`socks5://me:pass@127.0.0.1:${proxy.port}`), arrived);
  for (const login of ['', 'me:other@']) {
    await checkRefused(
      through(`socks5://${login}127.0.0.1:${proxy.port}`),
      'unreachable',
      /the proxy socks5:\/\/127\S+ refuses to connect to it \(.*\)\. Check proxy-url/,
    );
  }
});
test('a SOCKS proxy that refuses', async () => {
  await using proxy = await startSocksProxy({ to: server.port, replies: 2 });
  await checkRefused(
    through(`socks5://127.0.0.1:${proxy.port}`),
    'unreachable',
    /the proxy socks5:\S+ refuses to connect to it \(.*\)\./,
  );
});
test('a proxy that is none', () =>
  expect(
    kubeconfig(through('ftp://x')).then((file) => connect({ kubeconfigPaths: [file], allowExec: true })),
  ).rejects.toMatchObject({
    reason: 'no-context',
    message: expect.stringMatching(/^Cluster "c" .* no http, https or socks5 URL\. Correct proxy-url\.$/),
  }));
test.each<[string, string, number]>([
  ['', '', 1],
  ['NO_PROXY', '10.0.0.0/8,.other', 1],
])('a proxy of the environment, %s %s', async (name, value, times) => {
  await using proxy = await startHttpProxy({ to: server.port });
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${proxy.port}`);
  if (name !== '') vi.stubEnv(name, value);
  await check({ user: { token: 't' }, ...far }, arrived);
  expect(proxy.asked.length).toBeGreaterThanOrEqual(times);
});
