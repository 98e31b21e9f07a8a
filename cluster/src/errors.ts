/**
 * Why something asked of a cluster did not happen. Closed, so that callers can offer the right next step.
 * `expired` is HTTP 410: the version to continue from is no longer kept. An expired login is `unauthorized`.
 * `terminating`: the namespace is being deleted, and takes nothing new.
 */
export type FailureReason =
  | 'no-kubeconfig'
  | 'no-context'
  | 'plugin-forbidden'
  | 'exec-missing'
  | 'login-failed'
  | 'unreachable'
  | 'tls'
  | 'unauthorized'
  | 'forbidden'
  | 'terminating'
  | 'not-found'
  | 'crd-missing'
  | 'already-exists'
  | 'conflict'
  | 'invalid'
  | 'expired'
  | 'throttled'
  | 'server-error'
  | 'timed-out'
  | 'refused'
  | 'canceled';

/** A field of an object that another field manager owns (server-side apply). */
export interface FieldConflict {
  readonly manager: string;
  /** As the API server spells it: `.spec.redirect.redirectRules`. */
  readonly field: string;
}

/** What crosses to a person: `message` names what happened, to which object, and the next step. */
export interface Failure {
  readonly reason: FailureReason;
  readonly message: string;
  /** Only with reason `conflict`, and only from server-side apply. */
  readonly conflicts?: readonly FieldConflict[];
}

/**
 * The only error this area throws on purpose. `is` looks at the value, not at the class, so it also answers for
 * errors of another bundle's copy of this file.
 */
export class ClusterError extends Error implements Failure {
  readonly reason: FailureReason;
  readonly conflicts?: readonly FieldConflict[];

  constructor(failure: Failure, cause?: unknown) {
    super(failure.message, cause === undefined ? undefined : { cause });
    this.name = 'ClusterError';
    this.reason = failure.reason;
    if (failure.conflicts !== undefined) this.conflicts = failure.conflicts;
  }

  static is(error: unknown, ...reasons: readonly FailureReason[]): error is ClusterError {
    if (!(error instanceof Error) || error.name !== 'ClusterError' || !('reason' in error)) return false;
    return reasons.length === 0 || reasons.some((reason) => reason === error.reason);
  }
}

/** The plain data of any thrown value. */
export function toFailure(error: unknown): Failure {
  if (ClusterError.is(error)) {
    const { reason, message, conflicts } = error;
    return conflicts === undefined ? { reason, message } : { reason, message, conflicts };
  }
  if (isAbort(error)) return { reason: 'canceled', message: 'Canceled.' };
  return { reason: 'server-error', message: error instanceof Error ? error.message : String(error) };
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
