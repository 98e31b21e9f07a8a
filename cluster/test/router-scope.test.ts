import type { ServerResponse } from 'node:http';
import { expect, test, vi } from 'vitest';
import type { Connection } from '#cluster/connect.ts';
import { readStatus } from '#cluster/operations/status.ts';
import { watchRouters } from '#cluster/router-watch.ts';
import type { RoutersSnapshot } from '#cluster/view.ts';
import { type Handler, type StubApi, sendJson, startStubApi } from './stub-api.ts';

const routers = '/apis/network.operator.openshift.io/v1';
const namespaces = '/api/v1/namespaces';
const projects = '/apis/project.openshift.io/v1/projects';

/** What lists hold, by path; a path that is not here is forbidden, but for those of other kinds. */
type Lists = Readonly<Record<string, readonly string[]>>;

const others = /\/(network-attachment-definitions|deployments|pods|services|events)$/;

function serving(lists: Lists, denied: RegExp = /^$/): Handler {
  return (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://stub');
    const names = lists[pathname] ?? (others.test(pathname) && !denied.test(pathname) ? [] : undefined);
    if (names === undefined) return sendJson(response, 403, { kind: 'Status', code: 403 });
    if (searchParams.get('watch') === 'true') {
      response.writeHead(200);
      return response.flushHeaders();
    }
    const items = names.map((name) => ({
      metadata: { namespace: name, name: pathname.includes('egressrouters') ? 'r' : name, uid: name },
    }));
    sendJson(response, 200, { metadata: { resourceVersion: '1' }, items });
  };
}

const inNamespaces = (...names: readonly string[]): Lists =>
  Object.fromEntries(names.map((name) => [`${routers}/namespaces/${name}/egressrouters`, [name]]));

async function follow(
  connection: Connection,
  until: (snapshot: RoutersSnapshot) => boolean,
  then: () => Promise<void> = async () => undefined,
): Promise<RoutersSnapshot> {
  const seen: RoutersSnapshot[] = [];
  const watch = watchRouters(connection, { listener: (snapshot) => seen.push(snapshot), pauseMs: 1 });
  try {
    await vi.waitFor(() => expect(seen.at(-1)).toSatisfy(until), { timeout: 5_000, interval: 5 });
    await then();
    const [last] = seen.slice(-1);
    if (last === undefined) throw new Error('Nothing was seen.');
    return last;
  } finally {
    watch.close();
  }
}

const isLive = ({ connection }: RoutersSnapshot): boolean => connection.kind === 'live';

async function check(
  lists: Lists,
  expected: RoutersSnapshot['scope'],
  names: readonly string[],
  contexts: Connection['contexts'] = [],
) {
  await using api = await startStubApi(serving(lists));
  const connection = { ...api.connection, contexts: [...api.connection.contexts, ...contexts] };
  const watched = await follow(connection, isLive);
  const read = await readStatus(connection, {}, AbortSignal.timeout(5_000));
  for (const { scope, routers: found } of [watched, read]) {
    expect(scope).toEqual(expected);
    expect(found.map(({ namespace }) => namespace)).toEqual(names);
  }
}

const scope = (...names: readonly string[]) => ({ kind: 'namespaces', namespaces: names }) as const;

test('everywhere', () =>
  check({ [`${routers}/egressrouters`]: ['a', 'b'] }, { kind: 'cluster' }, ['a', 'b']));
test('in the namespaces that can be listed, and the own one', () =>
  check({ [namespaces]: ['b', 'a'], ...inNamespaces('a', 'b', 'demo') }, scope('a', 'b', 'demo'), [
    'a',
    'b',
    'demo',
  ]));
test('in the projects, where namespaces cannot be listed', () =>
  check({ [projects]: ['a'], ...inNamespaces('a', 'demo') }, scope('a', 'demo'), ['a', 'demo']));
test('in those that the kubeconfig names for this cluster', () =>
  check(
    inNamespaces('shop', 'other', 'demo'),
    scope('demo', 'shop'),
    ['demo', 'shop'],
    [
      { name: 'same', cluster: 's', user: 'x', namespace: 'shop' },
      { name: 'other', cluster: 'o', user: 'x', namespace: 'other' },
    ],
  ));
test('in the own one alone', () => check(inNamespaces('demo'), scope('demo'), ['demo']));
test('not in those where it is forbidden', () =>
  check({ [namespaces]: ['a', 'b'], ...inNamespaces('b') }, scope('b'), ['b']));

test('in every one where it is permitted, however many others can be listed', () => {
  const many = Array.from({ length: 250 }, (_, index) => `other-${index}`);
  return check({ [namespaces]: [...many, 'z'], ...inNamespaces('demo', 'z') }, scope('demo', 'z'), [
    'demo',
    'z',
  ]);
});
test('in a hundred one by one, and once in all of them', async () => {
  const many = Array.from({ length: 130 }, (_, index) => `n-${String(index).padStart(3, '0')}`);
  const all = ['demo', ...many];
  await using api = await startStubApi(serving({ [namespaces]: [...many], ...inNamespaces(...all) }));
  const watched = await follow(api.connection, isLive);
  expect(watched.scope).toEqual({ ...scope(...all.slice(0, 100)), more: 31 });
  expect(watched.routers).toHaveLength(100);
  const read = await readStatus(api.connection, {}, AbortSignal.timeout(5_000));
  expect(read.scope).toEqual(scope(...all));
  expect(read.routers).toHaveLength(131);
});

test('nowhere', async () => {
  await using api = await startStubApi(serving({}));
  const seen = await follow(api.connection, ({ connection }) => connection.kind === 'unreachable');
  expect(seen.connection).toMatchObject({ kind: 'unreachable', reason: 'forbidden' });
  expect(seen.scope).toEqual(scope('demo'));
});

