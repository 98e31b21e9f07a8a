import { setTimeout as delay } from 'node:timers/promises';
import { at, textAt } from '#core/json-value.ts';
import type { KubernetesObject, OwnerReference } from '#core/manifest/object.ts';
import { documentedNames, namesOfFurther } from '#core/manifest/router-names.ts';
import type {
  DoomedObject,
  RunOptions,
  TeardownOptions,
  TeardownPlan,
  TeardownResult,
  WaitOptions,
} from '../api.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { finalizerTexts } from '../finalizers.ts';
import { kinds } from '../kinds.ts';
import { type ObjectName, type ObjectRef, refOf } from '../object-ref.ts';
import { deleteObject, findObject, getObject, listObjects } from '../objects.ts';
import { selects } from '../router-parts.ts';

/** @throws ClusterError `not-found` */
export async function planTeardown(
  connection: Connection,
  router: ObjectName,
  signal: AbortSignal,
  { beside = [] }: TeardownOptions = {},
): Promise<TeardownPlan> {
  const live = await getObject(connection, kinds.egressRouter, router, signal);
  const { objects: all, unseen } = await listAll(connection, router.namespace, signal);
  const owned = ownedBy(new Set([live.metadata.uid ?? '']), all);
  const stays = leftBehind(live, owned, { all, beside });
  return { router, objects: [live, ...owned].map(toDoomed), stays, unseen };
}

/** What is there because of the router and does not go with it: nobody deletes it unless told to. */
function leftBehind(
  router: KubernetesObject,
  owned: readonly KubernetesObject[],
  { all, beside }: { readonly all: readonly KubernetesObject[]; readonly beside: readonly string[] },
): TeardownPlan['stays'] {
  const others = all.filter((object) => !owned.includes(object));
  const labels = owned.flatMap((object) =>
    object.kind === kinds.deployment.kind ? [at(object, 'spec', 'template', 'metadata', 'labels')] : [],
  );
  return others.flatMap((object) => {
    const why =
      sharedBy(object, [router, ...owned]) ??
      reasonToTell(object, router, labels) ??
      (beside.includes(object.metadata.name) ? besideText(object, others) : undefined);
    return why === undefined ? [] : [{ object: refOf(object), why }];
  });
}

/** What has another owner as well loses the one that goes, no more. */
function sharedBy(
  { metadata: { ownerReferences = [] } }: KubernetesObject,
  doomed: readonly KubernetesObject[],
): string | undefined {
  const isDoomed = (uid: string): boolean => doomed.some(({ metadata }) => metadata.uid === uid);
  const other = ownerReferences.find(({ uid }) => !isDoomed(uid));
  return other === undefined || !ownerReferences.some(({ uid }) => isDoomed(uid))
    ? undefined
    : `It belongs to ${other.kind} ${other.name} as well, and goes with that.`;
}

/** A Service of the same file: nothing of the router's own, and not deleted with it. */
function besideText(service: KubernetesObject, all: readonly KubernetesObject[]): string | undefined {
  if (service.kind !== kinds.service.kind) return undefined;
  const { name, namespace = '' } = service.metadata;
  const owners = all
    .filter(
      (object) =>
        object.kind === kinds.deployment.kind &&
        selects(service, at(object, 'spec', 'template', 'metadata', 'labels')),
    )
    .flatMap(({ metadata }) => metadata.ownerReferences ?? []);
  const other = owners.find(({ kind }) => kind === kinds.egressRouter.kind);
  const leads =
    other === undefined ? '' : ` Its clients leave by the address of the router ${namespace}/${other.name}.`;
  return `It does not belong to the router.${leads} If it is meant to go as well: kubectl delete service ${name} -n ${namespace}.`;
}

function reasonToTell(
  object: KubernetesObject,
  { metadata: { name } }: KubernetesObject,
  podLabels: readonly unknown[],
): string | undefined {
  if (object.kind === kinds.service.kind && podLabels.some((labels) => selects(object, labels))) {
    return "It selects the router's pods but does not belong to the router. Clients that call it will be refused.";
  }
  const names = [documentedNames.nad, namesOfFurther(name).nad];
  const isOrphan = (object.metadata.ownerReferences ?? []).length === 0;
  return object.kind === kinds.nad.kind && isOrphan && names.includes(object.metadata.name)
    ? "It bears the name of a router's own and belongs to no router, so nothing deletes it. Delete it unless a pod of yours uses it."
    : undefined;
}

