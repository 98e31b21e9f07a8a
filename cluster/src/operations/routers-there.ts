import { routerLabel } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { kinds } from '../kinds.ts';
import { refOf, refText } from '../object-ref.ts';
import { listObjects } from '../objects.ts';

/** What needs the agent: routers, and pods of routers, which may outlast them. */
export interface RoutersThere {
  readonly routers: readonly KubernetesObject[];
  readonly isAny: boolean;
  /** Names one of them; empty where there is none. */
  readonly example: string;
}

/** Of the whole cluster. */
export async function readRouters(connection: Connection, signal: AbortSignal): Promise<RoutersThere> {
  const [routers, pods] = await Promise.all([
    listObjects(connection, kinds.egressRouter, { signal }).catch(orNothing),
    listObjects(connection, kinds.pod, { labelSelector: routerLabel, signal }),
  ]);
  const [first] = [...(routers?.objects ?? []), ...pods.objects];
  return {
    routers: routers?.objects ?? [],
    isAny: first !== undefined,
    example: first === undefined ? '' : refText(refOf(first)),
  };
}

/** Kinds that the API server does not serve have no objects. */
export function orNothing(error: unknown): undefined {
  if (ClusterError.is(error, 'crd-missing')) return undefined;
  throw error;
}
