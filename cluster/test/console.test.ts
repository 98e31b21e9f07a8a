// Where the web console of a cluster is, and what is none that a browser should open.
import { expect, test } from 'vitest';
import { readConsoleUrl } from '#cluster/operations/console.ts';
import { sendJson, startStubApi } from './stub-api.ts';

async function check(status: number, body: object): Promise<string | undefined> {
  await using api = await startStubApi((_, response) => sendJson(response, status, body));
  try {
    return await readConsoleUrl(api.connection, new AbortController().signal);
  } finally {
    expect(api.requests).toEqual([
      'GET /api/v1/namespaces/openshift-config-managed/configmaps/console-public',
    ]);
  }
}

function told(consoleURL: unknown): object {
  const metadata = { name: 'console-public', namespace: 'openshift-config-managed' };
  return { kind: 'ConfigMap', apiVersion: 'v1', metadata, data: { consoleURL } };
}

test.each([
  ['https://console.okd.example', 'https://console.okd.example'],
  ['http://console.test:9000/', 'http://console.test:9000/'],
  ['command:workbench.action.quit', undefined],
  ['file:///etc/passwd', undefined],
  ['console.okd.example', undefined],
  ['', undefined],
  [7, undefined],
])('%j', async (consoleURL, expected) => {
  expect(await check(200, told(consoleURL))).toBe(expected);
});

test('a cluster that has none, or does not tell everyone', async () => {
  const status = { kind: 'Status', apiVersion: 'v1' };
  expect(await check(404, { ...status, code: 404, reason: 'NotFound' })).toBeUndefined();
  expect(await check(403, { ...status, code: 403, reason: 'Forbidden' })).toBeUndefined();
  // To be asked again.
  await expect(check(500, { ...status, code: 500 })).rejects.toMatchObject({ reason: 'server-error' });
});
