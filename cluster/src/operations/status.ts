import { routerLabel } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { toKept } from '../kept-fields.ts';
import { kinds } from '../kinds.ts';
import { type ObjectName, type ObjectRef, refOf } from '../object-ref.ts';
import { listObjects } from '../objects.ts';
import { toRouterViews } from '../router-view.ts';
import { Store, type Watched, type WatchedKind, watched, watchedKinds } from '../store.ts';
import type { RoutersSnapshot, RouterView, StatusTarget } from '../view.ts';
import { listVisibleNamespaces, placesToLook } from '../visible-namespaces.ts';
import { readNamespaceLabels } from './preflight-facts.ts';

/**
 * The routers as `watchRouters` would show them, read once: those of one namespace, or of all where that is
 * permitted, else of those that can be seen. All of them, or one.
 *
 * @throws ClusterError `not-found` for a router that is named and does not exist, and for a namespace that certainly
 *   does not
 */
export async function readStatus(
  connection: Connection,
  target: StatusTarget,
  signal: AbortSignal,
): Promise<RoutersSnapshot> {
  const store = new Store();
  const scope = await readRouters(connection, target.namespace, store, signal);
  const others = watchedKinds.filter((of) => of !== 'egressRouter');
  const [configMaps] = await Promise.all([
    target.withAllObjects === true ? readConfigMaps({ connection, scope, store, signal }) : undefined,
    ...others.map((of) => readOthers({ connection, of, scope, store, signal })),
  ]);
  const views = toRouterViews(store).filter(({ name }) => target.name === undefined || name === target.name);
  const routers = configMaps === undefined ? views : withAllObjects(views, configMaps, store);
  if (target.namespace !== undefined && routers.length === 0) {
    await mustBeThere(connection, target.namespace, signal);
  }
  if (target.name !== undefined && routers.length === 0) {
    const [only, ...more] = scope.kind === 'namespaces' ? scope.namespaces : [];
    const where = only === undefined || more.length > 0 ? '' : ` in namespace ${only}`;
    const message = `There is no EgressRouter ${target.name}${where}. List them all without a name.`;
    throw new ClusterError({ reason: 'not-found', message });
  }
  return { context: connection.context, scope, connection: { kind: 'live' }, routers };
}

/** The API server lists what is in a namespace that does not exist as nothing. Who may not read it is told nothing. */
async function mustBeThere(connection: Connection, namespace: string, signal: AbortSignal): Promise<void> {
  if ((await readNamespaceLabels(connection, namespace, signal)) !== 'missing') return;
  const message = `Namespace ${namespace} does not exist in the cluster of context ${connection.context}. Name another one.`;
  throw new ClusterError({ reason: 'not-found', message });
}

/** One router; undefined where this user may not list routers, or it is gone. */
export async function readView(
  connection: Connection,
  router: ObjectName,
  signal: AbortSignal,
): Promise<RouterView | undefined> {
  try {
    return (await readStatus(connection, router, signal)).routers[0];
  } catch (error) {
    if (ClusterError.is(error, 'forbidden', 'not-found')) return undefined;
    throw error;
  }
}

/** @throws ClusterError: without the routers there is nothing to say */
async function readRouters(
  connection: Connection,
  namespace: string | undefined,
  store: Store,
  signal: AbortSignal,
): Promise<RoutersSnapshot['scope']> {
  let refusal: ClusterError;
  try {
    await read({ connection, of: 'egressRouter', store, signal }, namespace);
    return namespace === undefined ? { kind: 'cluster' } : { kind: 'namespaces', namespaces: [namespace] };
  } catch (error) {
    if (namespace !== undefined || !ClusterError.is(error, 'forbidden')) throw error;
    refusal = error;
  }
  const permitted: string[] = [];
  const visible = await listVisibleNamespaces(connection, signal);
  const places = placesToLook(connection, visible);
  const left = places.values();
  const look = async (): Promise<void> => {
    for (const one of left) {
      try {
        await read({ connection, of: 'egressRouter', store, signal }, one);
        permitted.push(one);
      } catch (error) {
        if (!ClusterError.is(error, 'forbidden')) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: readsAtOnce }, look));
  if (permitted.length > 0) return { kind: 'namespaces', namespaces: permitted.toSorted() };
  const where =
    places.length > 3
      ? `any of the ${places.length} that you see`
      : `${places.length > 1 ? 'namespaces' : 'namespace'} ${places.join(', ')}`;
  const message = `${refusal.message} Nor may you list them in ${where}.`;
  throw new ClusterError({ reason: 'forbidden', message }, refusal);
}

