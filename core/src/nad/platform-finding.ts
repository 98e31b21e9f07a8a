import type { Problem } from '#core/problem.ts';
import type { NadProblemCode } from './problem-codes.ts';

/** Without the severity, which is the same of all of them. Paths count from the part that is looked at. */
export type PlatformFinding = Omit<Problem<NadProblemCode>, 'severity'>;
