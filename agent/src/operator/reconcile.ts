import { ClusterError } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import { withAccount } from '#core/egress-router/account.ts';
import { findRefusals } from '#core/egress-router/checks/refusals.ts';
import { type Fault, type PodState, toConditions } from '#core/egress-router/conditions.ts';
import type { EgressRouter } from '#core/egress-router/model.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import {
  type EgressRouterCondition,
  egressRouterApiVersion,
  egressRouterKind,
} from '#core/egress-router/wire.ts';
import { namedPath } from '#core/entry-names.ts';
import { at } from '#core/json-value.ts';
import { appLabel, configHashAnnotation, routerLabel } from '#core/manifest/names.ts';
import type { KubernetesObject, OwnerReference } from '#core/manifest/object.ts';
import { documentedNames, type RouterNames, routerLabelValue } from '#core/manifest/router-names.ts';
import {
  firstFamilyText,
  missingFamilyText,
  servesNone,
  tellsOfMissingFamily,
} from '#core/manifest/service-families.ts';
import { pathText } from '#core/path-text.ts';
import { fewSentences } from '#core/shorten.ts';
import { claimNames, readNamed } from './claim-names.ts';
import { clearWay } from './clear-way.ts';
import type { Contests } from './contests.ts';
import { desired } from './desired.ts';
import { readService } from './kept-service.ts';
import { overrule, remade, remake } from './overrule.ts';
import { controllerOf, isMadeFor } from './ownership.ts';
import { configOf, readPodState } from './read-pod-state.ts';
import { conditionsOf } from './stored-conditions.ts';
import type { World } from './world.ts';

export interface RouterKey {
  readonly namespace: string;
  readonly name: string;
}

export interface ReconcileOptions {
  /** Reference of the agent image that router pods run. */
  readonly image: string;
  /** RFC 3339, to the second. */
  readonly now: () => string;
  /** Of all that is reconciled: what was set back stays known from one time to the next. */
  readonly contests: Contests;
}

/**
 * Brings the objects of one router in step with its spec and its conditions in step with the cluster.
 * Reads all it needs anew, so it may run at any time, twice, or after having been cut off anywhere; but never
 * for two routers of one namespace at once, as they would both find the documented names free.
 *
 * @returns when to look again though nothing was seen to happen.
 */
export async function reconcile(
  key: RouterKey,
  world: World,
  options: ReconcileOptions,
  signal: AbortSignal,
): Promise<{ readonly againInMs?: number }> {
  const stored = await world.get(kinds.egressRouter, key, signal);
  // Deletion is the garbage collector's work: every object has its owner written on it.
  if (stored === undefined || stored.metadata.deletionTimestamp !== undefined) return {};
  const names = await claimNames(stored, world, signal);
  const outcome = await bringInStep(stored, names, world, options, signal);
  const pod = outcome.pod ?? (await readPodState(stored, names, outcome.config, world, signal));
  if (pod === 'asking') {
    if (outcome.error !== undefined) throw outcome.error;
    return { againInMs: unsettledMs };
  }
  const previous = conditionsOf(stored);
  const seen = outcome.fault === undefined ? { pod } : { pod, fault: outcome.fault };
  const told = toConditions(seen, previous, options.now()).map((condition) =>
    withNote(withNames(condition, names), outcome.note),
  );
  const conditions = withAccount(told, stored);
  const isWritten = areEqual(conditions, previous);
  const mustWait = !isWritten && options.contests.waitMs(...roundOf(stored, conditions)) > 0;
  if (!isWritten && !mustWait) await world.writeConditions(stored, conditions, signal);
  if (outcome.error !== undefined) throw outcome.error;
  if (pod.kind !== 'ready' || outcome.fault !== undefined || mustWait) return { againInMs: unsettledMs };
  // When to look again at a pod that cannot be asked, the world tells.
  return pod.rules === 'pending' ? { againInMs: pendingMs } : {};
}

/** Somebody else may write conditions, too. */
function roundOf(
  { metadata: { namespace = '', name, uid, resourceVersion = '' } }: KubernetesObject,
  conditions: readonly EgressRouterCondition[],
): readonly [string, string, string] {
  const wanted = conditions.map(({ lastTransitionTime: _time, ...rest }) => rest);
  return [`status of ${namespace}/${name}`, JSON.stringify([uid, wanted]), resourceVersion];
}

/** How often a router that is not up is looked at, beside each event that concerns it. */
const unsettledMs = 5_000;
/** How often a pod that has other rules yet is asked for them. */
const pendingMs = 2_000;

