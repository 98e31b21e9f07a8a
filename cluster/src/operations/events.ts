import { egressRouterKind } from '#core/egress-router/wire.ts';
import { numberAt, textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { EventView } from '../api.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { eventTime } from '../event-time.ts';
import { kinds, type ResourceKind } from '../kinds.ts';
import type { ObjectName } from '../object-ref.ts';
import { listObjects } from '../objects.ts';
import { isOwnedBy } from '../router-parts.ts';
import { decodeSandboxError } from '../sandbox-error.ts';

/**
 * The Events about a router and what was made for it, pods that are gone included, the newest first.
 *
 * @throws ClusterError `not-found` where there is no such router
 */
export async function readEvents(
  connection: Connection,
  { namespace, name }: ObjectName,
  signal: AbortSignal,
): Promise<readonly EventView[]> {
  const list = (kind: ResourceKind) => listObjects(connection, kind, { namespace, signal });
  const [routers, events, ...owned] = await Promise.all([
    list(kinds.egressRouter),
    list(kinds.event),
    ...[kinds.deployment, kinds.nad, kinds.service].map(async (kind) => list(kind).catch(unknown)),
  ]);
  const router = routers.objects.find(({ metadata }) => metadata.name === name);
  if (router === undefined) {
    const message = `There is no EgressRouter ${namespace}/${name}: it has no events.`;
    throw new ClusterError({ reason: 'not-found', message });
  }
  const objects = owned.flatMap(({ objects: all }) => all.filter((object) => isOwnedBy(object, router)));
  return events.objects
    .filter((event) => isAbout(event, router, objects))
    .toSorted((a, b) => Date.parse(eventTime(b)) - Date.parse(eventTime(a)))
    .map(toEventView);
}

/** What may not be read only has its Events left out. */
function unknown(error: unknown): { readonly objects: readonly KubernetesObject[] } {
  if (ClusterError.is(error, 'forbidden', 'crd-missing')) return { objects: [] };
  throw error;
}

function isAbout(
  event: KubernetesObject,
  router: KubernetesObject,
  objects: readonly KubernetesObject[],
): boolean {
  const kind = textAt(event, 'involvedObject', 'kind');
  const name = textAt(event, 'involvedObject', 'name') ?? '';
  if (kind === egressRouterKind) return name === router.metadata.name;
  // By name, as what it names may be gone: a ReplicaSet adds a hash to its Deployment's, a pod another one.
  const deployment = /^(.*)-[^-]+$/.exec(kind === 'Pod' ? name.replace(/-[^-]*$/, '') : name)?.[1];
  const isMade = kind === 'ReplicaSet' || kind === 'Pod';
  return objects.some(
    (object) =>
      (object.kind === kind && object.metadata.name === name) ||
      (isMade && object.kind === kinds.deployment.kind && object.metadata.name === deployment),
  );
}

function toEventView(event: KubernetesObject): EventView {
  const lastSeen = eventTime(event);
  const about = `${textAt(event, 'involvedObject', 'kind') ?? ''} ${textAt(event, 'involvedObject', 'name') ?? ''}`;
  return {
    about,
    isWarning: textAt(event, 'type') === 'Warning',
    reason: textAt(event, 'reason') ?? '',
    message: decodeSandboxError(textAt(event, 'message') ?? ''),
    count: numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1,
    ...(lastSeen === '' ? {} : { lastSeen }),
  };
}
