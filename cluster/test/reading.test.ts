import { expect, test } from 'vitest';
import { readConsoleUrl } from '#cluster/operations/console.ts';
import { readEvents } from '#cluster/operations/events.ts';
import { readObject } from '#cluster/operations/read-object.ts';
import { type Handler, sendJson, startStubApi } from './stub-api.ts';

const signal = new AbortController().signal;
const refused = { kind: 'Status', message: 'no' };

/** By the end of the path; what is not there is answered as RBAC does. */
function answers(byPath: Readonly<Record<string, unknown>>): Handler {
  return (request, response) => {
    const path = new URL(request.url ?? '', 'http://stub').pathname;
    const found = Object.entries(byPath).find(([end]) => path.endsWith(end));
    if (found === undefined) return sendJson(response, 403, refused);
    sendJson(response, 200, found[1]);
  };
}

test('an object for reading: without managedFields, its status last', async () => {
  const stored = {
    kind: 'Pod',
    status: { phase: 'Running' },
    spec: {},
    metadata: { name: 'p', namespace: 'demo', managedFields: [{ manager: 'x' }] },
    apiVersion: 'v1',
  };
  await using api = await startStubApi(answers({ '/pods/p': stored }));
  const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'demo', name: 'p' };
  expect(JSON.stringify(await readObject(api.connection, ref, signal))).toBe(
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"demo"},"spec":{},"status":{"phase":"Running"}}',
  );
});

test('an object of a kind that has nothing to do with routers', async () => {
  await using api = await startStubApi(answers({}));
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'demo', name: 's' };
  await expect(readObject(api.connection, ref, signal)).rejects.toMatchObject({ reason: 'invalid' });
});

async function checkConsole(handler: Handler, expected: string | undefined) {
  await using api = await startStubApi(handler);
  expect(await readConsoleUrl(api.connection, signal)).toBe(expected);
}

const consolePublic = (consoleURL: string) =>
  answers({ '/configmaps/console-public': { metadata: { name: 'console-public' }, data: { consoleURL } } });

test('a console', () => checkConsole(consolePublic('https://console.test'), 'https://console.test'));
test('no console', () => checkConsole(answers({}), undefined));
test('a console that is no web page', () => checkConsole(consolePublic('command:rm'), undefined));

const meta = (name: string, owner?: string) => ({
  name,
  namespace: 'demo',
  ...(owner === undefined ? {} : { ownerReferences: [{ uid: owner }] }),
});

function event(kind: string, name: string, minute: number, more: object = {}) {
  return {
    metadata: meta(`${name}.${minute}`),
    involvedObject: { kind, name },
    type: 'Normal',
    reason: 'Happened',
    message: `to ${name}`,
    lastTimestamp: `2026-01-01T00:0${minute}:00Z`,
    ...more,
  };
}

test('events of a router and of what was made for it, the newest first, their errors decoded', async () => {
  const failure =
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "x": plugin type="multus" failed (add): [demo/p/u:nad]: error adding container to network "nad": the master is missing';
  await using api = await startStubApi(
    answers({
      '/egressrouters': {
        items: [{ metadata: { ...meta('a'), uid: 'ua' } }, { metadata: { ...meta('b'), uid: 'ub' } }],
      },
      '/deployments': { items: [{ metadata: meta('dep', 'ua') }, { metadata: meta('dep-b', 'ub') }] },
      '/network-attachment-definitions': { items: [{ metadata: meta('nad', 'ua') }] },
      '/events': {
        items: [
          event('EgressRouter', 'a', 1),
          event('EgressRouter', 'b', 2),
          event('ReplicaSet', 'dep-5f', 3),
          event('Pod', 'dep-5f-x', 5, { type: 'Warning', message: failure, count: 4 }),
          event('Pod', 'dep-b-5f-x', 4),
          event('Pod', 'dep', 4),
          event('NetworkAttachmentDefinition', 'nad', 4),
        ],
      },
    }),
  );
  const found = await readEvents(api.connection, { namespace: 'demo', name: 'a' }, signal);
  expect(found.map(({ about, message, count, isWarning }) => [about, message, count, isWarning])).toEqual([
    ['Pod dep-5f-x', 'the master is missing', 4, true],
    ['NetworkAttachmentDefinition nad', 'to nad', 1, false],
    ['ReplicaSet dep-5f', 'to dep-5f', 1, false],
    ['EgressRouter a', 'to a', 1, false],
  ]);
  await expect(readEvents(api.connection, { namespace: 'demo', name: 'c' }, signal)).rejects.toMatchObject({
    reason: 'not-found',
  });
});

test.each([{ ownerReferences: [null] }, { ownerReferences: true }, { finalizers: 'x' }])(
  'what no API server answers is no object: %j',
  async (more) => {
    const stored = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'demo', ...more } };
    await using api = await startStubApi(answers({ '/pods/p': stored }));
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'demo', name: 'p' };
    await expect(readObject(api.connection, ref, signal)).rejects.toMatchObject({
      reason: 'server-error',
      message: expect.stringMatching(/something that is no Pod/),
    });
  },
);
