import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import type { ObjectName } from '../object-ref.ts';
import { listObjects } from '../objects.ts';
import { toRouterViews } from '../router-view.ts';
import { applyEvent, emptyStore, type Watched, type WatchedKind, watched, watchedKinds } from '../store.ts';
import type { RoutersSnapshot } from '../view.ts';

/**
 * The routers as `watchRouters` would show them, read once: those of one namespace, or of all where that is
 * permitted, else of the connection's own. All of them, or one.
 *
 * @throws ClusterError `not-found` for a router that is named and does not exist
 */
export async function readStatus(
  connection: Connection,
  target: Partial<ObjectName>,
  signal: AbortSignal,
): Promise<RoutersSnapshot> {
  const lists = await Promise.all(
    watchedKinds.map(async (of) => ({ of, ...(await list(connection, of, target.namespace, signal)) })),
  );
  const store = lists.reduce(
    (before, { of, objects }) => applyEvent(before, of, { kind: 'listed', objects }).store,
    emptyStore,
  );
  const namespace = lists.find(({ of }) => of === 'egressRouter')?.namespace;
  const routers = toRouterViews(store).filter(
    ({ name }) => target.name === undefined || name === target.name,
  );
  if (target.name !== undefined && routers.length === 0) {
    const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
    const message = `There is no EgressRouter ${target.name}${where}. List them all without a name.`;
    throw new ClusterError({ reason: 'not-found', message });
  }
  return {
    context: connection.context,
    scope: namespace === undefined ? { kind: 'cluster' } : { kind: 'namespaces', namespaces: [namespace] },
    connection: { kind: 'live' },
    routers,
  };
}

interface Listed {
  readonly objects: readonly KubernetesObject[];
  /** Absent: of all namespaces. */
  readonly namespace?: string | undefined;
}

/** Without the routers there is nothing to say; what else cannot be read leaves a gap. */
async function list(
  connection: Connection,
  of: WatchedKind,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<Listed> {
  const { kind, labelSelector, fieldSelector }: Watched = watched[of];
  try {
    const options = { namespace, labelSelector, fieldSelector, signal };
    return { objects: (await listObjects(connection, kind, options)).objects, namespace };
  } catch (error) {
    if (namespace === undefined && ClusterError.is(error, 'forbidden')) {
      return list(connection, of, connection.namespace, signal);
    }
    if (of !== 'egressRouter' && ClusterError.is(error, 'forbidden', 'crd-missing')) {
      return { objects: [], namespace };
    }
    throw error;
  }
}
