import type { ServerResponse } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { kinds } from '#cluster/kinds.ts';
import { type WatchEvent, type WatchOptions, watchObjects } from '#cluster/watch.ts';
import { type Handler, podEvent, podList, type StubApi, sendJson, startStubApi } from './stub-api.ts';

/** Answers lists with version 1 and holds watches open. */
const wellBehaved: Handler = (request, response) => {
  if (!request.url?.includes('watch=true')) return sendJson(response, 200, podList('1', ['a']));
  response.writeHead(200);
  response.flushHeaders();
};

async function check(
  script: (api: StubApi, seen: readonly string[]) => Promise<void>,
  expected: readonly string[],
  options: Partial<WatchOptions> = {},
) {
  await using api = await startStubApi(wellBehaved);
  const seen: string[] = [];
  const onEvent = (event: WatchEvent): void => void seen.push(toText(event));
  const watch = watchObjects(api.connection, kinds.pod, {
    maxBackOffMs: 20,
    graceMs: 0,
    ...options,
    onEvent,
  });
  await script(api, seen);
  watch.close();
  expect(seen).toEqual(expected);
}

function toText(event: WatchEvent): string {
  switch (event.kind) {
    case 'listed':
      return `listed ${event.objects.map(({ metadata }) => metadata.name).join(' ')}`;
    case 'put':
    case 'removed':
      return `${event.kind} ${event.object.metadata.name}`;
    case 'state':
      return event.state.kind === 'unreachable' ? `unreachable: ${event.state.reason}` : event.state.kind;
  }
}

const watches = (api: StubApi): number => api.requests.filter((line) => line.includes('watch=true')).length;
const until = (condition: () => boolean): Promise<unknown> =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 5000, interval: 10 });

/** Answers the next watch with these lines, then leaves it open or ends it. */
function answerWatches(api: StubApi, text: string, end: boolean): void {
  api.handler = (request, response) => {
    if (!request.url?.includes('watch=true')) return sendJson(response, 200, podList('9', ['b']));
    response.writeHead(200);
    response.write(text);
    if (end) response.end();
    api.handler = wellBehaved;
  };
}

test('list, then events', () =>
  check(
    async (api, seen) => {
      const text =
        podEvent('ADDED', 'c', '2') + podEvent('MODIFIED', 'a', '3') + podEvent('DELETED', 'c', '4');
      answerWatches(api, text, false);
      await until(() => seen.length === 5);
    },
    ['listed b', 'live', 'put c', 'put a', 'removed c'],
  ));

test('nothing of what was listed is held on to while the watch goes on', async () => {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('V8 gives no gc.');
  await using api = await startStubApi(wellBehaved);
  const listed: WeakRef<object>[] = [];
  const onEvent = (event: WatchEvent): void => {
    if (event.kind === 'listed') listed.push(...event.objects.map((object) => new WeakRef(object)));
  };
  const watch = watchObjects(api.connection, kinds.pod, { onEvent });
  await until(() => watches(api) === 1);
  await until(() => {
    collect();
    return listed.length === 1 && listed[0]?.deref() === undefined;
  });
  watch.close();
});

test('an event in two pieces, with a letter of two bytes in between', () =>
  check(
    async (api, seen) => {
      const line = Buffer.from(podEvent('ADDED', 'ü', '2'));
      const cut = line.indexOf(0xc3) + 1;
      api.handler = (request, response) => {
        if (!request.url?.includes('watch=true')) return sendJson(response, 200, podList('1', []));
        response.writeHead(200);
        response.write(line.subarray(0, cut), () => setImmediate(() => response.write(line.subarray(cut))));
      };
      await until(() => seen.length === 3);
    },
    ['listed ', 'live', 'put ü'],
  ));

test('an event without an end is given up, and the watch goes on', () =>
  check(
    async (api, seen) => {
      const piece = 'x'.repeat(2 ** 20);
      api.handler = (request, response) => {
        if (!request.url?.includes('watch=true')) return sendJson(response, 200, podList('9', ['b']));
        if (watches(api) > 1) return void response.writeHead(200).write(podEvent('ADDED', 'c', '10'));
        response.writeHead(200);
        const more = (): void => void (response.writable && response.write(piece, () => setImmediate(more)));
        more();
      };
      await until(() => seen.length === 3);
    },
    ['listed b', 'live', 'put c'],
  ));

