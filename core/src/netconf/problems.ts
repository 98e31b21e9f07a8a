import type { Path, Problem } from '#core/problem.ts';
import type { NetConfProblemCode } from './model.ts';

export type Fields = { readonly [field: string]: unknown };

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The faults of one configuration, in the order in which it was read. */
export class NetConfProblems {
  readonly list: Problem<NetConfProblemCode>[] = [];

  error(code: NetConfProblemCode, path: Path, message: string): void {
    this.list.push({ code, severity: 'error', path, message });
  }

  warning(code: NetConfProblemCode, path: Path, message: string): void {
    this.list.push({ code, severity: 'warning', path, message });
  }

  hasErrors(): boolean {
    return this.list.some((problem) => problem.severity === 'error');
  }
}

/** The strings of a list; null and an absent list are empty, as Go's decoder has them. */
export function stringsAt(value: unknown, path: Path, problems: NetConfProblems): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    problems.error('netconf-value-invalid', path, `"${path.join('.')}" must be a list of strings.`);
    return [];
  }
  return value;
}

/** A value as people can read it in one line, cut where it is long. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
