// Who we are by a kubeconfig, as kubectl would be by the same one.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { connect } from '#cluster/connect.ts';
import { hasKubectl, kubectl, request, useLoginWorld } from './login-world.ts';

const { server, folder, write, kubeconfig, ask, check, checkRefused, program, runs } = useLoginWorld();

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
  expect(
    server()
      .seen.slice(-2)
      .map(({ authorization }) => authorization),
  ).toEqual(['Bearer one', 'Bearer two']);
});

test('a token file that is gone', () =>
  checkRefused({ user: { tokenFile: 'none' } }, 'login-failed', /user "u" .*ENOENT.*none'\. Log in/));

test('a token file with nothing in it', async () => {
  await write('token', '\n');
  await checkRefused(
    { user: { tokenFile: 'token' } },
    'login-failed',
    /^The token file \S*token, .* is empty\. Log/,
  );
  const { seen } = await ask(await kubeconfig({ user: { token: 't', tokenFile: 'token' } }));
  expect(seen).toEqual([{ authorization: 'Bearer t', impersonation: [] }]);
});

test('a client certificate in files beside the kubeconfig, and in it', async () => {
  const { cert, key } = await server().authority.issueClient({ user: 'jane', groups: [] });
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
  const data = Buffer.from(server().authority.caCert).toString('base64');
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
  await writeFile(path.join(folder(), 'far/token'), 'far');
  const both = JSON.parse(await readFile(far, 'utf8'));
  both.users.push({ name: 'other', user: { tokenFile: 'token' } });
  both.contexts.push({ name: 'y', context: { cluster: 'c', user: 'other' } });
  await writeFile(far, JSON.stringify(both));
  const files = [path.join(folder(), 'none'), near, far];
  for (const [context, token] of [
    ['x', 'near'],
    ['y', 'far'],
  ] as const) {
    vi.stubEnv('KUBECONFIG', files.join(path.delimiter));
    const connection = connect({ context, allowExec: false });
    await connection.json(request);
    connection.close();
    expect(server().seen.at(-1)?.authorization).toBe(`Bearer ${token}`);
    if (!hasKubectl) continue;
    await kubectl(['get', '--raw', '/api/v1/pods', '--context', context], {});
    expect(server().seen.at(-1)?.authorization).toBe(`Bearer ${token}`);
  }
});

const yaml = {
  clusters:
    'clusters: [{name: c, cluster: {certificate-authority: ca.crt, server: "https://127.0.0.1:PORT"}}]',
  others:
    'users: [{name: u, user: {token: t}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x',
};
test.each<[string, string]>([
  ['a second document', `${yaml.clusters}\n${yaml.others}\n---\nusers: []\n`],
  [
    'a key that is there twice',
    `${yaml.clusters}\n${yaml.others.replace('{token: t', '{token: x, token: t')}`,
  ],
  [
    'a merge key',
    `x: &ca {certificate-authority: ca.crt}\n${yaml.clusters.replace('certificate-authority: ca.crt', '<<: *ca')}\n${yaml.others}`,
  ],
  ['a scheme in capitals', `${yaml.clusters.replace('https:', 'HTTPS:')}\n${yaml.others}`],
])('a kubeconfig with %s', async (_, text) => {
  await write('kubeconfig', text.replace('PORT', String(server().port)));
  const { failure, seen } = await ask(path.join(folder(), 'kubeconfig'));
  expect(failure).toBeUndefined();
  expect(seen).toEqual([{ authorization: 'Bearer t', impersonation: [] }]);
});

test.each(['', '# Nothing yet.\n', '---\n'])('a first file that says nothing, %j', async (nothing) => {
  await write('nothing', nothing);
  const file = await kubeconfig({ user: { token: 't' } });
  vi.stubEnv('KUBECONFIG', [path.join(folder(), 'nothing'), file].join(path.delimiter));
  const connection = connect({ allowExec: false });
  await connection.json(request);
  connection.close();
  expect(server().seen.at(-1)?.authorization).toBe('Bearer t');
  if (hasKubectl) expect(await kubectl(['get', '--raw', '/api/v1/pods'], {})).toMatchObject({ code: 0 });
});

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
    /^User "u" .* OpenID Connect and had an id-token until 2020-01-01T00:00:00\.000Z, and no refresh-token to get a new one with\. Log in/,
  );
});
test.each(['gcp', 'azure', 'tokenFile', 'exec'])(
  'the auth-provider %s is no more, and runs nothing',
  async (name) => {
    await program('');
    const command = path.join(folder(), 'login.sh');
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
  server().judge = () => 401;
  await checkRefused({ user: { token: 't' } }, 'unauthorized', /: 401\. .*Log in to the cluster again/);
  server().judge = () => 403;
  await checkRefused({ user: { token: 't' } }, 'forbidden', /^Cannot list pods: 403\. No\./);
});
