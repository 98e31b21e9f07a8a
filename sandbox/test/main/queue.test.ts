import { expect, test } from 'vitest';
import { type Handled, WorkQueue } from '#sandbox/queue.ts';

/** Resolves with what was handled as soon as `count` calls have been made. */
function collect(
  count: number,
  keys: readonly string[],
  handle: (key: string, call: number) => Promise<Handled>,
): Promise<readonly string[]> {
  const calls: string[] = [];
  return new Promise((resolve) => {
    const queue = new WorkQueue({
      handle: async (key) => {
        calls.push(key);
        try {
          return await handle(key, calls.length);
        } finally {
          if (calls.length === count) setImmediate(() => void queue.close().then(() => resolve(calls)));
        }
      },
      onError: () => undefined,
      maxBackOffMs: 1,
    });
    for (const key of keys) queue.add(key);
  });
}

test('a burst of the same key is handled once', async () => {
  expect(await collect(2, ['a', 'a', 'b', 'a'], async () => undefined)).toEqual(['a', 'b']);
});

test('a key that fails comes again, and so does one that asks for it', async () => {
  const fails = async (_key: string, call: number): Promise<Handled> => {
    if (call < 3) throw new Error('not yet');
    return undefined;
  };
  expect(await collect(3, ['a'], fails)).toEqual(['a', 'a', 'a']);
  expect(await collect(2, ['a'], async () => ({ againAfterMs: 1 }))).toEqual(['a', 'a']);
});

test('a key that is added while it is handled is handled once more, not at the same time', async () => {
  let running = 0;
  let most = 0;
  let calls = 0;
  await new Promise<void>((resolve) => {
    const queue = new WorkQueue({
      handle: async () => {
        running++;
        most = Math.max(most, running);
        calls++;
        if (calls === 1) {
          queue.add('a');
          queue.add('a');
        }
        await new Promise((done) => setImmediate(done));
        running--;
        if (calls === 2) setImmediate(() => void queue.close().then(resolve));
        return undefined;
      },
      onError: () => undefined,
      maxBackOffMs: 1,
    });
    queue.add('a');
  });
  expect({ most, calls }).toEqual({ most: 1, calls: 2 });
});
