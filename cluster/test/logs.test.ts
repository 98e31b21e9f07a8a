import { expect, test } from 'vitest';
import { readLogs } from '#cluster/operations/logs.ts';
import { type Handler, sendJson, startStubApi } from './stub-api.ts';

const running = { running: {} };
const failed = { terminated: { exitCode: 1, reason: 'Error' } };
const backOff = { waiting: { reason: 'CrashLoopBackOff' } };

interface Status {
  readonly state: object;
  readonly lastState?: object;
  readonly restartCount: number;
}

/** The pod as each look finds it, the last one for good; its logs by their query. */
function server(
  looks: readonly (readonly Status[] | undefined)[],
  logs: Readonly<Record<string, string>>,
): Handler {
  let look = 0;
  return (request, response) => {
    const url = new URL(request.url ?? '', 'http://stub');
    if (url.pathname.endsWith('/log')) {
      const key = `${url.searchParams.get('container')}${url.searchParams.has('previous') ? ' before' : ''}`;
      const text = logs[key];
      if (text === undefined) return sendJson(response, 400, { kind: 'Status', message: 'not found' });
      response.end(text);
      return;
    }
    const statuses = looks[Math.min(look, looks.length - 1)];
    look += 1;
    if (statuses === undefined) return sendJson(response, 404, { kind: 'Status', details: { name: 'p' } });
    const named = statuses.map((status, index) => ({ name: `c${index}`, ...status }));
    sendJson(response, 200, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'demo' },
      spec: { containers: named.map(({ name }) => ({ name })) },
      status: { containerStatuses: named },
    });
  };
}

async function check(handler: Handler, follow: boolean, expected: readonly string[]) {
  await using api = await startStubApi(handler);
  const lines: string[] = [];
  await readLogs(
    api.connection,
    { namespace: 'demo', name: 'p' },
    {
      follow,
      tailLines: 100,
      pollMs: 1,
      signal: new AbortController().signal,
      onLines: (more) => lines.push(...more),
    },
  );
  expect(lines).toEqual(expected);
}

test('a running container', () =>
  check(server([[{ state: running, restartCount: 0 }]], { c0: 'one\ntwo' }), false, ['one', 'two']));

test('two containers are told apart', async () => {
  const status = { state: running, restartCount: 0 };
  await check(server([[status, status]], { c0: 'one\n', c1: 'two\n' }), false, ['c0: one', 'c1: two']);
});

test('a container that crashed: the log of the run before goes first', () =>
  check(
    server([[{ state: running, lastState: failed, restartCount: 2 }]], { c0: 'up\n', 'c0 before': 'no\n' }),
    false,
    ['[The run before ended with exit code 1 (Error). Its log:]', 'no', '[Run 3:]', 'up'],
  ));

test('a run before whose log is no longer kept', () =>
  check(server([[{ state: running, lastState: failed, restartCount: 1 }]], { c0: 'up\n' }), false, [
    '[The run before ended with exit code 1 (Error). Its log:]',
    '[Run 2:]',
    'up',
  ]));

test('followed from before it starts, over a crash, until the pod is gone', () =>
  check(
    server(
      [
        [{ state: {}, restartCount: 0 }], // asked for its containers
        [{ state: { waiting: { reason: 'ContainerCreating' } }, restartCount: 0 }],
        [{ state: running, restartCount: 0 }],
        [{ state: backOff, lastState: failed, restartCount: 0 }],
        [{ state: running, lastState: failed, restartCount: 1 }],
        undefined,
      ],
      { c0: 'hello\n' },
    ),
    true,
    [
      '[The container has nothing running (ContainerCreating).]',
      'hello',
      '[The container has nothing running (CrashLoopBackOff).]',
      '[Run 2:]',
      'hello',
      '[Pod demo/p is gone.]',
    ],
  ));

test('a connection that is cut while the container runs on', async () => {
  const pod = server(
    [...Array.from({ length: 4 }, () => [{ state: running, restartCount: 0 }]), undefined],
    {},
  );
  const asked: (string | null)[] = [];
  await check(
    (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://stub');
      if (!pathname.endsWith('/log')) return pod(request, response);
      asked.push(searchParams.get('sinceSeconds'));
      if (asked.length > 1) return response.end('two\n');
      response.write('one\nha', () => response.destroy());
    },
    true,
    [
      'one',
      'ha',
      '[The connection was cut. The log goes on, with the last lines again:]',
      'two',
      '[Pod demo/p is gone.]',
    ],
  );
  expect(asked).toEqual([null, '2']);
});

test('a pod that is gone', async () => {
  await expect(check(server([undefined], {}), false, [])).rejects.toThrow(/Pod demo\/p is gone/);
});

test('closing it ends it', async () => {
  const follow = new AbortController();
  await using api = await startStubApi((request, response) => {
    if (request.url?.includes('/log')) {
      response.write('one\n');
      return;
    }
    server([[{ state: running, restartCount: 0 }]], {})(request, response);
  });
  const read = readLogs(
    api.connection,
    { namespace: 'demo', name: 'p' },
    { follow: true, tailLines: 1, signal: follow.signal, onLines: () => follow.abort() },
  );
  await expect(read).rejects.toMatchObject({ reason: 'canceled' });
});

test('a container that never ends its line holds up nothing', async () => {
  const endless = 'x'.repeat(16_000_000);
  await using api = await startStubApi(
    server([[{ state: running, restartCount: 0 }]], { c0: `${endless}\nnext\n` }),
  );
  const lines: string[] = [];
  const options = { follow: false, tailLines: 100, signal: new AbortController().signal };
  await readLogs(
    api.connection,
    { namespace: 'demo', name: 'p' },
    { ...options, onLines: (more) => lines.push(...more) },
  );
  const [first = '', second] = lines;
  expect(second).toBe('next');
  expect(first.length).toBeGreaterThan(90_000);
  expect(first.length).toBeLessThan(1_000_000);
});
