import { setTimeout as delay } from 'node:timers/promises';
import { at, listAt, textAt } from '#core/json-value.ts';
import { toAgentObjects } from '#core/manifest/agent-objects.ts';
import { operatorLeaseName, operatorNamespace, userFieldManager } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type {
  DoomedObject,
  RemoveOptions,
  RemovePlan,
  RunOptions,
  TeardownResult,
  WaitOptions,
} from '../api.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { finalizerTexts } from '../finalizers.ts';
import { findKind, kinds, type ResourceKind } from '../kinds.ts';
import { type ObjectName, type ObjectRef, refOf, refText } from '../object-ref.ts';
import { deleteObject, findObject, type Location, listObjects } from '../objects.ts';
import { agentNamespace, isOfSandbox } from './agent-namespace.ts';
import { removePlugin } from './remove-plugin.ts';
import { orNothing, readRouters } from './routers-there.ts';

/**
 * What there is of the agent, in the order in which it can go, and what has to stay. Changes nothing.
 *
 * @throws ClusterError `refused` in a sandbox, whose operator would go on without permissions
 */
export async function planRemove(connection: Connection, signal: AbortSignal): Promise<RemovePlan> {
  if (await isOfSandbox(connection, signal)) {
    const message =
      'This is a sandbox: its operator and its plugin are part of it and end with it, so nothing is removed. Switch to the cluster from which the agent is to go.';
    throw new ClusterError({ reason: 'refused', message });
  }
  const namespace = (await agentNamespace(connection, signal)) ?? operatorNamespace;
  const parts = toAgentObjects('', namespace);
  const find = async (object: KubernetesObject): Promise<KubernetesObject | undefined> => {
    const kind = findKind(object.apiVersion, object.kind);
    return kind && findObject(connection, kind, object.metadata, signal).catch(orNothing);
  };
  const findAll = async (objects: readonly KubernetesObject[]): Promise<readonly KubernetesObject[]> =>
    (await Promise.all(objects.map(find))).filter((found) => found !== undefined);
  const place = { namespace, name: operatorLeaseName };
  const [node, operator, lease, rules, home, crd, { routers, isAny: isNeeded }] = await Promise.all([
    find(parts.node),
    find(parts.operator),
    findObject(connection, kinds.lease, place, signal).catch(orUnseen),
    findAll([...parts.admission.toReversed(), ...parts.rbac.toReversed()]),
    find(parts.namespace),
    find(parts.crd),
    readRouters(connection, signal),
  ]);
  // What keeps the plugin on the nodes can take it from them later.
  const keeper = isNeeded && node !== undefined ? [node] : [];
  const others = home === undefined ? [] : [...keeper, ...(await othersIn(connection, namespace, signal))];
  const homeStays = home === undefined ? undefined : whyHomeStays(home, others);
  const crdStays = crd && whyCrdStays(crd, routers.length);
  return {
    namespace,
    objects: [
      ...[isNeeded ? undefined : node, operator, lease].flatMap((object) => object ?? []),
      ...rules,
      ...(home !== undefined && homeStays === undefined ? [home] : []),
    ].map(toDoomed),
    routers: routers.map(toName),
    plugin: pluginOf(node, isNeeded),
    stays: [
      ...keeper.map((object) => ({ object: refOf(object), why: whyKeeperStays(object) })),
      ...(home !== undefined && homeStays !== undefined ? [{ object: refOf(home), why: homeStays }] : []),
      ...(crd !== undefined && crdStays !== undefined ? [{ object: refOf(crd), why: crdStays }] : []),
    ],
    ...(crd !== undefined && crdStays === undefined ? { crd: toDoomed(crd) } : {}),
  };
}

/**
 * Takes the plugin from the nodes, then deletes part by part, each gone before the next: permissions last, as what
 * ends may still need them. What is still there at the deadline is a result, and so are routers that somebody has made
 * since the plan, with which the CRD stays. Running it again is harmless.
 *
 * @throws ClusterError `timed-out` where the plugin cannot be taken from all nodes, `refused` where a router has come
 *   that needs it; nothing is deleted then
 */
