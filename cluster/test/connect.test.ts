import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { applyObject } from '#cluster/apply.ts';
import { ClusterError } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import { deleteObject, findObject, listObjects } from '#cluster/objects.ts';
import type { ApiRequest } from '#cluster/request.ts';
import { type Handler, podList, sendJson, startStubApi } from './stub-api.ts';

const signal = new AbortController().signal;
const listPods: ApiRequest = { verb: 'list', kind: kinds.pod, signal };

async function check(
  handler: Handler,
  reason: string,
  message: RegExp,
  { user, request = listPods }: { readonly user?: object; readonly request?: ApiRequest } = {},
) {
  await using api = await startStubApi(handler, user);
  const error: unknown = await api.connection.json(request).catch((cause: unknown) => cause);
  expect(ClusterError.is(error)).toBe(true);
  expect(error).toMatchObject({ reason });
  expect(String(error)).toMatch(message);
}

const silent: Handler = () => undefined;

test('401', () =>
  check((_, response) => sendJson(response, 401, { kind: 'Status' }), 'unauthorized', /Log in/));
test('a page of a proxy', () =>
  check(
    (_, response) => response.writeHead(502).end('<html>bad gateway'),
    'server-error',
    /answered 502\. Try again/,
  ));
test('a connection cut', () =>
  check((request) => request.socket.destroy(), 'unreachable', /Cannot reach.*127/));
test('no answer', () => check(silent, 'unreachable', /no answer within 2 s/));
test('canceled before', () =>
  check(silent, 'canceled', /Canceled: list pods/, {
    request: { ...listPods, signal: AbortSignal.abort() },
  }));
test('canceled while waiting', () =>
  check(silent, 'canceled', /Canceled: list pods/, {
    request: { ...listPods, signal: AbortSignal.timeout(50) },
  }));
test.each<[string, Partial<ApiRequest>, RegExp]>([
  ['a change', { verb: 'delete', name: 'p' }, /Canceled: delete Pod p\. The cluster may have done it/],
  ['a dry run', { verb: 'apply', name: 'p', query: { dryRun: 'All' } }, /Canceled: apply Pod p\.$/],
])('%s that is canceled', (_, more, message) =>
  check(silent, 'canceled', message, {
    request: { ...listPods, ...more, signal: AbortSignal.timeout(50) },
  }),
);
test('a login program that is missing', () =>
  check(silent, 'exec-missing', /program "no-such-login"/, {
    user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-login' } },
  }));
test('a login program without a name', () =>
  check(silent, 'login-failed', /a program that it does not name\. Log in/, {
    user: { exec: { command: '' } },
  }));
test('a login program that does not stop talking', () =>
  check(silent, 'login-failed', /the program "yes" was ended\. Log in/, {
    user: { exec: { command: 'yes' } },
  }));
test('a login program that fails', () =>
  check(silent, 'login-failed', /credentials for user "s".*no ticket/, {
    user: { exec: { command: 'sh', args: ['-c', 'echo no ticket >&2; exit 3'] } },
  }));
test('a certificate file that is missing', () =>
  check(silent, 'login-failed', /ENOENT.*no-such-cert/, {
    user: { 'client-certificate': '/no-such-cert', 'client-key': '/no-such-key' },
  }));

test('a page of a proxy that says it is well', () =>
  check(
    (_, response) => response.writeHead(200).end('<html>Please log in'),
    'server-error',
    /Cannot list pods: http:.* does not answer as an API server does\. Check that/,
  ));

