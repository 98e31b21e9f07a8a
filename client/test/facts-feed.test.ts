import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConnectionView } from '#client/cluster/connection.ts';
import { FactsFeed } from '#client/cluster/facts-feed.ts';
import type { Surroundings } from '#cluster/api.ts';
import type { RoutersSnapshot, RouterView } from '#cluster/view.ts';
import { parseClusterFacts } from '#core/relations/cluster-facts.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const router: RouterView = {
  namespace: 'demo',
  name: 'egress-a',
  state: { kind: 'ready' },
  addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
  rules: [{ port: 8080, protocol: 'TCP', destinationIP: '203.0.113.25', targetPort: 80 }],
  pods: [],
  services: [],
  objects: [],
  warnings: [],
};

const around: Surroundings = {
  reconciler: 'agent',
  networks: [{ name: 'pod', cidr: '10.128.0.0/14' }],
  nics: [{ node: 'node1', name: 'ens192', addresses: ['192.168.12.5/24'] }],
  usedAddresses: [{ ip: '192.168.12.5', by: 'node node1' }],
};

test('the server understands all that is sent', async () => {
  const { feed, sent, settle } = setUp();
  feed.update(live([router]));
  await settle();
  const facts = parseClusterFacts(sent.at(-1));
  expect(facts).toEqual({
    context: 'first',
    ...around,
    routers: [
      {
        namespace: 'demo',
        name: 'egress-a',
        addresses: ['192.168.12.99'],
        rules: [{ port: 8080, protocol: 'TCP', destination: '203.0.113.25', targetPort: 80 }],
        state: 'Ready',
      },
    ],
  });
});

test('nothing is read or sent before a cluster is connected', async () => {
  const { feed, sent, reads, settle } = setUp();
  feed.update({ kind: 'opening' });
  feed.update({ kind: 'failed', reason: 'no-kubeconfig', message: 'No kubeconfig.' });
  await settle();
  expect(sent).toEqual([]);
  expect(reads()).toBe(0);
});

test('what does not change is not sent again, and what is around is read once', async () => {
  const { feed, sent, reads, settle } = setUp();
  for (let i = 0; i < 5; i += 1) {
    feed.update(live([router]));
    await settle();
  }
  expect(sent).toHaveLength(1);
  expect(reads()).toBe(1);
  feed.update(live([router, { ...router, name: 'egress-b' }]));
  await settle();
  expect(sent).toHaveLength(2);
  expect(reads()).toBe(2);
});

test('a change that says nothing new of the routers is not sent', async () => {
  const { feed, sent, settle } = setUp();
  const others = Array.from({ length: 3 }, (_, index) => ({ ...router, name: `other-${index}` }));
  feed.update(live([router, ...others]));
  await settle();
  feed.update(live([{ ...router, services: [] }, ...others]));
  await settle();
  expect(sent).toHaveLength(1);
  feed.update(live([{ ...router, state: { kind: 'deleting', message: 'Going.' } }, ...others]));
  await settle();
  expect(sent).toHaveLength(2);
  expect(parseClusterFacts(sent.at(-1)).routers.map(({ state }) => state)).toEqual([
    'Deleting',
    'Ready',
    'Ready',
    'Ready',
  ]);
  feed.update(live(others));
  await settle();
  expect(parseClusterFacts(sent.at(-1)).routers).toHaveLength(3);
});

test('after telling that took long, the editor has most of the time for itself', async () => {
  let spentMs = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => Date.now() + spentMs);
  const { feed, sent } = setUp(
    async () => around,
    () => void (spentMs += 20),
  );
  feed.update(live([router]));
  await vi.advanceTimersByTimeAsync(200);
  const before = sent.length;
  for (let index = 0; index < 6; index += 1) {
    feed.update(live([{ ...router, name: `egress-${index}` }]));
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(sent).toHaveLength(before);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toHaveLength(before + 1);
  clock.mockRestore();
});

test('what is around is not read anew with each of many changes', async () => {
  const { feed, reads } = setUp();
  for (let index = 0; index < 15; index += 1) {
    feed.update(live([{ ...router, name: `egress-${index}` }]));
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(reads()).toBe(1);
  await vi.advanceTimersByTimeAsync(2000);
  expect(reads()).toBe(2);
  await vi.runAllTimersAsync();
  expect(reads()).toBe(2);
});

test.each<{ title: string; view: ConnectionView }>([
  {
    title: 'the cluster is unreachable',
    view: openView([router], {
      kind: 'unreachable',
      since: '2026-11-22T10:00:00Z',
      reason: 'unreachable',
      message: 'Cannot reach it.',
    }),
  },
  { title: 'another context is opened', view: { kind: 'opening' } },
])('all is taken back when $title', async ({ view }) => {
  const { feed, sent, settle } = setUp();
  feed.update(live([router]));
  await settle();
  feed.update(view);
  await settle();
  expect(sent.at(-1)).toBe(null);
});

test('without the right to read what is around, the routers are told', async () => {
  const { feed, sent, log, settle } = setUp(() => Promise.reject(new Error('not permitted')));
  feed.update(live([router]));
  await settle();
  expect(parseClusterFacts(sent.at(-1)).routers).toHaveLength(1);
  expect(log).toEqual([expect.stringContaining('not permitted')]);
});

function live(routers: readonly RouterView[]): ConnectionView {
  return openView(routers, { kind: 'live' });
}

function openView(routers: readonly RouterView[], connection: RoutersSnapshot['connection']): ConnectionView {
  const snapshot: RoutersSnapshot = { context: 'first', scope: { kind: 'cluster' }, connection, routers };
  return { kind: 'open', snapshot, namespace: 'demo' };
}

function setUp(
  surroundings: () => Promise<Surroundings> = async () => around,
  onSend: () => void = () => undefined,
) {
  const sent: unknown[] = [];
  const log: string[] = [];
  let reads = 0;
  const feed = new FactsFeed({
    surroundings: () => {
      reads += 1;
      return surroundings();
    },
    send: (facts) => {
      sent.push(facts);
      onSend();
    },
    log: (line) => log.push(line),
  });
  return { feed, sent, log, reads: () => reads, settle: () => vi.runAllTimersAsync() };
}
