import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '#cluster/connect.ts';
import { toFailure } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ert-credentials-'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  writeFileSync(join(folder, 'huge'), '');
  truncateSync(join(folder, 'huge'), 2 ** 40);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Parts {
  readonly cluster?: object;
  readonly user?: object;
}

/** Nobody is asked: each of these files fails before. */
async function check({ cluster = {}, user = {} }: Parts, message: RegExp) {
  const file = join(folder, 'kubeconfig');
  const config = {
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:65534', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(file, JSON.stringify(config));
  const connection = connect({ kubeconfigPaths: [file], allowExec: true });
  const request = { verb: 'list', kind: kinds.pod, signal: new AbortController().signal } as const;
  const failure = await connection.json(request).then(() => undefined, toFailure);
  connection.close();
  expect(failure).toEqual({ reason: 'login-failed', message: expect.stringMatching(message) });
}

const login = { command: 'true', provideClusterInfo: true };
const idToken = ['{}', JSON.stringify({ exp: 0 }), 'x'].map((part) =>
  Buffer.from(part).toString('base64url'),
);
const oidc = { 'idp-issuer-url': 'https://127.0.0.1:65534', 'client-id': 'i', 'refresh-token': 'r' };
const byProvider = (file: string) => ({
  name: 'oidc',
  config: { ...oidc, 'id-token': idToken.join('.'), 'idp-certificate-authority': file },
});

const places: readonly (readonly [string, (file: string) => Parts])[] = [
  ['certificate-authority', (file) => ({ cluster: { 'certificate-authority': file } })],
  ['of a login program', (file) => ({ cluster: { 'certificate-authority': file }, user: { exec: login } })],
  ['client-certificate', (file) => ({ user: { 'client-certificate': file, 'client-key-data': 'YQ==' } })],
  ['client-key', (file) => ({ user: { 'client-certificate-data': 'YQ==', 'client-key': file } })],
  ['tokenFile', (file) => ({ user: { tokenFile: file } })],
  ['idp-certificate-authority', (file) => ({ user: { 'auth-provider': byProvider(file) } })],
];
const files: readonly (readonly [string, string, RegExp])[] = [
  ['a pipe to which nobody writes', 'pipe', /The file \S*pipe, .* a pipe or a terminal, which is not waited/],
  [
    'a device without an end',
    '/dev/zero',
    /The file \/dev\/zero, which the kubeconfig names, is larger than 16/,
  ],
  ['a huge file', 'huge', /The file \S*huge, which the kubeconfig names, is larger than 16 MiB\. Name/],
  ['a file that is not there', 'gone', /ENOENT.*gone/],
];
const rows = places.flatMap(([place, parts]) =>
  files.map(([what, file, message]) => [`${place}: ${what}`, parts(file), message] as const),
);
test.each(rows)('%s', (_, parts, message) => check(parts, message));