test.each<[string, object]>([
  ['a token of two lines', { token: 's3c\nret' }],
  ['a token that is not ASCII', { token: 's3c\u2026ret' }],
  ['a program that prints the bare token', { exec: { command: 'echo', args: ['s3cret'] } }],
  ['an argument with a zero byte', { exec: { command: 'echo', args: ['s3cret\0'] } }],
  ['a variable with a zero byte', { exec: { command: 'echo', env: [{ name: 'A', value: 's3cret\0' }] } }],
  ['a program that prints something else', { exec: { command: 'echo', args: ['{"token":"s3cret"}'] } }],
])('no secret is told: %s', async (_, user) => {
  await using api = await startStubApi(silent, user);
  const error: unknown = await api.connection.json(listPods).catch((cause: unknown) => cause);
  expect(error).toMatchObject({
    reason: 'login-failed',
    message: expect.stringMatching(/[uU]ser "s".*\. [A-Z]/),
  });
  expect(inspect(error, { depth: null })).not.toMatch(/s3c/);
  expect(api.requests).toEqual([]);
});

test('throttled for a moment is asked again', async () => {
  let asked = 0;
  await using api = await startStubApi((_, response) => {
    asked++;
    if (asked > 1) return sendJson(response, 200, podList('1', []));
    response.writeHead(429, { 'retry-after': '0' });
    response.end();
  });
  await api.connection.json(listPods);
  expect(asked).toBe(2);
});

test('a wait of less than nothing is none', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  let asked = 0;
  await using api = await startStubApi((_, response) => {
    asked++;
    if (asked > 1) return sendJson(response, 200, podList('1', []));
    response.writeHead(429, { 'retry-after': '-1' }).end();
  });
  await api.connection.json(listPods);
  process.off('warning', note);
  expect(asked).toBe(2);
  expect(warnings).toEqual([]);
});

/** Says its code, and never comes to the end of why. */
const endless =
  (status: number): Handler =>
  (_, response) =>
    void response.writeHead(status).write('{');

test('a refused login that never ends is answered with another one', async () => {
  let asked = 0;
  await using api = await startStubApi(
    (request, response) => {
      asked++;
      if (asked === 1) endless(401)(request, response);
      else sendJson(response, 200, podList('1', []));
    },
    { token: 'secret', tokenFile: 'none' },
  );
  await api.connection.json(listPods);
  expect(asked).toBe(2);
});

test('a refusal that never ends, of a stream too', async () => {
  await using api = await startStubApi(endless(403), undefined, { requestTimeoutMs: 100 });
  const { connection } = api;
  const refused = { reason: 'unreachable', message: expect.stringMatching(/no answer within 0\.1 s/) };
  await expect(connection.json(listPods)).rejects.toMatchObject(refused);
  await expect(connection.stream({ ...listPods, verb: 'watch' })).rejects.toMatchObject(refused);
});

test('a small answer that unpacks to a huge one is not read to its end', async () => {
  const packed = gzipSync(Buffer.alloc(8 * 2 ** 20, ' '));
  await using api = await startStubApi(
    (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
    undefined,
    { mostAnswerBytes: 2 ** 20 },
  );
  await expect(api.connection.json(listPods)).rejects.toMatchObject({
    reason: 'server-error',
    message: expect.stringMatching(/^Cannot list pods: the answer is larger than 1 MiB, and .* Check that/),
  });
});

test('of a long refusal the start is read', () =>
  check(
    (_, response) => response.writeHead(500).end(`Out of order.\n${' '.repeat(3 * 2 ** 20)}`),
    'server-error',
    /answered 500\. Out of order\.$/,
  ));

test.each<[string, (page: number) => object, number, RegExp]>([
  [
    'that lead to one another',
    (page) => ({ ...podList('1', ['a']), metadata: { continue: `page ${page % 2}` } }),
    3,
    /^Cannot list pods: the API server leads from one page back/,
  ],
  [
    'that never end',
    (page) => ({ ...podList('1', ['x'.repeat(2 ** 18)]), metadata: { continue: `page ${page}` } }),
    4,
    /^Cannot list pods: the list is larger than 1 MiB, and is not read any further\. Check/,
  ],
])('pages %s are no list', async (_, answer, pages, message) => {
  let page = 0;
  await using api = await startStubApi((_, response) => {
    page++;
    if (page > 10) response.destroy();
    else sendJson(response, 200, answer(page));
  });
  const options = { mostSize: 2 ** 20, signal };
  await expect(listObjects(api.connection, kinds.pod, options)).rejects.toMatchObject({
    reason: 'server-error',
    message: expect.stringMatching(message),
  });
  expect(page).toBe(pages);
});

test('all requests go over kept connections', async () => {
  const sockets = new Set<unknown>();
  await using api = await startStubApi((request, response) => {
    sockets.add(request.socket);
    sendJson(response, 200, podList('1', []));
  });
  for (let count = 0; count < 5; count++) await api.connection.json(listPods);
  // A second one may be opened while the first is still being handed back.
  expect(sockets.size).toBeLessThan(3);
});

test('a long list is read page by page', async () => {
  await using api = await startStubApi((request, response) => {
    const isFirst = !request.url?.includes('continue=');
    const page = podList('5', [isFirst ? 'a' : 'b']);
    sendJson(response, 200, {
      ...page,
      metadata: { ...page.metadata, ...(isFirst ? { continue: 'next page' } : {}) },
    });
  });
  const { objects, resourceVersion } = await listObjects(api.connection, kinds.pod, { signal });
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['Pod a', 'Pod b']);
  expect(resourceVersion).toBe('5');
  expect(api.requests).toEqual([
    'GET /api/v1/pods?limit=500',
    'GET /api/v1/pods?limit=500&continue=next+page',
  ]);
});

