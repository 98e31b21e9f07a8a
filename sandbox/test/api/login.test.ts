import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { get, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTokenSigner } from '#sandbox/api/auth/service-account-token.ts';
import { type Api, startApi } from '#sandbox/api/start.ts';

let dir: string;
let api: Api;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ert-api-'));
  api = await startApi({ host: '127.0.0.1', dir, historyLimit: 5 });
});
afterAll(async () => {
  await api.close();
  await rm(dir, { recursive: true });
});

function clientOf(kubeconfig: string): CoreV1Api {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  return config.makeApiClient(CoreV1Api);
}

test('the administrator comes with a client certificate, a service account with a token', async () => {
  const admin = clientOf(await api.kubeconfigFor({ kind: 'admin' }));
  expect((await admin.listNamespace()).items.map(({ metadata }) => metadata?.name)).toEqual([
    'default',
    'kube-node-lease',
    'kube-public',
    'kube-system',
  ]);
  const who = { kind: 'serviceAccount', namespace: 'default', name: 'default' } as const;
  const account = clientOf(await api.kubeconfigFor(who));
  await expect(account.listNamespace()).rejects.toMatchObject({ code: 403 });
  expect(await readFile(join(dir, 'ca.crt'), 'utf8')).toBe(api.caCert);
});

test('a login that has expired is a 401', async () => {
  const ann = { name: 'ann', groups: ['system:masters'], token: 'secret' };
  api.setUser(ann);
  const client = clientOf(await api.kubeconfigFor({ kind: 'user', name: 'ann' }));
  expect((await client.listNode()).items).toEqual([]);
  api.setUser({ ...ann, expires: new Date(Date.now() - 1) });
  await expect(client.listNode()).rejects.toMatchObject({ code: 401 });
});

test('a watch from a revision that is forgotten is told so', async () => {
  const config = new KubeConfig();
  config.loadFromString(await api.kubeconfigFor({ kind: 'admin' }));
  const core = config.makeApiClient(CoreV1Api);
  for (let index = 0; index < 30; index += 1) {
    const body = { metadata: { name: `c${index}` } };
    await core.createNamespacedConfigMap({ namespace: 'default', body });
  }
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const answer = await textAt(`${api.url}/api/v1/configmaps?watch=true&resourceVersion=2`, options);
  expect(JSON.parse(answer)).toMatchObject({
    type: 'ERROR',
    object: { kind: 'Status', code: 410, reason: 'Expired' },
  });
});

function textAt(url: string, options: RequestOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, options, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
}

test("a service account's token is read back by its signer alone, until it expires", () => {
  const signer = createTokenSigner('issuer');
  const claims = { namespace: 'n', name: 'a', uid: 'u' };
  const expires = new Date(Math.floor(Date.now() / 1000) * 1000 + 60_000);
  const token = signer.issue({ ...claims, expires });
  expect(signer.read(token)).toEqual({ ...claims, expires });
  expect(createTokenSigner('issuer').read(token)).toBeUndefined();
  expect(signer.read(`${token}x`)).toBeUndefined();
  expect(signer.read(signer.issue({ ...claims, expires: new Date(Date.now() - 1000) }))).toBeUndefined();
});
