import type { Subscription } from './subscription.ts';

/**
 * Calls back when the machine has slept: the clock has moved on further than a timer accounts for. Connections are
 * mostly dead then, and nothing says so before they have been silent for long.
 */
export function watchWake(onWake: () => void, { tickMs = 5_000, now = Date.now } = {}): Subscription {
  let last = now();
  const timer = setInterval(() => {
    const sinceMs = now() - last;
    last = now();
    if (sinceMs > tickMs + sleepMs) onWake();
  }, tickMs);
  // Whoever waits for nothing else is not kept running.
  timer.unref();
  return { close: () => clearInterval(timer) };
}

/** A loop that is blocked for so long has lost its connections as well. */
const sleepMs = 15_000;
