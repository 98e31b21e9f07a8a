import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Makes this process spend time rather than memory: it is idle for most of its life, and what it collects late in a
 * burst of work it would keep. Node's own limits are those of a program that has a machine to itself.
 */
export function beThrifty(): void {
  // The young generation stays as small as it starts, in place of growing to 3 × 16 MB.
  setFlagsFromString('--semi-space-growth-factor=1');
  // The old one may grow by a third before it is swept, in place of up to fourfold.
  setFlagsFromString('--heap-growing-percent=33');
  // Growth is measured from the last sweep, and there has been none yet.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  setFlagsFromString('--no-expose-gc');
}
