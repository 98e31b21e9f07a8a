import type { Reconciler } from '#core/egress-router/reconciler.ts';
import type { Finding } from './finding.ts';

/**
 * @param others names of the other routers of the namespace, as far as they are seen
 * @param areAllSeen false where there may be more of them
 */
export function checkSecondRouter(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  { others, areAllSeen }: { readonly others: readonly string[]; readonly areAllSeen: boolean },
  reconciler: Reconciler,
): Finding {
  const code = 'second-router';
  if (others.length === 0 && !areAllSeen) {
    return {
      code,
      verdict: 'information',
      message: `Nothing tells whether namespace ${namespace} has other egress routers: you may not see all of them.`,
    };
  }
  if (others.length === 0) {
    return { code, verdict: 'ok', message: `${name} is the only egress router of namespace ${namespace}.` };
  }
  const has = `Namespace ${namespace} has ${listOf(others)} as well`;
  switch (reconciler) {
    case 'agent':
      return {
        code,
        verdict: 'information',
        message: `Namespace ${namespace} has further egress routers. The operator of Egress Router Tools gives each router objects of its own.`,
      };
    case 'cno':
      return {
        code,
        verdict: 'error',
        message: `${has}. The Cluster Network Operator makes one Deployment of all routers of a namespace, so they would overwrite each other. Put ${name} into a namespace of its own.`,
      };
    case 'unknown':
      return {
        code,
        verdict: 'warning',
        message: `${has}. Under the Cluster Network Operator they would overwrite each other, as it makes one Deployment of all routers of a namespace. Put ${name} into a namespace of its own.`,
      };
  }
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
