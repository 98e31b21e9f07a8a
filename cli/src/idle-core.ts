import { availableParallelism, cpus } from 'node:os';

/**
 * Whether a core has been idle since this was called, for most of the time: then a second thread has it for itself.
 * On a busy machine it only takes from the first one, and from the neighbors.
 */
export function watchIdleCore(): () => boolean {
  const start = performance.now();
  const before = idleMs();
  return () => availableParallelism() > 1 && idleMs() - before > (performance.now() - start) * 0.7;
}

/** Of all cores together. */
function idleMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.idle, 0);
}
