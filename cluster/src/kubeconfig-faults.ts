import { ClusterError } from './errors.ts';
import type { KubeconfigCluster, KubeconfigUser } from './kubeconfig-file.ts';

/**
 * What kubectl refuses, too. Never with the address in the sentence: it may hold a password, which `fetch` would
 * refuse, and quote.
 *
 * @throws ClusterError `no-context`
 */
export function refuseCluster({ name, server, skipTLSVerify, caData, caFile }: KubeconfigCluster): void {
  const fault =
    faultOfAddress(server) ??
    (skipTLSVerify && server.startsWith('https:') && (caData ?? caFile) !== undefined
      ? 'a certificate-authority and insecure-skip-tls-verify: true, which contradict each other. Take one of them out.'
      : undefined);
  if (fault === undefined) return;
  throw new ClusterError({
    reason: 'no-context',
    message: `Cluster "${name}" of the kubeconfig has ${fault}`,
  });
}

/** @throws ClusterError `login-failed` */
export function refuseUser(user: KubeconfigUser): void {
  const { name, certData, certFile, keyData, keyFile, impersonation } = user;
  const hasCertificate = (certData ?? certFile) !== undefined;
  const acts = Object.keys(impersonation);
  const fault =
    hasCertificate && (keyData ?? keyFile) === undefined
      ? 'has a client certificate without its key. Log in to the cluster again, or add client-key.'
      : acts.length > 0 && !acts.includes('Impersonate-User')
        ? 'is to act with the groups, uid or extra values of somebody whom it does not name. Add as, or take as-groups, as-uid and as-user-extra out.'
        : undefined;
  if (fault === undefined) return;
  throw new ClusterError({
    reason: 'login-failed',
    message: `User "${name}" of the kubeconfig ${fault}`,
  });
}

/** What follows "has". */
function faultOfAddress(server: string): string | undefined {
  if (!/^https?:\/\/\S+$/.test(server) || !URL.canParse(server)) {
    return 'a server address that is no https URL. Write it as https://HOST:PORT.';
  }
  const url = new URL(server);
  if (url.username !== '' || url.password !== '') {
    return 'a server address with a user name in it. Take that out, and log in by the entry of the user.';
  }
  if (url.search !== '' || url.hash !== '') {
    return 'a server address with a query in it. Write it as https://HOST:PORT.';
  }
  return undefined;
}
