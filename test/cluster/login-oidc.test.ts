// An id-token that has expired, and what becomes of the kubeconfig, as with kubectl.
import { chmod, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { connect } from '#cluster/connect.ts';
import { toFailure } from '#cluster/errors.ts';
import { type IdentityProvider, startIdentityProvider, toIdToken } from './identity-provider.ts';
import { hasKubectl, kubectl, request, useLoginWorld } from './login-world.ts';

const { server, folder, ask } = useLoginWorld();
const expired = toIdToken(Date.UTC(2020) / 1000);

let provider: IdentityProvider;
beforeAll(async () => {
  provider = await startIdentityProvider();
});
beforeEach(() => {
  provider.refuses = undefined;
  provider.wantsForm = false;
});
afterAll(() => provider[Symbol.asyncDispose]());

/** With comments, and read by its owner alone, as people have them. */
async function write(refreshToken: string, name = 'kubeconfig', changed = {}): Promise<string> {
  const authority = Buffer.from(provider.authority.caCert).toString('base64');
  const config = {
    'client-id': 'cli & co',
    'client-secret': 's3cret/+',
    'idp-issuer-url': provider.issuer,
    'idp-certificate-authority-data': authority,
    'id-token': expired,
    'refresh-token': refreshToken,
    ...changed,
  };
  const lines = Object.entries(config).map(([key, value]) => `        ${key}: ${value}`);
  const text = `# mine
clusters:
- {name: c, cluster: {server: 'https://127.0.0.1:${server().port}', certificate-authority: ca.crt}}
contexts:
- {name: x, context: {cluster: c, user: u}}
current-context: x
users:
- name: other
  user: {token: t}
- name: u # me
  user:
    auth-provider:
      name: oidc
      config:
${lines.join('\n')}
`;
  const file = path.join(folder(), name);
  await writeFile(file, text);
  await chmod(file, 0o600);
  return file;
}

async function tokensIn(file: string): Promise<readonly unknown[]> {
  const { users } = parse(await readFile(file, 'utf8'));
  const { config } = users[1].user['auth-provider'];
  return [config['id-token'], config['refresh-token']];
}

test('an id-token that has expired is renewed, and kept for kubectl, in the file as it was', async () => {
  provider.issue('r1');
  const file = await write('r1');
  const text = await readFile(file, 'utf8');
  const before = provider.asked.length;
  // Which also asks kubectl, after us.
  const { failure, seen } = await ask(file);
  expect(failure).toBeUndefined();
  expect(provider.asked).toHaveLength(before + 1);
  const [idToken, refreshToken] = await tokensIn(file);
  expect(seen).toEqual([{ authorization: `Bearer ${String(idToken)}`, impersonation: [] }]);
  const expected = text.replace(expired, String(idToken)).replace('r1', String(refreshToken));
  expect(await readFile(file, 'utf8')).toBe(expected);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await expect(stat(`${file}.lock`)).rejects.toThrow('ENOENT');
});

test.skipIf(!hasKubectl).each([false, true])(
  'it is asked for as kubectl asks, form alone: %s',
  async (form) => {
    provider.wantsForm = form;
    const asked = async (refreshToken: string, act: (file: string) => Promise<unknown>) => {
      provider.issue(refreshToken);
      const before = provider.asked.length;
      await act(await write(refreshToken));
      return provider.asked.slice(before);
    };
    const byKubectl = await asked('same', (file) =>
      kubectl(['get', '--raw', '/api/v1/pods'], { KUBECONFIG: file }),
    );
    const byUs = await asked('same', async (file) => {
      const connection = connect({ kubeconfigPaths: [file], allowExec: false });
      await connection.json(request);
      connection.close();
    });
    expect(byUs).toEqual(byKubectl);
    expect(byUs).toHaveLength(form ? 2 : 1);
  },
);

test('requests that wait for it ask once, and the next one has it', async () => {
  provider.issue('r2');
  const file = await write('r2', 'several');
  const before = provider.asked.length;
  const connection = connect({ kubeconfigPaths: [file], allowExec: false });
  await Promise.all([1, 2, 3].map(() => connection.json(request)));
  await connection.json(request);
  connection.close();
  expect(provider.asked).toHaveLength(before + 1);
});

test('a kubeconfig behind a link, and a token that YAML would take for something else', async () => {
  provider.issue('r3');
  const { next } = provider;
  provider.next = () => ': # "quoted"';
  const file = await write('r3', 'real');
  await symlink(file, path.join(folder(), 'link'));
  const { failure } = await ask(path.join(folder(), 'link'));
  provider.next = next;
  expect(failure).toBeUndefined();
  expect((await tokensIn(file))[1]).toBe(': # "quoted"');
});

test('what the provider says when it gives none, and the kubeconfig stays as it is', async () => {
  const file = await write('worthless');
  const text = await readFile(file, 'utf8');
  const refused = (why: string) => ({
    failure: {
      reason: 'login-failed',
      message: expect.stringMatching(
        new RegExp(
          `^User "u" .* until 2020-01-01T00:00:00.000Z, and none can be had from https:\\S+: ${why}\\. Log in`,
        ),
      ),
    },
  });
  expect(await ask(file)).toMatchObject(refused('it says invalid_grant \\(Token is not active\\.\\)'));
  provider.refuses = { code: 200, body: { access_token: 'a', token_type: 'Bearer' } };
  expect(await ask(file)).toMatchObject(refused('its answer has no id_token: .*'));
  provider.refuses = { code: 503, body: {} };
  expect(await ask(file)).toMatchObject(refused('it says 503'));
  expect(await readFile(file, 'utf8')).toBe(text);
  expect(await ask(await write('r', 'far', { 'idp-issuer-url': 'https://127.0.0.1:65534' }))).toMatchObject(
    refused('connect ECONNREFUSED 127\\.0\\.0\\.1:65534'),
  );
  const untrusted = { 'idp-certificate-authority-data': '' };
  expect(await ask(await write('r', 'untrusted', untrusted))).toMatchObject(refused('unable to verify .*'));
});

test('none is asked for that could not be kept', async () => {
  provider.issue('r4');
  const file = await write('r4');
  await writeFile(`${file}.lock`, '');
  const before = provider.asked.length;
  const connection = connect({ kubeconfigPaths: [file], allowExec: false });
  const failure = await connection.json(request).then(() => undefined, toFailure);
  connection.close();
  expect(failure?.message).toMatch(
    /somebody else writes the kubeconfig \(there is .*kubeconfig\.lock, which/,
  );
  expect(provider.asked).toHaveLength(before);
});