/** Some people see thousands of namespaces. */
const readsAtOnce = 8;

interface Reading {
  readonly connection: Connection;
  readonly of: WatchedKind;
  readonly store: Store;
  readonly signal: AbortSignal;
}

interface Scoped {
  readonly scope: RoutersSnapshot['scope'];
  readonly store: Store;
}

function readOthers(reading: Reading & Scoped): Promise<void> {
  const { of, store } = reading;
  return readWherePermitted(
    reading,
    (namespace) => read(reading, namespace),
    (namespace) => void store.apply(of, { kind: 'hidden' }, namespace),
  );
}

/** Everywhere, else in each namespace that has a router. What cannot be read leaves a gap. */
async function readWherePermitted(
  { scope, store }: Scoped,
  readIn: (namespace: string | undefined) => Promise<void>,
  onForbidden: (namespace: string) => void,
): Promise<void> {
  const isForbidden = (error: unknown): boolean => ClusterError.is(error, 'forbidden', 'crd-missing');
  if (scope.kind === 'cluster') {
    try {
      return await readIn(undefined);
    } catch (error) {
      if (!isForbidden(error)) throw error;
    }
  }
  const withRouters = store.namespaces.filter(
    (namespace) => [...store.objects('egressRouter', namespace)].length > 0,
  );
  for (const namespace of withRouters) {
    try {
      await readIn(namespace);
    } catch (error) {
      if (!isForbidden(error)) throw error;
      if (ClusterError.is(error, 'forbidden')) onForbidden(namespace);
    }
  }
}

interface ConfigMaps {
  readonly objects: readonly KubernetesObject[];
  /** The namespaces where they may not be listed. */
  readonly unseen: ReadonlySet<string>;
}

/** Those that this project's operator has made. No view is made of them, so nobody watches them. */
async function readConfigMaps(reading: Pick<Reading, 'connection' | 'signal'> & Scoped): Promise<ConfigMaps> {
  const { connection, signal } = reading;
  const objects: KubernetesObject[] = [];
  const unseen = new Set<string>();
  const keep = ({ apiVersion, kind, metadata }: KubernetesObject) => ({ apiVersion, kind, metadata });
  await readWherePermitted(
    reading,
    async (namespace) => {
      const options = { namespace, labelSelector: routerLabel, keep, signal };
      objects.push(...(await listObjects(connection, kinds.configMap, options)).objects);
    },
    (namespace) => void unseen.add(namespace),
  );
  return { objects, unseen };
}

/** With the ConfigMaps and the Services that belong to them. */
function withAllObjects(
  views: readonly RouterView[],
  { objects, unseen }: ConfigMaps,
  store: Store,
): readonly RouterView[] {
  const namespaces = [...new Set(views.map(({ namespace }) => namespace))];
  const services = namespaces.flatMap((namespace) => [...store.objects('service', namespace)]);
  const owned = new Map<string, ObjectRef[]>();
  for (const object of [...objects, ...services]) {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const own = owned.get(uid);
      if (own === undefined) owned.set(uid, [refOf(object)]);
      else own.push(refOf(object));
    }
  }
  return views.map((view) => {
    const { uid = '', namespace, mayNotSee = [] } = view;
    const whole = { ...view, objects: [...view.objects, ...(owned.get(uid) ?? [])] };
    return unseen.has(namespace) ? { ...whole, mayNotSee: [...mayNotSee, 'ConfigMaps'] } : whole;
  });
}

async function read(
  { connection, of, store, signal }: Reading,
  namespace: string | undefined,
): Promise<void> {
  const { kind, labelSelector, fieldSelector }: Watched = watched[of];
  const keep = (object: KubernetesObject) => toKept(of, object);
  const options = { namespace, labelSelector, fieldSelector, keep, signal };
  const { objects } = await listObjects(connection, kind, options);
  store.apply(of, { kind: 'listed', objects }, namespace);
}
