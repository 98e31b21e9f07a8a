import { expect, test } from 'vitest';
import { ClusterConnection, namespaceInForce, type Place } from '#client/cluster/connection.ts';
import type { ClusterSession, OpenClusterOptions } from '#cluster/api.ts';
import { ClusterError } from '#cluster/errors.ts';
import type { ConnectionState, RoutersSnapshot, RouterView } from '#cluster/view.ts';

test('opens nothing before the first look, and one session for all who look', async () => {
  const { connection, opened, views } = setUp();
  expect(opened).toEqual([]);
  connection.watch();
  connection.watch();
  await connection.use(async (session) => expect(session.context).toBe('first'));
  expect(opened).toHaveLength(1);
  expect(views()).toEqual(['opening', 'open']);
});

test('a command without a view follows no routers', async () => {
  const { connection, sessions } = setUp();
  await connection.use(async () => undefined);
  expect(sessions.map(({ watches }) => watches)).toEqual([0]);
  connection.watch();
  await settled();
  expect(sessions.map(({ watches }) => watches)).toEqual([1]);
});

test('another context opens another session and closes the first', async () => {
  const { connection, opened, sessions } = setUp();
  connection.watch();
  await settled();
  connection.select({ context: 'other', namespace: 'web' });
  await settled();
  expect(opened.map(({ context, namespace }) => [context, namespace])).toEqual([
    [undefined, undefined],
    ['other', 'web'],
  ]);
  expect(sessions.map(({ isClosed, watches }) => [isClosed, watches])).toEqual([
    [true, 0],
    [false, 1],
  ]);
});

test('a session in use is closed when its last user is done', async () => {
  const { connection, sessions } = setUp();
  let finish = () => {};
  const using = connection.use(() => new Promise<void>((resolve) => (finish = resolve)));
  await settled();
  connection.reopen();
  await settled();
  expect(sessions[0]?.isClosed).toBe(false);
  finish();
  await using;
  expect(sessions[0]?.isClosed).toBe(true);
});

test('what prevents opening is the view, and the next use tries again', async () => {
  const { connection, views, fail } = setUp();
  fail(new ClusterError({ reason: 'no-kubeconfig', message: 'No kubeconfig.' }));
  connection.watch();
  await settled();
  expect(views()).toEqual(['opening', 'failed']);
  await expect(connection.use(async () => undefined)).rejects.toThrow('No kubeconfig.');
  fail(undefined);
  connection.reopen();
  await settled();
  expect(views()).toEqual(['opening', 'failed', 'opening', 'open']);
});

const lost = {
  kind: 'unreachable',
  since: '2026-11-23T10:00:00Z',
  reason: 'unreachable',
  message: 'No.',
} as const;
const later = { ...lost, since: '2026-11-23T10:05:00Z' } as const;
const noCrd = { ...later, reason: 'crd-missing' } as const;

test.each<[string, ConnectionState, ConnectionState, readonly [ConnectionState, number]]>([
  ['connects', { kind: 'live' }, { kind: 'connecting' }, [{ kind: 'connecting' }, 1]],
  ['cannot be reached', { kind: 'live' }, later, [later, 1]],
  ['still cannot be reached', lost, later, [lost, 1]],
  ['answers that it has no routers', lost, { kind: 'live' }, [{ kind: 'live' }, 0]],
  ['answers that it knows no routers', { kind: 'live' }, noCrd, [noCrd, 0]],
])('Refresh keeps the last picture while the cluster %s', async (_, before, after, expected) => {
  const { connection, sessions } = setUp({ kind: 'connecting' });
  connection.watch();
  await settled();
  sessions[0]?.emit({ connection: before, routers: [router] });
  connection.refresh();
  const { view } = connection;
  expect(view.kind === 'open' && view.snapshot).toMatchObject({
    connection: { kind: 'connecting' },
    routers: [router],
  });
  await settled();
  sessions[1]?.emit({ connection: after, routers: [] });
  const { view: then } = connection;
  expect(then.kind === 'open' && [then.snapshot.connection, then.snapshot.routers.length]).toEqual(expected);
});

test('what Refresh does not get an answer for is away since the cluster was heard from last', async () => {
  const { connection, sessions } = setUp({ kind: 'connecting' });
  connection.watch();
  await settled();
  sessions[0]?.emit({ connection: { kind: 'live' }, routers: [router] });
  if (sessions[0] !== undefined) sessions[0].heardAt = '2026-11-23T09:59:00Z';
  const since = () => {
    const { view } = connection;
    const state = view.kind === 'open' ? view.snapshot.connection : undefined;
    return state?.kind === 'unreachable' ? state.since : state?.kind;
  };
  connection.refresh();
  await settled();
  // Once more, before the first one has got its answer.
  connection.refresh();
  await settled();
  sessions[2]?.emit({ connection: later });
  expect(since()).toBe('2026-11-23T09:59:00Z');
  sessions[2]?.emit({ connection: { kind: 'live' } });
  sessions[2]?.emit({ connection: lost });
  expect(since()).toBe(lost.since);
});

const one: RoutersSnapshot = {
  context: 'first',
  scope: { kind: 'namespaces', namespaces: ['web'] },
  connection: { kind: 'live' },
  routers: [],
};

test.each<[string, RoutersSnapshot, string | undefined, string | undefined]>([
  ['the one that was chosen', one, 'demo', 'demo'],
  ['the only one that may be seen', one, undefined, 'web'],
  ['all', { ...one, scope: { kind: 'cluster' } }, undefined, undefined],
  ['some', { ...one, scope: { kind: 'namespaces', namespaces: ['a', 'b'] } }, undefined, undefined],
])('the namespace that is looked at: %s', (_, snapshot, selected, expected) =>
  expect(namespaceInForce({ kind: 'open', namespace: 'x', snapshot }, selected)).toBe(expected),
);

