import type { Reconciler } from '#core/egress-router/reconciler.ts';
import type { DiagnosticCode } from '#language/features/checks/diagnostic.ts';

/** One check, seen from outside. A file is its text; several files are named. */
export interface CheckRow {
  readonly code: DiagnosticCode;
  /** Raised here, once; « and » stand around the text that is marked. */
  readonly raises: string | Readonly<Record<string, string>>;
  /** As near as can be, and not raised. */
  readonly quiet: string | Readonly<Record<string, string>>;
  /** The file after the first fix of the problem, or why there is none. */
  readonly fixed: string | { readonly none: string };
  /** Default: unknown. */
  readonly reconciler?: Reconciler;
  /** What a client has told of the cluster, as it sends it. */
  readonly cluster?: object;
}