test.each(['', '.', '..'])('a name that would make another path of it is refused: %j', async (name) => {
  await using api = await startStubApi((_, response) => sendJson(response, 200, {}));
  const deletion = deleteObject(api.connection, kinds.pod, { namespace: 'demo', name }, { signal });
  await expect(deletion).rejects.toMatchObject({ reason: 'invalid' });
  expect(api.requests).toEqual([]);
});

test('what goes over the wire', async () => {
  const bodies: string[] = [];
  await using api = await startStubApi((request, response) => {
    request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
    request.on('end', () => {
      bodies.push(request.headers['content-type'] ?? '', request.headers.authorization ?? '');
      sendJson(response, 200, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } });
    });
  });
  const { connection } = api;
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: '../a?b' } };
  await applyObject(connection, object, { fieldManager: 'm', dryRun: true, force: true, signal });
  await deleteObject(connection, kinds.pod, { namespace: 'x', name: 'a' }, { uid: 'u', signal });
  await findObject(connection, kinds.node, { name: 'n' }, signal);
  expect(api.requests).toEqual([
    'PATCH /api/v1/namespaces/demo/pods/..%2Fa%3Fb?fieldManager=m&dryRun=All&force=true',
    'DELETE /api/v1/namespaces/x/pods/a',
    'GET /api/v1/nodes/n',
  ]);
  expect(bodies).toEqual([
    JSON.stringify(object),
    'application/apply-patch+yaml',
    'Bearer secret',
    '{"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Background","preconditions":{"uid":"u"}}',
    'application/json',
    'Bearer secret',
    '',
    'Bearer secret',
  ]);
});

test('a redirect to another host is not followed', async () => {
  await using other = await startStubApi((_, response) => sendJson(response, 200, podList('1', [])));
  const location = other.connection.server.replace('127.0.0.1', 'localhost');
  await check(
    (_, response) => response.writeHead(307, { location: `${location}/api/v1/pods` }).end(),
    'unreachable',
    /: it sends requests on to http:\/\/localhost:\d+, where they are not meant to go\. Check/,
    { user: { token: 's3cret', as: 'jane' } },
  );
  expect(other.requests).toEqual([]);
});

test('a redirect on the same host is followed', async () => {
  await using api = await startStubApi((request, response) =>
    request.url?.startsWith('/moved') === true
      ? sendJson(response, 200, podList('7', []))
      : response.writeHead(307, { location: '/moved' }).end(),
  );
  expect(await listObjects(api.connection, kinds.pod, { signal })).toMatchObject({ resourceVersion: '7' });
});
