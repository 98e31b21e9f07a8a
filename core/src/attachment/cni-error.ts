/**
 * Why the executable refuses, and the code that the CNI specification gives it (§5, "Error"); from 100 on
 * they are ours.
 */
export const cniErrorCodes = {
  'incompatible-version': 1,
  'unsupported-field': 2,
  'unknown-container': 3,
  'invalid-environment': 4,
  'input-output': 5,
  'not-decoded': 6,
  'invalid-config': 7,
  'try-again': 11,
  'not-available': 50,
  'limited-connectivity': 51,
  /** A step of ADD or DEL failed; ADD has undone those before it. */
  'step-failed': 100,
  /** The node or the pod is not as the configuration needs it. */
  'attachment-refused': 101,
  /** CHECK: the pod no longer is as ADD left it. */
  'check-failed': 102,
  /** Another machine has an address of the router. */
  'address-in-use': 103,
  internal: 199,
} as const;

export type CniErrorReason = keyof typeof cniErrorCodes;

export interface CniErrorDocument {
  readonly cniVersion: string;
  readonly code: number;
  readonly msg: string;
  readonly details?: string;
}

/** `message` stands first in what runtimes print, so it says what is wrong; `details` is for the curious. */
export function toCniError(
  cniVersion: string,
  reason: CniErrorReason,
  message: string,
  details = '',
): CniErrorDocument {
  return {
    cniVersion,
    code: cniErrorCodes[reason],
    msg: message,
    ...(details === '' ? {} : { details }),
  };
}
