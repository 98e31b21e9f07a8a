import type { IfName } from '#core/net/ifname.ts';
import type { PodFacts } from './facts.ts';

/**
 * Routing tables of a router pod. Table main stays as the primary CNI left it, but for a route to the gateway,
 * so that taking the router's interface away gives the pod its old routes back.
 */
export const routerTable = 7101;
/** Holds default routes by the cluster's interface only: main has the others, and keeps them up to date. */
export const clusterTable = 7102;

/** Priorities of the routing rules, in the order in which the kernel asks them. */
export const rulePriorities = {
  /** What comes from the cluster leaves by the router's interface. */
  fromCluster: 1000,
  /** So does what carries the reserved address. */
  fromReserved: 1001,
  /** All else first follows what main knows better than a default route. */
  main: 1002,
  /** Replies go back to the cluster, wherever the client is. */
  replies: 1003,
  /** So do the pod's own replies, to probes for instance. */
  fromClusterAddress: 1004,
  /** The pod's own connections leave by the router's interface. */
  own: 1005,
} as const;

/**
 * The interface of a router that the pod has already, under another name. Tables, priorities and ruleset are a
 * pod's only ones, so a second router would take the first one's for its own.
 */
export function otherRouter(pod: PodFacts, ifName: IfName): IfName | undefined {
  const links = pod.rules.flatMap(({ table, inputLink }) =>
    table === String(clusterTable) && inputLink !== undefined ? [inputLink] : [],
  );
  return links.find((name) => name !== ifName && pod.links.some((link) => link.name === name));
}
