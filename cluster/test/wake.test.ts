import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchWake } from '#cluster/wake.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** @param sleepsMs how long the machine sleeps before each tick of the timer, which does not count that */
function check(sleepsMs: readonly number[], expected: number) {
  let sleptMs = 0;
  let wakes = 0;
  const watch = watchWake(
    () => {
      wakes += 1;
    },
    { tickMs: 5_000, now: () => Date.now() + sleptMs },
  );
  for (const sleepMs of sleepsMs) {
    sleptMs += sleepMs;
    vi.advanceTimersByTime(5_000);
  }
  watch.close();
  vi.advanceTimersByTime(60_000);
  expect(wakes).toBe(expected);
}

test('a machine that is awake', () => check([0, 0, 0], 0));
test('a loop that is late', () => check([0, 4_000, 9_000], 0));
test('a sleep of half a minute', () => check([0, 30_000, 0], 1));
test('two sleeps', () => check([3_600_000, 0, 600_000], 2));
test('a clock that is set back', () => check([-3_600_000, 0], 0));
