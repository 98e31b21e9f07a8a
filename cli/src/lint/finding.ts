import type { Severity } from '#core/problem.ts';

/** One remark on one place of a file. */
export interface Finding extends Place {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** Other places that have a part in it. */
  readonly related: readonly RelatedPlace[];
  /** `--fix` would mend it. */
  readonly isFixable: boolean;
}

export interface RelatedPlace extends Place {
  readonly message: string;
}

export interface Place {
  /** As the person named the file; `(stdin)` for standard input. */
  readonly path: string;
  readonly start: Position;
  /** Exclusive. */
  readonly end: Position;
}

/** Both count from 1; columns in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface LintResult {
  /** The paths that were read, in order. */
  readonly files: readonly string[];
  readonly counts: ObjectCounts;
  /** By file, then by place. */
  readonly findings: readonly Finding[];
}

/** How many objects were looked at that concern egress routers by themselves. */
export interface ObjectCounts {
  readonly routers: number;
  readonly nads: number;
  /** Of OpenShift SDN. */
  readonly legacyRouters: number;
}

export function countErrors(findings: readonly Finding[]): number {
  return findings.filter(({ severity }) => severity === 'error').length;
}
