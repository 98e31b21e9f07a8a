import type { Finding } from './finding.ts';

/** As many as NICs filter in hardware that are counted among the small ones. */
export const defaultRoutersPerNic = 16;

/** Where the pod of a router stands. */
export interface Placed {
  readonly node: string;
  /** Absent: the NIC that is found by the address. */
  readonly nic?: string;
}

/**
 * How many routers share a NIC. Each adds a MAC address, and a NIC that runs out of filters for them takes in
 * everything that passes; how many it has is written nowhere, hence the limit is a setting.
 *
 * @param placed pods of other routers, as far as they are seen
 * @param unseen what could not be looked at: `pods of other namespaces`
 * @param own where this router's pod stands; absent: not there yet, then it may come to any node
 */
export function checkCapacity(
  own: { readonly node?: string; readonly nic?: string },
  { placed, unseen }: { readonly placed: readonly Placed[]; readonly unseen: readonly string[] },
  limit: number,
): Finding {
  const rivals = placed.filter(
    ({ node, nic }) => nic === own.nic && (own.node === undefined || node === own.node),
  );
  const counts = new Map<string, number>();
  for (const { node } of rivals) counts.set(node, (counts.get(node) ?? 0) + 1);
  const full = [...counts].filter(([, count]) => count + 1 > limit).toSorted(([, a], [, b]) => b - a);
  const nic = own.nic ?? 'the NIC of its network';
  const [most] = full;
  if (most !== undefined) {
    const [node, count] = most;
    const all = full.length === 1 ? '' : ` (and as full are ${full.length - 1} more nodes)`;
    return {
      code: 'capacity',
      verdict: 'warning',
      message: `On node ${node}, ${nic} carries ${count} other egress routers${all}; the limit is ${limit} (${limitNames}). Each adds a MAC address, and a NIC without room for more slows down. Place the router on other nodes, or let one router serve several applications.`,
    };
  }
  const top = Math.max(0, ...counts.values());
  const others = top === 1 ? '1 other egress router' : `${top === 0 ? 'no' : top} other egress routers`;
  const told = `On one node, ${nic} carries ${top === 0 ? '' : 'at most '}${others}`;
  const isLimit = `the limit is ${limit}.`;
  if (unseen.length === 0) return { code: 'capacity', verdict: 'ok', message: `${told}; ${isLimit}` };
  return {
    code: 'capacity',
    verdict: 'information',
    message: `${told} as far as the cluster tells, but you may not see ${unseen.join(', ')}; ${isLimit}`,
  };
}

/** Of the editor, and of the command line. */
const limitNames = 'the setting egressRouter.routersPerNic, or --routers-per-nic';