test('a namespace that comes later, and one that goes', async () => {
  const lists = { [namespaces]: ['a'], ...inNamespaces('a', 'demo', 'new') };
  const told: ((type: string, name: string) => void)[] = [];
  const handler = serving(lists);
  await using api = await startStubApi((request, response) => {
    handler(request, response);
    if (!request.url?.startsWith(`${namespaces}?`) || !request.url.includes('watch=true')) return;
    told.push((type, name) => {
      const object = { metadata: { name, resourceVersion: '2' } };
      response.write(`${JSON.stringify({ type, object })}\n`);
    });
  });
  const seen: (readonly string[])[] = [];
  const listener = ({ routers: found }: RoutersSnapshot): void => {
    seen.push(found.map(({ namespace }) => namespace));
  };
  const watch = watchRouters(api.connection, { listener, pauseMs: 1 });
  const until = (names: readonly string[]): Promise<unknown> =>
    vi.waitFor(() => expect(seen.at(-1)).toEqual(names), { timeout: 5_000, interval: 5 });
  await until(['a', 'demo']);
  await vi.waitFor(() => expect(told).toHaveLength(1), { timeout: 5_000, interval: 5 });
  told[0]?.('ADDED', 'new');
  await until(['a', 'demo', 'new']);
  told[0]?.('DELETED', 'a');
  await until(['demo', 'new']);
  watch.close();
});

test('a right that is taken back takes its routers along', async () => {
  let lists: Lists = { [`${routers}/egressrouters`]: ['a', 'b'] };
  const open: (() => void)[] = [];
  await using api = await startStubApi((request, response) => {
    if (request.url?.includes('watch=true') && request.url.includes('/egressrouters')) {
      if (lists[new URL(request.url, 'http://stub').pathname] !== undefined) open.push(() => response.end());
    }
    serving(lists)(request, response);
  });
  const seen: RoutersSnapshot[] = [];
  const watch = watchRouters(api.connection, { listener: (snapshot) => seen.push(snapshot), pauseMs: 1 });
  const until = (names: readonly string[]): Promise<unknown> =>
    vi.waitFor(() => expect(seen.at(-1)?.routers.map(({ namespace }) => namespace)).toEqual(names), {
      timeout: 5_000,
      interval: 5,
    });
  const isWatched = (count: number): Promise<unknown> =>
    vi.waitFor(() => expect(open).toHaveLength(count), { timeout: 5_000, interval: 5 });
  await until(['a', 'b']);
  await isWatched(1);
  lists = { [namespaces]: ['a', 'b'], ...inNamespaces('a') };
  open[0]?.();
  await until(['a']);
  await isWatched(2);
  lists = { [namespaces]: ['a', 'b'] };
  open[1]?.();
  await until([]);
  watch.close();
});

test('of a namespace that is forbidden now, it does not count when it was heard from last', async () => {
  const lists: Record<string, readonly string[]> = { [namespaces]: ['a'], ...inNamespaces('a', 'demo') };
  const [ofA = '', ofDemo = ''] = Object.keys(inNamespaces('a', 'demo'));
  const open = new Map<string, ServerResponse>();
  await using api = await startStubApi((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://stub');
    if (searchParams.get('watch') === 'true') open.set(pathname, response);
    serving(lists)(request, response);
  });
  const seen: RoutersSnapshot[] = [];
  const watch = watchRouters(api.connection, { listener: (snapshot) => seen.push(snapshot), pauseMs: 1 });
  const options = { timeout: 5_000, interval: 5 };
  try {
    await vi.waitFor(() => expect([...open.keys()]).toEqual(expect.arrayContaining([ofA, ofDemo])), options);
    delete lists[ofDemo];
    open.get(ofDemo)?.end();
    await vi.waitFor(() => expect(seen.at(-1)?.scope).toEqual(scope('a')), options);
    const deniedAt = new Date().toISOString();
    await vi.waitFor(() => {
      const bookmark = { type: 'BOOKMARK', object: { metadata: { resourceVersion: '1' } } };
      open.get(ofA)?.write(`${JSON.stringify(bookmark)}\n`);
      expect((watch.heardAt() ?? '') >= deniedAt).toBe(true);
    }, options);
  } finally {
    watch.close();
  }
});

function requested(api: StubApi, kind: string): readonly string[] {
  const paths = api.requests.map((line) => line.replace(/^GET ([^?]*).*$/, '$1'));
  return [...new Set(paths.filter((path) => path.endsWith(`/${kind}`)))].toSorted();
}

test('what belongs to routers is read where there is a router, if it may not be read everywhere', async () => {
  const lists = { [`${routers}/egressrouters`]: ['a', 'b'] };
  await using api = await startStubApi(serving(lists, /^\/api\/v1\/pods$/));
  const seen = await follow(api.connection, isLive, () =>
    vi.waitFor(() => expect(requested(api, 'pods')).toHaveLength(3), { timeout: 5_000, interval: 5 }),
  );
  expect(seen.scope).toEqual({ kind: 'cluster' });
  expect(requested(api, 'pods')).toEqual([
    '/api/v1/namespaces/a/pods',
    '/api/v1/namespaces/b/pods',
    '/api/v1/pods',
  ]);
  expect(requested(api, 'services')).toEqual(['/api/v1/services']);
});

test('a cluster without any router is seen whole', async () => {
  await using api = await startStubApi(serving({ [`${routers}/egressrouters`]: [] }));
  expect((await follow(api.connection, isLive)).routers).toEqual([]);
});
