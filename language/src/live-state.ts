import type { ClusterFacts, LiveRouter } from '#core/relations/cluster-facts.ts';

export interface LiveState {
  readonly context: string;
  readonly router: LiveRouter;
}

/** The router of a manifest in the cluster. A manifest without a namespace means the one of its name, if there is one only. */
export function liveStateOf(
  { name, namespace }: { readonly name?: string; readonly namespace?: string },
  cluster: ClusterFacts | undefined,
): LiveState | undefined {
  if (cluster === undefined || name === undefined) return undefined;
  const [router, ...others] = cluster.routers.filter(
    (one) => one.name === name && (namespace === undefined || one.namespace === namespace),
  );
  return router === undefined || others.length > 0 ? undefined : { context: cluster.context, router };
}