export async function removeAgent(
  connection: Connection,
  plan: RemovePlan,
  options: RemoveOptions & RunOptions & WaitOptions,
): Promise<TeardownResult> {
  const { signal, onProgress, timeoutMs } = options;
  const deadline = Date.now() + timeoutMs;
  if (plan.plugin.kind === 'removed') {
    await removePlugin(connection, plan.namespace, plan.plugin.image, { signal, onProgress, deadline });
  }
  const gone: ObjectRef[] = [];
  const residue: { object: ObjectRef; why: string }[] = [];
  const stays: { object: ObjectRef; why: string }[] = [];
  const objects = [...plan.objects, ...(options.withCrd && plan.crd !== undefined ? [plan.crd] : [])];
  for (const object of objects) {
    const ref = toRef(object);
    const whyNot = await whyStaysNow(connection, plan, object, signal);
    if (whyNot !== undefined) {
      stays.push({ object: ref, why: whyNot });
      continue;
    }
    const kept =
      object.kind === kinds.lease.kind
        ? await startEndOfLease(connection, object, residue, signal)
        : await startDeletion(connection, object, signal);
    if (kept !== undefined) {
      residue.push({ object: ref, why: kept });
      continue;
    }
    const left = await untilGone(connection, object, options.wait ? deadline : 0, signal);
    onProgress({ object: ref, message: left === undefined ? 'Gone.' : 'Deleting.' });
    if (left === undefined) gone.push(ref);
    else residue.push({ object: ref, why: options.wait ? whyHere(left) : 'Not waited for.' });
  }
  const { routers } = await readRouters(connection, signal);
  const unplanned = routers.filter((router) => !isAmong(plan.routers, toName(router)));
  stays.push(...unplanned.map((router) => ({ object: refOf(router), why: madeMeanwhile })));
  return { gone, residue, stays };
}

/** What takes along what is in it: somebody may have put something there since the plan. */
async function whyStaysNow(
  connection: Connection,
  { namespace }: RemovePlan,
  { kind }: ObjectRef,
  signal: AbortSignal,
): Promise<string | undefined> {
  switch (kind) {
    case kinds.namespace.kind:
      return whyMoreIsIn(await othersIn(connection, namespace, signal));
    case kinds.crd.kind:
      return whyCrdIsNeeded((await readRouters(connection, signal)).routers.length);
    default:
      return undefined;
  }
}

const madeMeanwhile = 'It was made meanwhile, and nothing acts on it any more.';

function isAmong(names: readonly ObjectName[], { namespace, name }: ObjectName): boolean {
  return names.some((one) => one.namespace === namespace && one.name === name);
}

function toName({ metadata: { namespace = '', name } }: KubernetesObject): ObjectName {
  return { namespace, name };
}

function pluginOf(node: KubernetesObject | undefined, isNeeded: boolean): RemovePlan['plugin'] {
  if (isNeeded) {
    const next = isCleaning(node)
      ? 'A removal that did not end is taking it from the nodes: install the agent again to bring it back.'
      : 'Tear the routers down, then remove the agent again to take it from the nodes.';
    const why = `Router pods need it to give their interface back. ${next}`;
    return { kind: 'kept', why };
  }
  const image = textAt(
    listAt(node, 'spec', 'template', 'spec', 'containers').find((one) => textAt(one, 'image') !== undefined),
    'image',
  );
  return image === undefined
    ? { kind: 'kept', why: 'There is no DaemonSet that could take it from the nodes.' }
    : { kind: 'removed', image };
}

function whyKeeperStays(node: KubernetesObject): string {
  return isCleaning(node) ? 'It takes the plugin from the nodes.' : 'It keeps the plugin on the nodes.';
}

function isCleaning(node: KubernetesObject | undefined): boolean {
  const [live, cleaning] = [node, toAgentObjects('', operatorNamespace).nodeCleanup].map((object) =>
    JSON.stringify(at(object, 'spec', 'template', 'spec', 'containers', 0, 'command')),
  );
  return live === cleaning;
}

/** Of the kinds that people put into a namespace; what every namespace has by itself does not count. */
async function othersIn(
  connection: Connection,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const { operator, node } = toAgentObjects('', namespace);
  const own = new Set([...[operator, node].map(({ metadata }) => metadata.name), ...ofEveryNamespace]);
  const found = await Promise.all(ofPeople.map((kind) => list(connection, kind, { namespace }, signal)));
  return found
    .flat()
    .filter(({ metadata }) => !own.has(metadata.name) && !own.has(metadata.labels?.['app'] ?? ''));
}

const ofPeople: readonly ResourceKind[] = [
  kinds.deployment,
  kinds.daemonSet,
  kinds.pod,
  kinds.service,
  kinds.egressRouter,
  kinds.nad,
  kinds.configMap,
  kinds.persistentVolumeClaim,
];

/** ConfigMaps. */
const ofEveryNamespace = ['kube-root-ca.crt', 'openshift-service-ca.crt'];