/**
 * Deletes the router in the foreground and waits until it and all that it owns are gone. What is still there at the
 * deadline is a result, not an error. Running it again is harmless.
 */
export async function teardown(
  connection: Connection,
  plan: TeardownPlan,
  options: RunOptions & WaitOptions,
): Promise<TeardownResult> {
  const [router] = plan.objects;
  if (router === undefined) return { gone: [], residue: [], stays: [], unseen: [] };
  const { signal, onProgress } = options;
  try {
    const deletion = { propagationPolicy: 'Foreground', uid: router.uid, signal } as const;
    await deleteObject(connection, kinds.egressRouter, plan.router, deletion);
    onProgress({ object: toRef(router), message: 'Deleting.' });
  } catch (error) {
    // Gone already, or replaced by a new one of the same name, which is not meant.
    if (!ClusterError.is(error, 'not-found', 'conflict')) throw error;
  }
  try {
    const result = await untilGone(connection, plan, options);
    const stays = [
      ...(await successorOf(connection, plan.router, router.uid, signal)),
      ...(await stillThere(connection, plan, signal)),
    ];
    return { ...result, stays };
  } catch (error) {
    if (!ClusterError.is(error, 'canceled')) throw error;
    const { namespace, name } = plan.router;
    const message = `Stopped waiting for EgressRouter ${namespace}/${name} to be gone. Its deletion goes on.`;
    throw new ClusterError({ reason: 'canceled', message }, error);
  }
}

/** A router of the same name that somebody has made since the person was asked, who did not mean that one. */
async function successorOf(
  connection: Connection,
  router: ObjectName,
  uid: string,
  signal: AbortSignal,
): Promise<TeardownPlan['stays']> {
  const live = await findObject(connection, kinds.egressRouter, router, signal).catch((error: unknown) => {
    // What was asked for is done, and that is to be told.
    if (ClusterError.is(error, ...passing)) return undefined;
    throw error;
  });
  return live === undefined || live.metadata.uid === uid
    ? []
    : [{ object: refOf(live), why: 'It was made anew meanwhile. Tear it down as well if it is meant.' }];
}

/** Of what the plan said would stay, what has. */
async function stillThere(
  connection: Connection,
  { router, stays }: TeardownPlan,
  signal: AbortSignal,
): Promise<TeardownPlan['stays']> {
  if (stays.length === 0) return [];
  const { objects } = await listAll(connection, router.namespace, signal);
  const all = objects.map(refOf);
  return stays.filter(({ object }) =>
    all.some(({ kind, name }) => kind === object.kind && name === object.name),
  );
}

const pollMs = 300;

/** Faults of a moment. */
const passing = ['unreachable', 'server-error', 'throttled', 'timed-out'] as const;

async function untilGone(
  connection: Connection,
  plan: TeardownPlan,
  { signal, onProgress, wait, timeoutMs }: RunOptions & WaitOptions,
): Promise<Pick<TeardownResult, 'gone' | 'residue' | 'unseen'>> {
  const known = new Map(plan.objects.map((object) => [object.uid, object]));
  const deadline = Date.now() + (wait ? timeoutMs : 0);
  const gone = new Set<string>();
  for (;;) {
    const found = await remaining(connection, plan.router, known, signal).catch((error: unknown) => {
      // The deletion goes on whether it can be watched or not.
      if (Date.now() < deadline && ClusterError.is(error, ...passing)) return undefined;
      throw error;
    });
    if (found === undefined) {
      await pause(signal);
      continue;
    }
    const { objects: left, unseen } = found;
    for (const object of known.values()) {
      if (gone.has(object.uid) || left.some(({ metadata }) => metadata.uid === object.uid)) continue;
      gone.add(object.uid);
      onProgress({ object: toRef(object), message: 'Gone.' });
    }
    if (left.length === 0 || Date.now() >= deadline) {
      return {
        gone: [...known.values()].filter(({ uid }) => gone.has(uid)).map(toRef),
        residue: left.map((object) => ({ object: refOf(object), why: whyHere(object, wait) })),
        unseen,
      };
    }
    await pause(signal);
  }
}

