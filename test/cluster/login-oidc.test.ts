// An id-token that has expired, and what becomes of the kubeconfig, as with kubectl.
import { execFileSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
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
  provider.before = Promise.resolve();
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
  provider.refuses = { code: 200, body: { id_token: 'x'.repeat(2 ** 21) } };
  expect(await ask(file)).toMatchObject(refused('its answer is larger than 1 MiB'));
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

test('of two who ask at once, one takes what the other one is given, and nobody holds the lock meanwhile', async () => {
  provider.issue('r5');
  const file = await write('r5', 'at-once');
  const answering = new EventEmitter();
  provider.before = once(answering, 'now');
  const asked = provider.asked.length;
  const before = server().seen.length;
  const connections = [1, 2].map(() => connect({ kubeconfigPaths: [file], allowExec: false }));
  const answers = connections.map((connection) => connection.json(request).then(() => 'let in', toFailure));
  // One is kept waiting, and the other one is refused, by header and by form.
  await vi.waitFor(() => expect(provider.asked).toHaveLength(asked + 3), { timeout: 5000 });
  await expect(stat(`${file}.lock`)).rejects.toThrow('ENOENT');
  answering.emit('now');
  expect(await Promise.all(answers)).toEqual(['let in', 'let in']);
  for (const connection of connections) connection.close();
  const authorization = `Bearer ${String((await tokensIn(file))[0])}`;
  expect(server().seen.slice(before)).toMatchObject([{ authorization }, { authorization }]);
});

const canMount = process.platform === 'linux' && process.getuid?.() === 0;

function mount(at: string, ...args: readonly string[]): Disposable {
  execFileSync('mount', [...args, at]);
  return { [Symbol.dispose]: () => void execFileSync('umount', ['-l', at]) };
}

// Mounting takes root.
test.skipIf(!canMount)('on a full disk none is asked for, and the kubeconfig stays as it is', async () => {
  provider.issue('r6');
  const full = path.join(folder(), 'full');
  await mkdir(full);
  using _ = mount(full, '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs');
  await writeFile(path.join(full, 'ca.crt'), server().authority.caCert);
  const file = await write('r6', 'full/kubeconfig');
  const text = await readFile(file, 'utf8');
  await expect(writeFile(path.join(full, 'rest'), Buffer.alloc(2 ** 21))).rejects.toThrow('ENOSPC');
  const asked = provider.asked.length;
  const connection = connect({ kubeconfigPaths: [file], allowExec: false });
  await expect(connection.json(request)).rejects.toMatchObject({
    reason: 'login-failed',
    message: expect.stringMatching(/ENOSPC/),
  });
  connection.close();
  expect(provider.asked).toHaveLength(asked);
  expect(await readFile(file, 'utf8')).toBe(text);
  expect(await readdir(full)).toEqual(['ca.crt', 'kubeconfig', 'rest']);
});

test.skipIf(!canMount)(
  'a disk that fills while it is asked for takes nothing from the kubeconfig',
  async () => {
    provider.issue('r8');
    const full = path.join(folder(), 'filling');
    await mkdir(full);
    using _ = mount(full, '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs');
    await writeFile(path.join(full, 'ca.crt'), server().authority.caCert);
    const file = await write('r8', 'filling/kubeconfig');
    const text = await readFile(file, 'utf8');
    const answering = new EventEmitter();
    provider.before = once(answering, 'now');
    const asked = provider.asked.length;
    const connection = connect({ kubeconfigPaths: [file], allowExec: false });
    const failure = connection.json(request).then(() => undefined, toFailure);
    await vi.waitFor(() => expect(provider.asked).toHaveLength(asked + 1), { timeout: 5000 });
    await expect(writeFile(path.join(full, 'rest'), Buffer.alloc(2 ** 21))).rejects.toThrow('ENOSPC');
    answering.emit('now');
    expect(await failure).toMatchObject({ reason: 'login-failed', message: expect.stringMatching(/ENOSPC/) });
    connection.close();
    expect(await readFile(file, 'utf8')).toBe(text);
    expect(await readdir(full)).toEqual(['ca.crt', 'kubeconfig', 'rest']);
  },
);

test.skipIf(!canMount)('a kubeconfig that is mounted by itself is written where it is', async () => {
  provider.issue('r7');
  const file = await write('r7', 'alone');
  using _ = mount(file, '--bind', file);
  expect((await ask(file)).failure).toBeUndefined();
  expect(await tokensIn(file)).toEqual([expect.not.stringMatching(expired), provider.next()]);
});
