import { t } from '#client/l10n.ts';
import type { FailureReason } from '#cluster/errors.ts';

/** In two or three words, why the cluster is not seen as it is now: a cluster that refuses was reached. */
export function lostText(reason: FailureReason): string {
  switch (reason) {
    case 'unauthorized':
    case 'login-failed':
      return t`login refused`;
    case 'exec-missing':
      return t`login program missing`;
    case 'tls':
      return t`certificate not trusted`;
    case 'forbidden':
      return t`not permitted`;
    case 'crd-missing':
      return t`no EgressRouter resource`;
    default:
      return t`unreachable`;
  }
}
