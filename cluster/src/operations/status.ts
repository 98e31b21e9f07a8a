import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import type { ObjectName } from '../object-ref.ts';
import { listObjects } from '../objects.ts';
import { toRouterViews } from '../router-view.ts';
import { applyEvent, emptyStore, type Watched, type WatchedKind, watched, watchedKinds } from '../store.ts';
import type { RoutersSnapshot } from '../view.ts';

/**
 * The routers as `watchRouters` would show them, read once. All of them, those of one namespace, or one.
 *
 * @throws ClusterError `not-found` for a router that is named and does not exist
 */
export async function readStatus(
  connection: Connection,
  target: Partial<ObjectName>,
  signal: AbortSignal,
): Promise<RoutersSnapshot> {
  const lists = await Promise.all(
    watchedKinds.map(async (of) => ({
      of,
      objects: await list(connection, of, target.namespace, signal),
    })),
  );
  const store = lists.reduce(
    (before, { of, objects }) => applyEvent(before, of, { kind: 'listed', objects }).store,
    emptyStore,
  );
  const routers = toRouterViews(store).filter(
    ({ name }) => target.name === undefined || name === target.name,
  );
  if (target.name !== undefined && routers.length === 0) {
    const where = target.namespace === undefined ? '' : ` in namespace ${target.namespace}`;
    const message = `There is no EgressRouter ${target.name}${where}. List them all without a name.`;
    throw new ClusterError({ reason: 'not-found', message });
  }
  return {
    context: connection.context,
    scope:
      target.namespace === undefined
        ? { kind: 'cluster' }
        : { kind: 'namespace', namespace: target.namespace },
    connection: { kind: 'live' },
    routers,
  };
}

/** Without the routers there is nothing to say; what else cannot be read leaves a gap. */
async function list(
  connection: Connection,
  of: WatchedKind,
  namespace: string | undefined,
  signal: AbortSignal,
) {
  const { kind, labelSelector, fieldSelector }: Watched = watched[of];
  try {
    return (await listObjects(connection, kind, { namespace, labelSelector, fieldSelector, signal })).objects;
  } catch (error) {
    if (of !== 'egressRouter' && ClusterError.is(error, 'forbidden', 'crd-missing')) return [];
    throw error;
  }
}