interface Outcome {
  readonly fault?: Fault;
  /** Given where the objects of the documented names are not this router's. */
  readonly pod?: PodState;
  /** What the pod is to redirect by; absent where the spec does not tell. */
  readonly config?: string | undefined;
  /** What people are to know of the Service, which is no fault of the router. */
  readonly note?: string | undefined;
  /** To be retried with back-off, after the conditions have been written. */
  readonly error?: unknown;
}

async function bringInStep(
  stored: KubernetesObject,
  names: RouterNames,
  world: World,
  options: ReconcileOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  const { namespace = '' } = stored.metadata;
  const live = await readNamed(names, namespace, world, signal);
  const foreign = live.find((object) => object !== undefined && !isMadeFor(object, stored));
  if (foreign !== undefined) return outcomeOfForeign(foreign, world, signal);
  const { router, problems } = read(stored);
  if (router === undefined) {
    const fault: Fault = { reason: 'InvalidSpec', message: problems };
    return keepPod(live, world, options.contests, signal).then(
      () => ({ fault }),
      (error: unknown) => ({ fault, error }),
    );
  }
  const { contests } = options;
  const faults: Fault[] = [];
  let isServiceWritten = false;
  try {
    const service = await readService(stored, router, world, signal);
    const wanted = desired(router, {
      image: options.image,
      owner: ownerOf(stored),
      names,
      service: service.present,
    });
    if (service.extra !== undefined) await world.delete(kinds.service, service.extra, signal);
    const all = [...live, service.present];
    const missing = wanted.filter((_, index) => all[index] === undefined);
    const remaking = remake(stored, { wanted, missing }, contests);
    if (remaking.fault !== undefined) faults.push(remaking.fault);
    for (const [index, object] of wanted.entries()) {
      if (object.kind === kinds.service.kind && service.fault !== undefined) return { fault: service.fault };
      const present = all[index];
      const ruling =
        present === undefined ? remaking : await overrule(present, object, { world, contests }, signal);
      if (present !== undefined && ruling.fault !== undefined) faults.push(ruling.fault);
      if (!ruling.mustWrite) continue;
      const left = present === undefined && object.kind === kinds.deployment.kind;
      const waiting = left ? await waitingForPods(stored, names, world, signal) : undefined;
      if (waiting !== undefined) return { pod: waiting, ...firstOf(faults) };
      if (present !== undefined) await clearWay(present, object, world, signal);
      await world.apply(object, signal);
      if (object.kind === kinds.service.kind) isServiceWritten = true;
    }
    if (remaking.mustWrite) remade(stored, contests);
    // What became of a Service that has just been written is seen when its change comes back.
    if (router.options?.expose === true && !isServiceWritten && servesNone(router, service.present)) {
      faults.push({ reason: 'ApplyRefused', message: missingFamilyText(router) });
    }
    const config = configOf(wanted.find(({ kind }) => kind === kinds.configMap.kind));
    const note = router.options?.expose === true ? firstFamilyText(router, service.present) : undefined;
    return { config, note, ...firstOf(faults) };
  } catch (error) {
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    const isOfFamily = fault.reason === 'ApplyRefused' && tellsOfMissingFamily(fault.message);
    return { fault: isOfFamily ? { ...fault, message: missingFamilyText(router) } : fault, error };
  }
}

function firstOf([fault]: readonly Fault[]): Pick<Outcome, 'fault'> {
  return fault === undefined ? {} : { fault };
}

/** The last good objects stay in force, also where somebody scales them: the spec does not tell the rest of them. */
async function keepPod(
  live: readonly (KubernetesObject | undefined)[],
  world: World,
  contests: Contests,
  signal: AbortSignal,
): Promise<void> {
  const deployment = live.find((object) => object?.kind === kinds.deployment.kind);
  if (deployment === undefined || at(deployment, 'spec', 'replicas') === 1) return;
  const { namespace = '', name, generation = 0 } = deployment.metadata;
  if (contests.waitMs(`replicas of ${namespace}/${name}`, '1', String(generation)) > 0) return;
  await world.patch(kinds.deployment, deployment, onePod, signal);
}

const onePod = { spec: { replicas: 1 } } as const;

/**
 * Before there is a Deployment: pods of an earlier one, or of an earlier router of this name, may still hold the
 * address. A new Deployment would not wait for them, as they are not its own.
 */
