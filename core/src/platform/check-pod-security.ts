import type { Reconciler } from '#core/egress-router/reconciler.ts';
import type { Finding } from './finding.ts';

export const podSecurityLabel = 'pod-security.kubernetes.io/enforce';

/**
 * Whether the namespace admits the router's pod. That of our operator sets up its network itself and needs the
 * capability NET_ADMIN, which only the level `privileged` allows; that of the Cluster Network Operator needs nothing.
 *
 * @param labels of the namespace; undefined where they may not be read, `missing` where there is no such namespace
 */
export function checkPodSecurity(
  namespace: string,
  labels: Readonly<Record<string, string>> | 'missing' | undefined,
  reconciler: Reconciler,
): Finding {
  if (labels === 'missing') {
    return {
      code: 'pod-security',
      verdict: 'error',
      message: `Namespace ${namespace} does not exist. Create it first, or name another one.`,
      remedy: { title: 'Command', text: `kubectl create namespace ${namespace}\n` },
    };
  }
  if (reconciler === 'cno') {
    return {
      code: 'pod-security',
      verdict: 'ok',
      message: 'The pod that the Cluster Network Operator makes needs no special rights.',
    };
  }
  if (labels === undefined) {
    return {
      code: 'pod-security',
      verdict: 'information',
      message: `You may not read namespace ${namespace}, so its Pod Security level is not known. A router's pod needs the level "privileged", as it has the capability NET_ADMIN.`,
    };
  }
  const level = labels[podSecurityLabel];
  if (level === undefined || level === 'privileged') {
    const by = level === undefined ? 'sets no Pod Security level' : 'has the Pod Security level "privileged"';
    return {
      code: 'pod-security',
      verdict: 'ok',
      message: `Namespace ${namespace} ${by}, so a router's pod may have the capability NET_ADMIN.`,
    };
  }
  return {
    code: 'pod-security',
    verdict: reconciler === 'agent' ? 'error' : 'warning',
    message: `Namespace ${namespace} has the Pod Security level "${level}", which forbids the capability NET_ADMIN of a router's pod: the pod would not be created. Use a namespace with the level "privileged", or have an administrator allow it in this one.`,
    remedy: {
      title: 'Command for an administrator',
      text: `kubectl label namespace ${namespace} ${podSecurityLabel}=privileged --overwrite`,
    },
  };
}
