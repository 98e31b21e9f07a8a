// Where the cluster's web console is: asked for once, again after a fault, and forgotten with the cluster.
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { ConnectionView } from '#client/cluster/connection.ts';
import { WebConsole } from '#client/cluster/web-console.ts';
import { ClusterError } from '#cluster/errors.ts';

const { told } = vi.hoisted(() => ({ told: new Array<unknown>() }));

vi.mock('vscode', () => ({
  commands: { executeCommand: async (...[, , value]: readonly unknown[]) => void told.push(value) },
}));

beforeEach(() => {
  vi.useFakeTimers();
  told.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

const url = 'https://console.okd.example';
const live: ConnectionView = open('first', { kind: 'live' });
const lost: ConnectionView = open('first', {
  kind: 'unreachable',
  since: '2026-11-22T10:00:00Z',
  reason: 'unreachable',
  message: 'Cannot reach it.',
});
const fault = new ClusterError({ reason: 'unreachable', message: 'It was reset.' });

test('it is asked for once, whatever changes in the view', async () => {
  const { console, asked, settle } = setUp([url]);
  for (let times = 0; times < 5; times += 1) {
    console.update(live);
    await settle();
  }
  expect(console.url).toBe(url);
  expect(told).toEqual([true]);
  expect(asked()).toBe(1);
});

test('a cluster that has none is not asked again', async () => {
  const { console, asked, settle } = setUp([undefined, url]);
  console.update(live);
  await settle();
  console.update(lost);
  console.update(live);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(console.url).toBe(undefined);
  expect(asked()).toBe(1);
});

test('after a fault it is asked for again by itself, with a growing pause', async () => {
  const { console, asked, log } = setUp([fault, fault, url]);
  console.update(live);
  await vi.advanceTimersByTimeAsync(4900);
  console.update(live);
  expect(asked()).toBe(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(asked()).toBe(2);
  await vi.advanceTimersByTimeAsync(9000);
  expect(asked()).toBe(2);
  await vi.advanceTimersByTimeAsync(1000);
  expect(console.url).toBe(url);
  expect(told).toEqual([true]);
  expect(log).toEqual(['Web console: It was reset.', 'Web console: It was reset.']);
});

test('a cluster that is back is asked at once, and one that is gone is left alone', async () => {
  const { console, asked, settle } = setUp([fault, url]);
  console.update(live);
  await settle();
  console.update(lost);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked()).toBe(1);
  console.update(live);
  await settle();
  expect(console.url).toBe(url);
});

test('what is known stays while the cluster is away', async () => {
  const { console, settle } = setUp([url]);
  console.update(live);
  await settle();
  console.update(lost);
  expect(console.url).toBe(url);
});

test.each<{ title: string; view: ConnectionView }>([
  { title: 'another cluster is being opened', view: { kind: 'opening' } },
  { title: 'another cluster does not answer', view: open('second', { kind: 'connecting' }) },
])('the address is forgotten when $title', async ({ view }) => {
  const { console, settle } = setUp([url]);
  console.update(live);
  await settle();
  console.update(view);
  expect(console.url).toBe(undefined);
  expect(told).toEqual([true, false]);
});

function open(
  context: string,
  connection: Extract<ConnectionView, { kind: 'open' }>['snapshot']['connection'],
): ConnectionView {
  const snapshot = { context, scope: { kind: 'cluster' }, connection, routers: [] } as const;
  return { kind: 'open', namespace: 'demo', snapshot };
}

/** @param answers one for each time that the cluster is asked */
function setUp(answers: readonly (string | Error | undefined)[]) {
  const log: string[] = [];
  let asked = 0;
  const console = new WebConsole({
    read: async () => {
      const answer = answers[asked];
      asked += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    log: (line) => log.push(line),
  });
  onTestFinished(() => console.dispose());
  return { console, log, asked: () => asked, settle: () => vi.advanceTimersByTimeAsync(0) };
}