test('an event larger than any object is given up, and the watch goes on', () =>
  check(
    async (api, seen) => {
      api.handler = (request, response) => {
        if (!request.url?.includes('watch=true')) return sendJson(response, 200, podList('9', ['b']));
        const name = watches(api) > 1 ? 'c' : 'x'.repeat(6 * 2 ** 20);
        response.writeHead(200).write(podEvent('ADDED', name, '10'));
      };
      await until(() => seen.length === 3);
    },
    ['listed b', 'live', 'put c'],
  ));

test('a watch that the server ends goes on from the last version, unseen', () =>
  check(
    async (api, seen) => {
      answerWatches(api, podEvent('ADDED', 'c', '7'), true);
      await until(() => watches(api) === 2);
      expect(api.requests.at(-1)).toContain('resourceVersion=7');
      expect(seen).toHaveLength(3);
    },
    ['listed b', 'live', 'put c'],
  ));

test('a connection cut once goes on unseen', () =>
  check(
    async (api) => {
      await until(() => watches(api) === 1);
      api.cut();
      await until(() => watches(api) === 2);
      expect(api.requests.at(-1)).toContain('resourceVersion=1');
    },
    ['listed a', 'live'],
  ));

test.each<[string, Handler]>([
  ['cut connections', (request) => void request.socket.destroy()],
  ['answers of 429', (_, response) => refuse(response, 429)],
  ['answers of 500', (_, response) => refuse(response, 500)],
  ['answers of 503', (_, response) => refuse(response, 503)],
])('%s that are over within the grace are not shown', (_, fault) =>
  check(
    async (api) => {
      await until(() => watches(api) === 1);
      api.handler = fault;
      api.cut();
      const attempts = api.requests.length;
      await until(() => api.requests.length > attempts + 8);
      api.handler = wellBehaved;
      const last = api.requests.length;
      await until(() => api.requests.length > last);
    },
    ['listed a', 'live'],
    { graceMs: 60_000 },
  ),
);

function refuse(response: ServerResponse, code: number): void {
  response.setHeader('retry-after', '0');
  sendJson(response, code, { kind: 'Status', code });
}

test('a renewal goes on from the last version at once, unseen', async () => {
  await using api = await startStubApi(wellBehaved);
  const seen: string[] = [];
  const onEvent = (event: WatchEvent): void => void seen.push(toText(event));
  const watch = watchObjects(api.connection, kinds.pod, { onEvent });
  await until(() => watches(api) === 1 && seen.length === 2);
  watch.renew();
  await until(() => watches(api) === 2);
  expect(api.requests.at(-1)).toContain('resourceVersion=1');
  watch.close();
  expect(seen).toEqual(['listed a', 'live']);
});

test('a renewal ends the pause between two attempts', async () => {
  await using api = await startStubApi((_, response) => sendJson(response, 500, {}));
  const seen: string[] = [];
  const onEvent = (event: WatchEvent): void => void seen.push(toText(event));
  const watch = watchObjects(api.connection, kinds.pod, { onEvent, backOffMs: 15_000 });
  await until(() => api.requests.length === 2);
  api.handler = wellBehaved;
  watch.renew();
  await until(() => seen.includes('live'));
  watch.close();
});

test('silence is renewed, unseen', () =>
  check(
    async (api) => {
      await until(() => watches(api) === 3);
    },
    ['listed a', 'live'],
    { idleTimeoutMs: 100 },
  ));

test('a version no longer kept (410) lists again', () =>
  check(
    async (api, seen) => {
      const gone = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' };
      answerWatches(api, `${JSON.stringify({ type: 'ERROR', object: gone })}\n`, true);
      await until(() => seen.filter((line) => line.startsWith('listed')).length === 2);
    },
    ['listed b', 'live', 'listed a'],
  ));

test('410 in place of a watch lists again', () =>
  check(
    async (api, seen) => {
      api.handler = (request, response) => {
        if (!request.url?.includes('watch=true')) return sendJson(response, 200, podList('9', ['b']));
        sendJson(response, 410, { kind: 'Status', code: 410 });
        api.handler = wellBehaved;
      };
      await until(() => seen.filter((line) => line.startsWith('listed')).length === 2);
    },
    ['listed b', 'live', 'listed a'],
  ));

