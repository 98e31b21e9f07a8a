import { expect, test } from 'vitest';
import { systemClock } from '#agent/operator/system-clock.ts';

/** Each row: by how much the clock that may stand still went on, and the uptime, and how much time passed. */
test.each([
  ['awake', 5_000, 5_000, 5_000],
  ['asleep for an hour', 5_000, 3_605_000, 3_605_000],
  ['told in hundredths of a second', 1, 10, 1],
  ['of a container that shows an uptime of its own', 5_000, 0, 5_000],
] as const)('a machine %s', (_, monotonicMs, uptimeMs, expected) => {
  const now = { monotonicMs: 700, uptimeMs: 90_000 };
  const clock = systemClock({
    monotonicMs: () => now.monotonicMs,
    uptimeSeconds: () => now.uptimeMs / 1000,
  });
  const before = clock.monotonicMs();
  now.monotonicMs += monotonicMs;
  now.uptimeMs += uptimeMs;
  expect(clock.monotonicMs() - before).toBe(expected);
  now.monotonicMs += 1;
  expect(clock.monotonicMs() - before, 'smooth from then on').toBe(expected + 1);
});

test('whoever sets the clock of the machine changes nothing but what people read', () => {
  const { now } = Date;
  try {
    const clock = systemClock();
    const before = clock.monotonicMs();
    for (const shiftMs of [-86_400_000, 86_400_000]) {
      Date.now = () => now() + shiftMs;
      expect(clock.monotonicMs() - before).toBeLessThan(10_000);
      expect(clock.monotonicMs()).toBeGreaterThanOrEqual(before);
    }
  } finally {
    Date.now = now;
  }
});