async function waitingForPods(
  { metadata: { name, namespace = '' } }: KubernetesObject,
  names: RouterNames,
  world: World,
  signal: AbortSignal,
): Promise<PodState | undefined> {
  // What the watch of Deployments has told, that of pods may have yet to tell.
  const selectors = [`${routerLabel}=${routerLabelValue(name)}`, `${appLabel}=${names.app}`];
  const lists = selectors.map((labelSelector) =>
    world.list(kinds.pod, { namespace, labelSelector, isFresh: true }, signal),
  );
  const left = (await Promise.all(lists)).flat().find(isRouterPod);
  if (left === undefined) return undefined;
  const message = `Waiting for pod ${left.metadata.name} to go, which an earlier Deployment made: it may hold the address.`;
  return { kind: 'starting', message };
}

function isRouterPod({ metadata: { annotations, ownerReferences = [] } }: KubernetesObject): boolean {
  return annotations?.[configHashAnnotation] !== undefined && ownerReferences.length > 0;
}

function read(stored: KubernetesObject): { readonly router?: EgressRouter; readonly problems: string } {
  const { router, reading, problems } = parseRouter(stored);
  const errors = findRefusals({ reading, problems }, 'agent');
  const sentences = fewSentences(
    errors.map(({ path, message }) => `${pathText(namedPath(path, stored))}: ${message}`),
  );
  return router === undefined || errors.length > 0
    ? { problems: sentences }
    : { router, problems: sentences };
}

/** What comes of an object that bears one of the documented names and is not this router's. */
async function outcomeOfForeign(
  object: KubernetesObject,
  world: World,
  signal: AbortSignal,
): Promise<Outcome> {
  const { kind } = object;
  const { name, namespace = '' } = object.metadata;
  const owner = controllerOf(object);
  if (owner === undefined) {
    const message =
      `${kind} ${namespace}/${name} is in the way: it was not made for an egress router. ` +
      `Delete it or give this router another name.`;
    return { fault: { reason: 'NameTaken', message }, pod: { kind: 'none' } };
  }
  if (owner.kind === egressRouterKind && (await isGone(owner, namespace, world, signal))) {
    const message = `Waiting for ${kind} ${namespace}/${name} to go, which was made for the deleted ${owner.kind} ${owner.name}.`;
    return { pod: { kind: 'starting', message } };
  }
  const message =
    `${kind} ${namespace}/${name} belongs to ${owner.kind} ${owner.name}. ` +
    `Give this router another name.`;
  return { fault: { reason: 'NameTaken', message }, pod: { kind: 'none' } };
}

function ownerOf(stored: KubernetesObject): OwnerReference {
  const { name, uid } = stored.metadata;
  if (uid === undefined) throw new Error(`EgressRouter ${name} was read without its uid.`);
  // No blockOwnerDeletion: some clusters then want the right to finalize routers.
  return { apiVersion: egressRouterApiVersion, kind: egressRouterKind, name, uid, controller: true };
}

async function isGone(
  owner: OwnerReference,
  namespace: string,
  world: World,
  signal: AbortSignal,
): Promise<boolean> {
  const holder = await world.get(kinds.egressRouter, { namespace, name: owner.name }, signal);
  return holder?.metadata.uid !== owner.uid;
}

/** @returns undefined for what may pass by itself. */
function faultOf(error: unknown): Fault | undefined {
  if (ClusterError.is(error, 'crd-missing')) {
    const advice = 'Install Multus, which brings NetworkAttachmentDefinitions: egress routers need it.';
    return { reason: 'MultusMissing', message: `${error.message} ${advice}` };
  }
  return ClusterError.is(error, 'forbidden', 'invalid', 'conflict')
    ? { reason: 'ApplyRefused', message: error.message }
    : undefined;
}

/** Says of a router without the documented names, where people look for its objects, what they are called. */
function withNames(condition: EgressRouterCondition, names: RouterNames): EgressRouterCondition {
  if (condition.type !== 'Progressing' || names.deployment === documentedNames.deployment) return condition;
  const sentence = `Its Deployment is ${names.deployment}, as the name ${documentedNames.deployment} was not free for it.`;
  return { ...condition, message: `${condition.message ?? ''} ${sentence}` };
}

function withNote(condition: EgressRouterCondition, note: string | undefined): EgressRouterCondition {
  if (condition.type !== 'Progressing' || note === undefined) return condition;
  return { ...condition, message: `${condition.message ?? ''} ${note}` };
}

function areEqual(a: readonly EgressRouterCondition[], b: readonly EgressRouterCondition[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