test('a server that stays away is shown, and that it is back', () =>
  check(
    async (api, seen) => {
      await until(() => watches(api) === 1);
      api.handler = (request) => request.socket.destroy();
      api.cut();
      await until(() => seen.includes('unreachable: unreachable'));
      const attempts = api.requests.length;
      await until(() => api.requests.length > attempts + 3);
      api.handler = wellBehaved;
      await until(() => seen.length === 4);
    },
    ['listed a', 'live', 'unreachable: unreachable', 'live'],
  ));

test('a cluster is away since the first failure, whatever the later ones say', async () => {
  await using api = await startStubApi(wellBehaved);
  const lost: string[] = [];
  const onEvent = (event: WatchEvent): void => {
    if (event.kind === 'state' && event.state.kind === 'unreachable') lost.push(event.state.since);
  };
  const watch = watchObjects(api.connection, kinds.pod, { maxBackOffMs: 20, graceMs: 0, onEvent });
  await until(() => watches(api) === 1);
  const before = Date.now();
  api.handler = (request) => void request.socket.destroy();
  api.cut();
  await until(() => lost.length === 1);
  const after = Date.now();
  // Later than what is told must be.
  await until(() => Date.now() > after);
  api.handler = (_, response) => refuse(response, 500);
  await until(() => lost.length === 2);
  watch.close();
  const [first = '', second] = lost;
  expect(second).toBe(first);
  expect(Date.parse(first)).toBeGreaterThanOrEqual(before);
  expect(Date.parse(first)).toBeLessThanOrEqual(after);
});

test('a cluster that falls silent is away since it was heard from last', async () => {
  await using api = await startStubApi(wellBehaved);
  const lost: string[] = [];
  const onEvent = (event: WatchEvent): void => {
    if (event.kind === 'state' && event.state.kind === 'unreachable') lost.push(event.state.since);
  };
  const options = { idleTimeoutMs: 300, maxBackOffMs: 20, graceMs: 0, onEvent };
  const watch = watchObjects(api.connection, kinds.pod, options);
  await until(() => watches(api) === 1 && watch.heardAt() !== undefined);
  // What is asked from now on gets no answer.
  api.handler = () => undefined;
  await until(() => lost.length === 1);
  expect(watch.heardAt()).toBe(lost[0]);
  watch.close();
  // Silent for as long as the watch may be, and the next one as well.
  expect(Date.parse(lost[0] ?? '')).toBeLessThanOrEqual(Date.now() - options.idleTimeoutMs);
});

test('a watch that is not answered is shown', () =>
  check(
    async (api, seen) => {
      api.handler = (request, response) => {
        if (!request.url?.includes('watch=true')) sendJson(response, 200, podList('1', ['a']));
      };
      await until(() => seen.length === 3);
    },
    ['listed a', 'live', 'unreachable: unreachable'],
    { idleTimeoutMs: 50 },
  ));

test.each([
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'crd-missing'],
  [500, 'server-error'],
])('a first answer of %d is shown at once, and what comes after', (status, reason) =>
  check(
    async (api, seen) => {
      api.handler = (_request, response) => sendJson(response, status, { kind: 'Status', code: status });
      await until(() => seen.length === 1);
      api.handler = wellBehaved;
      await until(() => seen.length === 3);
    },
    [`unreachable: ${reason}`, 'listed a', 'live'],
  ),
);

test('a watch that ends at once, again and again, is spaced out', () =>
  check(
    async (api) => {
      api.handler = (request, response) => {
        if (!request.url?.includes('watch=true')) return sendJson(response, 200, podList('1', ['a']));
        response.writeHead(200);
        response.end();
      };
      await until(() => watches(api) >= 3);
      const before = watches(api);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(watches(api) - before).toBeLessThan(3);
    },
    ['listed a', 'live'],
    { maxBackOffMs: 2000 },
  ));

test('nothing comes after close', async () => {
  await using api = await startStubApi(wellBehaved);
  const seen: string[] = [];
  const onEvent = (event: WatchEvent): void => void seen.push(toText(event));
  const watch = watchObjects(api.connection, kinds.pod, { onEvent });
  watch.close();
  await api.connection.json({ verb: 'list', kind: kinds.pod, signal: new AbortController().signal });
  expect(seen).toEqual([]);
});
