import type { CniErrorReason } from '#core/attachment/cni-error.ts';

/** Ends an invocation with an error for the runtime. `message` says what is wrong to whoever reads the event. */
export class CniFailure extends Error {
  override readonly name = 'CniFailure';
  readonly reason: CniErrorReason;
  readonly details: string;

  constructor(reason: CniErrorReason, message: string, details = '') {
    super(message);
    this.reason = reason;
    this.details = details;
  }
}
