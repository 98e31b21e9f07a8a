import { numberAt, textAt } from '#core/json-value.ts';
import { operatorFieldManager } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { conditionOf } from './condition.ts';
import { eventTime } from './event-time.ts';
import { kinds } from './kinds.ts';
import { decodeSandboxError } from './sandbox-error.ts';
import type { WarningView } from './view.ts';

/** The namespace's Events, by the uid of what they are about; those about ReplicaSets, which nothing watches, by name. */
export interface EventIndex {
  readonly byUid: ReadonlyMap<string, readonly KubernetesObject[]>;
  readonly ofReplicaSets: readonly KubernetesObject[];
}

export function indexEvents(events: readonly KubernetesObject[]): EventIndex {
  const byUid = new Map<string, KubernetesObject[]>();
  const ofReplicaSets: KubernetesObject[] = [];
  for (const event of events) {
    const uid = textAt(event, 'involvedObject', 'uid') ?? '';
    const others = byUid.get(uid);
    if (others === undefined) byUid.set(uid, [event]);
    else others.push(event);
    if (textAt(event, 'involvedObject', 'kind') === 'ReplicaSet') ofReplicaSets.push(event);
  }
  return { byUid, ofReplicaSets };
}

/** The newest first. */
export function eventsAbout(
  index: EventIndex,
  objects: readonly (KubernetesObject | undefined)[],
): readonly KubernetesObject[] {
  return newestFirst(objects.flatMap((object) => index.byUid.get(object?.metadata.uid ?? '') ?? []));
}

/** As `eventsAbout`, with those about the ReplicaSets of a Deployment. */
export function eventsOf(
  index: EventIndex,
  objects: readonly (KubernetesObject | undefined)[],
  deployment: KubernetesObject | undefined,
): readonly KubernetesObject[] {
  const ofReplicaSets = index.ofReplicaSets.filter(
    (event) => deploymentOf(textAt(event, 'involvedObject', 'name')) === deployment?.metadata.name,
  );
  return newestFirst([...eventsAbout(index, objects), ...ofReplicaSets]);
}

/**
 * Without what is over: of a router that is not degraded any more, what was said of it until then; of one whose pod is
 * ready besides, what was said of its objects until then. Who reads Warnings alone sees no Event that takes one back.
 */
export function stillTrue(
  events: readonly KubernetesObject[],
  router: KubernetesObject,
): readonly KubernetesObject[] {
  const degraded = conditionOf(router, 'Degraded');
  if (degraded?.status !== 'False') return events;
  const available = conditionOf(router, 'Available');
  const goodSince = Date.parse(degraded.since);
  const upSince = Math.max(goodSince, Date.parse(available?.since ?? ''));
  return events.filter((event) => {
    const kind = textAt(event, 'involvedObject', 'kind');
    // No condition of a router tells how its Services are.
    if (kind === kinds.service.kind) return true;
    const since = available?.status === 'True' ? upSince : goodSince;
    const isOfRouter = kind === kinds.egressRouter.kind;
    // What another program says of a router, its operator does not take back.
    if (isOfRouter && textAt(event, 'source', 'component') !== operatorFieldManager) return true;
    if (!isOfRouter && available?.status !== 'True') return true;
    return !(Date.parse(eventTime(event)) <= since);
  });
}

/** The latest few; what is said again with another id in it counts as the same. @param events the newest first */
export function toWarnings(events: readonly KubernetesObject[]): readonly WarningView[] {
  const views = new Map<string, WarningView>();
  for (const event of events) {
    const view = toWarning(event);
    const key = JSON.stringify([view.about, view.reason, withoutPod(view)]);
    const known = views.get(key);
    views.set(key, known === undefined ? view : { ...known, count: known.count + view.count });
  }
  return [...views.values()].slice(0, mostWarnings);
}

/** Each attempt of a ReplicaSet to make a pod has another name for it. */
function withoutPod({ about, message }: WarningView): string {
  const name = /^ReplicaSet (.+)$/.exec(about)?.[1];
  if (name === undefined) return message;
  return message
    .split(`${name}-`)
    .map((part, index) => (index === 0 ? part : part.replace(/^[a-z0-9]{5}/, '')))
    .join(name);
}

const mostWarnings = 5;

/** A ReplicaSet is called after its Deployment, with a hash at the end. */
export function deploymentOf(replicaSet: string | undefined): string | undefined {
  return replicaSet?.slice(0, replicaSet.lastIndexOf('-'));
}

function toWarning(event: KubernetesObject): WarningView {
  const lastSeen = eventTime(event);
  const kind = textAt(event, 'involvedObject', 'kind') ?? 'Object';
  return {
    about: `${kind} ${textAt(event, 'involvedObject', 'name') ?? ''}`.trim(),
    reason: textAt(event, 'reason') ?? '',
    message: decodeSandboxError(textAt(event, 'message') ?? ''),
    count: numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1,
    ...(lastSeen === '' ? {} : { lastSeen }),
  };
}

function newestFirst(events: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return events.toSorted((a, b) => (eventTime(a) < eventTime(b) ? 1 : -1));
}
