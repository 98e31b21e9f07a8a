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
 * @param others pods of other routers
 * @param own where this router's pod stands; absent: not there yet, then it may come to any node
 */
export function checkCapacity(
  own: { readonly node?: string; readonly nic?: string },
  others: readonly Placed[],
  limit: number,
): Finding {
  const rivals = others.filter(
    ({ node, nic }) => nic === own.nic && (own.node === undefined || node === own.node),
  );
  const counts = new Map<string, number>();
  for (const { node } of rivals) counts.set(node, (counts.get(node) ?? 0) + 1);
  const full = [...counts].filter(([, count]) => count + 1 > limit).toSorted(([, a], [, b]) => b - a);
  const nic = own.nic ?? 'the NIC of their network';
  const [most] = full;
  if (most !== undefined) {
    const [node, count] = most;
    const all = full.length === 1 ? '' : ` (and as full are ${full.length - 1} more nodes)`;
    return {
      code: 'capacity',
      verdict: 'warning',
      message: `${nic} of node ${node} has ${count} other egress routers${all}; the setting routersPerNic allows ${limit}. Each adds a MAC address, and a NIC without room for more slows down. Place the router on other nodes, or let one router serve several applications.`,
    };
  }
  const top = Math.max(0, ...counts.values());
  return {
    code: 'capacity',
    verdict: 'ok',
    message: `At most ${top} other egress ${top === 1 ? 'router shares' : 'routers share'} ${nic} of a node; the setting routersPerNic allows ${limit}.`,
  };
}
