import { optionDocOf } from '#core/egress-router/option-docs.ts';
import type { Reconciler } from '#core/egress-router/reconciler.ts';
import type { Path } from '#core/problem.ts';

/** What the Cluster Network Operator does not heed of what a path names; undefined where it does, or is not there. */
export function platformNote(path: Path, reconciler: Reconciler): string | undefined {
  const ignored = reconciler === 'agent' ? undefined : ignoredAt(path);
  if (ignored === undefined) return undefined;
  return reconciler === 'cno'
    ? `⚠ The Cluster Network Operator ${ignored}`
    : `Where the Cluster Network Operator makes the router: it ${ignored}`;
}

function ignoredAt(path: Path): string | undefined {
  if (optionDocOf(path) !== undefined)
    return 'ignores this annotation, which only the operator of this project knows.';
  const [first, second, third] = path;
  if (first !== 'spec') return undefined;
  if (second === 'networkInterface')
    return 'ignores this, and makes a macvlan in bridge mode on the NIC whose network holds the address.';
  if (second === 'addresses' && typeof third === 'number' && third > 0)
    return 'ignores this address: only the first one takes effect.';
  if (second === 'redirect' && third === 'fallbackIP')
    return 'ignores this: connections to ports without a rule are rejected.';
  return undefined;
}