function whyHomeStays(home: KubernetesObject, others: readonly KubernetesObject[]): string | undefined {
  const isOurs = listAt(home, 'metadata', 'managedFields').some(
    (entry) => at(entry, 'manager') === userFieldManager && at(entry, 'operation') === 'Apply',
  );
  if (!isOurs) return 'Install Agent did not make it.';
  return whyMoreIsIn(others);
}

function whyMoreIsIn([first]: readonly KubernetesObject[]): string | undefined {
  return first === undefined ? undefined : `There is more in it, for example ${refText(refOf(first))}.`;
}

function whyCrdStays(crd: KubernetesObject, routers: number): string | undefined {
  if (crd.metadata.deletionTimestamp !== undefined) return 'It is being deleted already.';
  return whyCrdIsNeeded(routers);
}

function whyCrdIsNeeded(routers: number): string | undefined {
  if (routers === 0) return undefined;
  return `With it, ${routers === 1 ? 'the router' : `all ${routers} routers`} would be deleted.`;
}

/** What holds nobody's work up has not to be seen. */
function orUnseen(error: unknown): undefined {
  if (ClusterError.is(error, 'forbidden')) return undefined;
  return orNothing(error);
}

/** @returns why the Lease stays: its leader makes it anew for as long as it runs, and nothing else needs it gone */
async function startEndOfLease(
  connection: Connection,
  lease: DoomedObject,
  residue: readonly { readonly object: ObjectRef }[],
  signal: AbortSignal,
): Promise<string | undefined> {
  if (residue.some(({ object }) => object.kind === kinds.deployment.kind)) {
    return 'The operator makes it anew for as long as it runs: remove the agent again once it has ended.';
  }
  try {
    return await startDeletion(connection, lease, signal);
  } catch (error) {
    if (ClusterError.is(error, 'forbidden')) return error.message;
    throw error;
  }
}

async function startDeletion(
  connection: Connection,
  object: DoomedObject,
  signal: AbortSignal,
): Promise<undefined> {
  try {
    const isWorkload = object.kind === kinds.daemonSet.kind || object.kind === kinds.deployment.kind;
    const propagationPolicy = isWorkload ? 'Foreground' : 'Background';
    const { uid } = object;
    await deleteObject(connection, kindOf(object), placeOf(object), { propagationPolicy, uid, signal });
  } catch (error) {
    // Gone already, or replaced by a new one of the same name, which is not meant.
    if (!ClusterError.is(error, 'not-found', 'conflict')) throw error;
  }
}

/** @returns the object where it is still there at the deadline */
async function untilGone(
  connection: Connection,
  object: DoomedObject,
  deadline: number,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  for (;;) {
    const live = await findObject(connection, kindOf(object), placeOf(object), signal);
    if (live === undefined || live.metadata.uid !== object.uid) return undefined;
    if (Date.now() >= deadline) return live;
    await pause(object, signal);
  }
}

function whyHere(object: KubernetesObject): string {
  if (object.metadata.deletionTimestamp === undefined) return 'Its deletion was not taken up.';
  const [held = 'It is being deleted.'] = finalizerTexts(object);
  return held;
}

async function list(
  connection: Connection,
  kind: ResourceKind,
  where: { readonly namespace?: string; readonly labelSelector?: string; readonly fieldSelector?: string },
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const found = await listObjects(connection, kind, { ...where, signal }).catch(orNothing);
  return found?.objects ?? [];
}

function kindOf({ apiVersion, kind }: ObjectRef): ResourceKind {
  const found = findKind(apiVersion, kind);
  if (found !== undefined) return found;
  throw new ClusterError({
    reason: 'invalid',
    message: `${kind} (${apiVersion}) is not a kind of the agent.`,
  });
}

function placeOf({ namespace, name }: ObjectRef): Location {
  return { namespace, name };
}

function toDoomed(object: KubernetesObject): DoomedObject {
  return { ...refOf(object), uid: object.metadata.uid ?? '' };
}

function toRef({ apiVersion, kind, namespace, name }: DoomedObject): ObjectRef {
  return namespace === undefined ? { apiVersion, kind, name } : { apiVersion, kind, namespace, name };
}

async function pause(object: ObjectRef, signal: AbortSignal): Promise<void> {
  try {
    await delay(pollMs, undefined, { signal });
  } catch (cause) {
    const message = `Stopped waiting for ${refText(object)} to be gone. Remove the agent again to go on.`;
    throw new ClusterError({ reason: 'canceled', message }, cause);
  }
}

const pollMs = 300;
