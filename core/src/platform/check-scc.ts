import type { Finding } from './finding.ts';

/** What OKD and OpenShift say of a pod: which SecurityContextConstraints admit it, or none. */
export type SccReview =
  | { readonly kind: 'allowed'; readonly by: string }
  | { readonly kind: 'refused' }
  /** This person may not ask. */
  | { readonly kind: 'hidden' };

export function checkScc(namespace: string, review: SccReview): Finding {
  const code = 'scc';
  switch (review.kind) {
    case 'allowed':
      return {
        code,
        verdict: 'ok',
        message: `The SecurityContextConstraints ${review.by} admit the router's pod in namespace ${namespace}.`,
      };
    case 'refused':
      return {
        code,
        verdict: 'error',
        message: `No SecurityContextConstraints that the service account default of namespace ${namespace} may use admit the router's pod, which has the capability NET_ADMIN: it would not be created.`,
        remedy: {
          title: 'Command for an administrator',
          text: `oc adm policy add-scc-to-user privileged -z default -n ${namespace}\n`,
        },
      };
    case 'hidden':
      return {
        code,
        verdict: 'information',
        message: `You may not ask which SecurityContextConstraints admit the router's pod in namespace ${namespace}. It has the capability NET_ADMIN, which of the usual ones only privileged allows.`,
      };
  }
}