/** Which of the known objects, and of what these own, are still there; the latter become known. */
async function remaining(
  connection: Connection,
  router: ObjectName,
  known: Map<string, DoomedObject>,
  signal: AbortSignal,
): Promise<Seen> {
  const live = await findObject(connection, kinds.egressRouter, router, signal);
  const { objects: all, unseen } = await listAll(connection, router.namespace, signal);
  for (const object of ownedBy(new Set(known.keys()), all)) {
    const doomed = toDoomed(object);
    if (!known.has(doomed.uid)) known.set(doomed.uid, doomed);
  }
  const present = live === undefined ? all : [live, ...all];
  const objects = present.filter(({ metadata }) => metadata.uid !== undefined && known.has(metadata.uid));
  return { objects, unseen };
}

const ownable = [
  kinds.service,
  kinds.endpointSlice,
  kinds.nad,
  kinds.configMap,
  kinds.deployment,
  kinds.replicaSet,
  kinds.pod,
] as const;

const ownableKinds: ReadonlySet<string> = new Set(ownable.map(({ kind }) => kind));

interface Seen {
  readonly objects: readonly KubernetesObject[];
  /** Kinds, in the plural, that may not be listed. The garbage collector removes what belongs to the router all the same. */
  readonly unseen: readonly string[];
}

async function listAll(connection: Connection, namespace: string, signal: AbortSignal): Promise<Seen> {
  const lists = await Promise.all(
    ownable.map(async (kind) => {
      try {
        const { objects } = await listObjects(connection, kind, { namespace, signal });
        return { objects, unseen: [] };
      } catch (error) {
        if (ClusterError.is(error, 'forbidden')) return { objects: [], unseen: [kind.plural] };
        if (ClusterError.is(error, 'crd-missing', 'not-found')) return { objects: [], unseen: [] };
        throw error;
      }
    }),
  );
  return {
    objects: lists.flatMap(({ objects }) => objects),
    unseen: lists.flatMap(({ unseen }) => unseen),
  };
}

/** Owned directly or through others, owners before what they own, and by nobody else who is there. */
function ownedBy(owners: ReadonlySet<string>, all: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const present = new Set(all.map(({ metadata }) => metadata.uid));
  const mayStay = ({ kind, uid }: OwnerReference): boolean =>
    !owners.has(uid) && (present.has(uid) || !ownableKinds.has(kind));
  const next = all.filter(
    ({ metadata: { uid: own = '', ownerReferences = [] } }) =>
      !owners.has(own) &&
      ownerReferences.some(({ uid }) => owners.has(uid)) &&
      !ownerReferences.some(mayStay),
  );
  if (next.length === 0) return [];
  const uids = next.map(({ metadata }) => metadata.uid ?? '');
  return [...next, ...ownedBy(new Set([...owners, ...uids]), all)];
}

function whyHere(object: KubernetesObject, hasWaited: boolean): string {
  const { kind, metadata } = object;
  if (!hasWaited) return 'Not waited for.';
  if (metadata.deletionTimestamp === undefined) return 'The garbage collector has not come to it yet.';
  const [held] = finalizerTexts(object);
  if (held !== undefined) return held;
  if (kind !== kinds.pod.kind) return 'It waits for what it owns to be gone.';
  const node = textAt(object, 'spec', 'nodeName');
  return node === undefined
    ? 'The pod is still ending.'
    : `The pod is still ending: see whether node ${node} is up.`;
}

function toDoomed(object: KubernetesObject): DoomedObject {
  return { ...refOf(object), uid: object.metadata.uid ?? '' };
}

function toRef({ apiVersion, kind, namespace, name }: DoomedObject): ObjectRef {
  return namespace === undefined ? { apiVersion, kind, name } : { apiVersion, kind, namespace, name };
}

async function pause(signal: AbortSignal): Promise<void> {
  try {
    await delay(pollMs, undefined, { signal });
  } catch (cause) {
    throw new ClusterError({ reason: 'canceled', message: 'Canceled.' }, cause);
  }
}
