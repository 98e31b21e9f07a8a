import { uptime } from 'node:os';
import type { Clock } from './leader-election.ts';

/** What this machine has of clocks. */
export interface Clocks {
  /** Milliseconds that only grow, and may stand still while the machine sleeps. */
  readonly monotonicMs: () => number;
  /** Seconds that the machine is up, those asleep included. */
  readonly uptimeSeconds: () => number;
}

/**
 * A clock that nobody sets and that goes on while the machine sleeps: the Lease of a leader that sleeps runs out, and
 * it must know when it wakes.
 */
export function systemClock(
  { monotonicMs, uptimeSeconds }: Clocks = {
    monotonicMs: () => performance.now(),
    uptimeSeconds: uptime,
  },
): Clock {
  const startedMs = uptimeSeconds() * 1000 - monotonicMs();
  let sleptMs = 0;
  return {
    monotonicMs: () => {
      const nowMs = monotonicMs();
      const missedMs = uptimeSeconds() * 1000 - nowMs - startedMs - sleptMs;
      if (missedMs > coarseMs) sleptMs += missedMs;
      return nowMs + sleptMs;
    },
    wallTime: () => new Date().toISOString().replace('Z', '000Z'),
    after: (delayMs, go) => {
      const timer = setTimeout(go, Math.max(0, delayMs));
      return () => clearTimeout(timer);
    },
  };
}

/** Uptime is told in hundredths of a second. */
const coarseMs = 100;
