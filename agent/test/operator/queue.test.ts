import { expect, test } from 'vitest';
import { type Timer, WorkQueue } from '#agent/operator/queue.ts';

test('a key stands in the queue once, however often it is added', async () => {
  const { queue, started, settle } = queueOf({ concurrency: 1 });
  for (const key of ['a/1', 'b/1', 'b/1', 'b/1']) queue.add(key);
  await settle('a/1', {});
  await settle('b/1', {});
  expect(started).toEqual(['a/1', 'b/1']);
});

test('a key that is added while it is worked on is done once more', async () => {
  const { queue, started, settle } = queueOf({});
  queue.add('a/1');
  queue.add('a/1');
  queue.add('a/1');
  expect(started).toEqual(['a/1']);
  await settle('a/1', {});
  await settle('a/1', {});
  expect(started).toEqual(['a/1', 'a/1']);
});

test('keys of one group wait for each other, others do not', async () => {
  const { queue, started, settle } = queueOf({ concurrency: 3 });
  for (const key of ['a/1', 'a/2', 'b/1']) queue.add(key);
  expect(started).toEqual(['a/1', 'b/1']);
  await settle('a/1', {});
  expect(started).toEqual(['a/1', 'b/1', 'a/2']);
});

test('failures come back after delays that double up to the limit and start anew after a success', async () => {
  const { queue, settle, clock } = queueOf({});
  queue.add('a/1');
  for (const delayMs of [100, 200, 400, 500, 500]) {
    await settle('a/1', new Error('no'));
    expect(clock.delays()).toEqual([delayMs]);
    clock.advance(delayMs);
  }
  await settle('a/1', {});
  queue.add('a/1');
  await settle('a/1', new Error('no'));
  expect(clock.delays()).toEqual([100]);
});

test('a key in its back-off is done at once when it is added', async () => {
  const { queue, started, settle, clock } = queueOf({});
  queue.add('a/1');
  await settle('a/1', new Error('no'));
  queue.add('a/1');
  expect(started).toEqual(['a/1', 'a/1']);
  expect(clock.delays()).toEqual([]);
});

test('a key in its back-off stays there when it is reminded of', async () => {
  const { queue, started, settle, clock } = queueOf({});
  queue.add('a/1');
  queue.remind('a/1');
  await settle('a/1', new Error('no'));
  queue.remind('a/1');
  expect(started).toEqual(['a/1']);
  expect(clock.delays()).toEqual([100]);
  clock.advance(100);
  expect(started).toEqual(['a/1', 'a/1']);
});

test('a key that did not fail is done at once when it is reminded of, and once more after the work at hand', async () => {
  const { queue, started, settle } = queueOf({});
  queue.remind('a/1');
  queue.remind('a/1');
  await settle('a/1', { againInMs: 5000 });
  expect(started).toEqual(['a/1', 'a/1']);
  await settle('a/1', { againInMs: 5000 });
  expect(started).toEqual(['a/1', 'a/1']);
  queue.remind('a/1');
  expect(started).toEqual(['a/1', 'a/1', 'a/1']);
});

test('work may ask to be done again later', async () => {
  const { queue, started, settle, clock } = queueOf({});
  queue.add('a/1');
  await settle('a/1', { againInMs: 5000 });
  clock.advance(4999);
  expect(started).toEqual(['a/1']);
  clock.advance(1);
  expect(started).toEqual(['a/1', 'a/1']);
});

test('closing tells the running work to stop, waits for it and starts nothing more', async () => {
  const { queue, started, settle, signals } = queueOf({ concurrency: 1 });
  queue.add('a/1');
  queue.add('b/1');
  let isClosed = false;
  const closing = queue.close().then(() => {
    isClosed = true;
  });
  expect(signals[0]?.aborted).toBe(true);
  await Promise.resolve();
  expect(isClosed).toBe(false);
  await settle('a/1', new Error('aborted'));
  await closing;
  queue.add('c/1');
  expect(started).toEqual(['a/1']);
});

type Answer = { readonly againInMs?: number } | Error;

function queueOf({ concurrency = 2 }: { readonly concurrency?: number }) {
  const started: string[] = [];
  const signals: AbortSignal[] = [];
  const open = new Map<string, (answer: Answer) => void>();
  const clock = manualClock();
  const queue = new WorkQueue({
    work: (key, signal) => {
      started.push(key);
      signals.push(signal);
      return new Promise((resolve, reject) => {
        open.set(key, (answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
      });
    },
    groupOf: (key) => key.replace(/\/.*/, ''),
    onError: () => {},
    concurrency,
    minDelayMs: 100,
    maxDelayMs: 500,
    timer: clock,
  });
  const settle = async (key: string, answer: Answer): Promise<void> => {
    const finish = open.get(key);
    if (finish === undefined) throw new Error(`${key} is not being worked on`);
    open.delete(key);
    finish(answer);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { queue, started, signals, settle, clock };
}

function manualClock(): Timer & { advance(ms: number): void; delays(): readonly number[] } {
  let now = 0;
  const pending = new Set<{ readonly at: number; readonly run: () => void }>();
  return {
    after: (delayMs, run) => {
      const entry = { at: now + delayMs, run };
      pending.add(entry);
      return () => pending.delete(entry);
    },
    delays: () => [...pending].map((entry) => entry.at - now),
    advance: (ms) => {
      now += ms;
      for (const entry of pending) {
        if (entry.at > now) continue;
        pending.delete(entry);
        entry.run();
      }
    },
  };
}
