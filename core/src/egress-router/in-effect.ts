import type { RouterReading } from './parse.ts';
import type { Reconciler } from './reconciler.ts';

/** As much of a router as takes effect: the Cluster Network Operator knows one address and no fallback. */
export function inEffect(reading: RouterReading, reconciler: Reconciler): RouterReading {
  if (reconciler !== 'cno') return reading;
  const { fallback: _ignored, ...rest } = reading;
  return { ...rest, addresses: reading.addresses.slice(0, 1) };
}
