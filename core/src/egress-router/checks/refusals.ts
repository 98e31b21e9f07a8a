import type { Problem } from '#core/problem.ts';
import type { ParsedRouter } from '../parse.ts';
import type { Reconciler } from '../reconciler.ts';
import { checkRouter } from './checks.ts';
import { checkPlatform } from './platform-checks.ts';

/**
 * For what a stored spec is refused by those who act on it: then what came of the last good one stays in force. The
 * Cluster Network Operator takes what the API server takes, as far as it can be read.
 */
export function findRefusals(
  { reading, problems }: Pick<ParsedRouter, 'reading' | 'problems'>,
  reconciler: Reconciler,
): readonly Problem[] {
  const further: readonly Problem[] =
    reconciler === 'cno' ? [] : [...checkRouter(reading), ...checkPlatform(reading, reconciler)];
  return [...problems, ...further].filter(({ severity }) => severity === 'error');
}
