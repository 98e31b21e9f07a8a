import type { Fix, Path, Problem, Severity } from '#core/problem.ts';

export const legacyProblemCodes = [
  'legacy-router',
  'legacy-proxy-mode',
  'legacy-annotation-missing',
  'legacy-annotation-invalid',
  'legacy-image-missing',
  'legacy-not-privileged',
  'legacy-mode-missing',
  'legacy-mode-unknown',
  'legacy-mode-misplaced',
  'legacy-source-missing',
  'legacy-source-invalid',
  'legacy-source-without-prefix',
  'legacy-gateway-missing',
  'legacy-gateway-invalid',
  'legacy-gateway-outside-subnet',
  'legacy-destination-missing',
  'legacy-destination-invalid',
  'legacy-destination-duplicate',
  'legacy-fallback-misplaced',
] as const;

export type LegacyProblemCode = (typeof legacyProblemCodes)[number];

export type LegacyProblem = Problem<LegacyProblemCode>;

export function legacyProblem(
  severity: Severity,
  code: LegacyProblemCode,
  path: Path,
  message: string,
  fixes: readonly Fix[] = [],
): LegacyProblem {
  return { code, severity, path, message, ...(fixes.length === 0 ? {} : { fixes }) };
}