test('no picture of another cluster is kept', async () => {
  const { connection, sessions } = setUp();
  connection.watch();
  await settled();
  sessions[0]?.emit({ routers: [router] });
  connection.select({ context: 'other' });
  expect(connection.view.kind).toBe('opening');
  await settled();
  sessions[1]?.emit({ connection: later });
  const { view } = connection;
  expect(view.kind === 'open' && view.snapshot.routers).toEqual([]);
});

const router: RouterView = {
  namespace: 'demo',
  name: 'a',
  state: { kind: 'ready' },
  addresses: [],
  rules: [],
  pods: [],
  services: [],
  warnings: [],
  objects: [],
};

test('a snapshot of a session that was left is not shown', async () => {
  const { connection, sessions } = setUp();
  connection.watch();
  await settled();
  const [first] = sessions;
  connection.select({ context: 'other' });
  await settled();
  first?.emit();
  const { view } = connection;
  expect(view.kind === 'open' && view.snapshot.context).toBe('other');
});

test('no program may run before the workspace is trusted, nor in a session opened before', async () => {
  const { connection, opened, sessions, trust } = setUp();
  connection.watch();
  await settled();
  trust();
  connection.reopen();
  await settled();
  expect(opened.map(({ allowExec }) => allowExec)).toEqual([false, true]);
  expect(sessions.map(({ isClosed }) => isClosed)).toEqual([true, false]);
});

test('a kubeconfig that cannot be used is not told after the window has closed', async () => {
  const { connection, views, fail } = setUp();
  fail(new ClusterError({ reason: 'no-kubeconfig', message: 'No kubeconfig.' }));
  connection.watch();
  connection.close();
  await settled();
  expect(views()).toEqual(['opening']);
});

test('there is a place once a command ran, it says whether the cluster answers, and follows the selection', async () => {
  const { connection, places } = setUp();
  expect(connection.place).toBeUndefined();
  await connection.use(async () => undefined);
  const lost = new ClusterError({ reason: 'unreachable', message: 'Cannot reach it.' });
  await expect(connection.use(() => Promise.reject(lost))).rejects.toThrow('Cannot reach it.');
  const forbidden = new ClusterError({ reason: 'forbidden', message: 'You may not.' });
  await expect(connection.use(() => Promise.reject(forbidden))).rejects.toThrow('You may not.');
  connection.select({ context: 'other' });
  await settled();
  expect(places).toEqual([
    { context: 'first', namespace: 'demo' },
    { context: 'first', namespace: 'demo', failure: { reason: 'unreachable', message: 'Cannot reach it.' } },
    { context: 'first', namespace: 'demo' },
    { context: 'other', namespace: 'demo' },
  ]);
});

/** A session that counts; the tests never ask anything else of it. */
interface FakeSession {
  watches: number;
  isClosed: boolean;
  heardAt?: string;
  emit: (more?: Partial<RoutersSnapshot>) => void;
}

function setUp(first: ConnectionState = { kind: 'live' }) {
  const opened: OpenClusterOptions[] = [];
  const sessions: FakeSession[] = [];
  const views: string[] = [];
  const places: (Place | undefined)[] = [];
  let failure: ClusterError | undefined;
  let isTrusted = false;
  const connection: ClusterConnection = new ClusterConnection(
    {
      load: () => async (options) => {
        opened.push(options);
        if (failure !== undefined) throw failure;
        return fakeSession(options.context ?? 'first', first, sessions);
      },
      kubeconfigPaths: () => undefined,
      mayRunPrograms: () => isTrusted,
      log: () => undefined,
      onPlace: () => places.push(connection.place),
    },
    {},
    () => views.push(connection.view.kind),
  );
  const fail = (error: ClusterError | undefined) => {
    failure = error;
  };
  const trust = () => {
    isTrusted = true;
  };
  return { connection, opened, sessions, views: () => views, places, fail, trust };
}

function fakeSession(context: string, connection: ConnectionState, sessions: FakeSession[]): ClusterSession {
  const fake: FakeSession = { watches: 0, isClosed: false, emit: () => undefined };
  sessions.push(fake);
  const refuse = () => Promise.reject(new Error('not part of this test'));
  const snapshot: RoutersSnapshot = {
    context,
    scope: { kind: 'cluster' },
    connection,
    routers: [],
  };
  return {
    context,
    namespace: 'demo',
    contexts: [],
    namespaces: refuse,
    watchRouters: (listener) => {
      if (fake.isClosed) throw new Error('closed');
      fake.watches += 1;
      fake.emit = (more) => listener({ ...snapshot, ...more });
      listener(snapshot);
      return {
        heardAt: () => fake.heardAt,
        close: () => {
          fake.watches -= 1;
        },
      };
    },
    status: refuse,
    follow: refuse,
    read: refuse,
    readObject: refuse,
    logs: refuse,
    events: refuse,
    consoleUrl: refuse,
    planRestart: refuse,
    restart: refuse,
    legacyRouters: refuse,
    readLegacy: refuse,
    planInstall: refuse,
    install: refuse,
    planRemove: refuse,
    remove: refuse,
    surroundings: refuse,
    planDeploy: refuse,
    deploy: refuse,
    planExpose: refuse,
    expose: refuse,
    planTeardown: refuse,
    teardown: refuse,
    preflight: refuse,
    close: () => {
      fake.isClosed = true;
    },
  };
}

/** Opening takes one turn of the loop. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
