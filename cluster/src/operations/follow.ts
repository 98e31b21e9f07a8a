import type { Account } from '#core/egress-router/account.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Progress, RouterOutcome } from '../api.ts';
import { conditionOf } from '../condition.ts';
import type { Connection } from '../connect.ts';
import { ClusterError, type Failure } from '../errors.ts';
import { kinds } from '../kinds.ts';
import { type ObjectName, refOf, refText } from '../object-ref.ts';
import { configHashOf } from '../pod-view.ts';
import { accountFor } from '../router-state.ts';
import { objectsIn, type Store } from '../store.ts';
import type { RoutersSnapshot, RouterView } from '../view.ts';
import { isStale, type Mark } from './mark.ts';
import { SharedWatches } from './shared-watches.ts';

export interface FollowOptions {
  /** Taken before the change was made: the state of a moment ago is no success of it. */
  readonly mark?: Mark | undefined;
  /** For those who follow many; absent: one of its own. */
  readonly watches?: SharedWatches;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** 0: looks once. */
  readonly timeoutMs: number;
  /** A fault must last for so long to count: the cluster tries again, and old faults are still being cleared. */
  readonly faultGraceMs?: number;
  /**
   * Where the operator does not tell of which change it speaks, a router must be up for so long after a change of its
   * rules: the operator first has to ask its pod for them.
   */
  readonly settleMs?: number;
  /** True where a login may come that is missing now. */
  readonly mayLogInLater?: boolean;
}

/**
 * Waits until a router is up, says at each step what it waits for, and ends with the reason when it does not come
 * up. Rejects only when canceled.
 */
export function followRouter(
  connection: Connection,
  router: KubernetesObject,
  options: FollowOptions,
): Promise<RouterOutcome> {
  const { mark, watches = new SharedWatches(connection), signal, onProgress, timeoutMs } = options;
  const { faultGraceMs = 5_000, settleMs = 3_000, mayLogInLater = false } = options;
  const object = refOf(router);
  const upWithFault = `${refText(object)} is up, but not all of it is as asked.`;
  const { namespace = connection.namespace, name } = router.metadata;
  return new Promise((resolve, reject) => {
    let said = '';
    let late: string | undefined;
    let isUp = false;
    let fault: { readonly message: string; readonly timer: NodeJS.Timeout } | undefined;
    let settling: NodeJS.Timeout | undefined;
    const say = ({ message, part }: Pick<Step, 'message' | 'part'>): void => {
      if (message !== said) onProgress({ object, message, ...(part === undefined ? {} : { part }) });
      said = message;
    };
    const listener = (snapshot: RoutersSnapshot, store: Store): void => {
      take(nextStep(snapshot, store, { namespace, name }, { mark, mayLogInLater }));
      if (timeoutMs === 0 && snapshot.connection.kind !== 'connecting') giveUp();
    };
    const take = (step: Step): void => {
      if (step.kind !== 'fault' && fault !== undefined) {
        clearTimeout(fault.timer);
        fault = undefined;
      }
      if (step.kind !== 'ready') {
        clearTimeout(settling);
        settling = undefined;
      }
      late = step.late;
      isUp = step.kind === 'fault' && step.isUp === true;
      switch (step.kind) {
        case 'ready': {
          const finish = (doubt: string | undefined): void => {
            say(step);
            end(doubt === undefined ? { kind: 'ready' } : { kind: 'ready', message: doubt });
          };
          if (step.isCertain || (mark?.kind !== 'rules' && mark?.kind !== 'unknown')) {
            return finish(step.doubt);
          }
          if (timeoutMs === 0) return finish(step.doubt ?? untold);
          say({ ...step, message: waitingForAnswer });
          settling ??= setTimeout(() => finish(step.doubt ?? untold), settleMs);
          return;
        }
        case 'stale-rules':
          say(step);
          return end({ kind: 'stale-rules', message: step.message });
        case 'unfollowed':
          return end({ kind: 'unfollowed', message: step.message });
        case 'failed':
          return end({ kind: 'failed', reason: step.reason, message: step.message });
        case 'waiting':
          return say(step);
        case 'fault': {
          say(step);
          if (fault?.message === step.message) return;
          clearTimeout(fault?.timer);
          const fail = (): void => {
            const how = isUp ? upWithFault : `${refText(object)} does not come up.`;
            end(failure('refused', `${how} ${step.message}`));
          };
          const graceMs = step.isLasting === true ? Math.min(lastingGraceMs, faultGraceMs) : faultGraceMs;
          fault = { message: step.message, timer: setTimeout(fail, graceMs) };
        }
      }
    };
    const giveUp = (): void => {
      const called = refText(object);
      const down =
        timeoutMs === 0 ? `${called} is not up.` : `${called} is not up after ${timeoutMs / 1000} s.`;
      end(failure('timed-out', `${isUp ? upWithFault : down} ${late ?? said}`.trim()));
    };
    const deadline = timeoutMs === 0 ? undefined : setTimeout(giveUp, timeoutMs);
    const watch = watches.watch(namespace, listener);
    const onAbort = (): void => {
      stop();
      const message = `Stopped waiting for ${refText(object)}. That changes nothing of it.`;
      reject(new ClusterError({ reason: 'canceled', message }));
    };
    const stop = (): void => {
      watch.close();
      clearTimeout(deadline);
      clearTimeout(fault?.timer);
      clearTimeout(settling);
      signal.removeEventListener('abort', onAbort);
    };
    const end = (outcome: RouterOutcome): void => {
      stop();
      resolve(outcome);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** Waits until what is stored of a router now is in force, also where it was changed a moment ago. */
export function followStored(
  connection: Connection,
  router: ObjectName,
  options: Pick<FollowOptions, 'signal' | 'onProgress' | 'timeoutMs'>,
): Promise<RouterOutcome> {
  const { apiVersion, kind } = kinds.egressRouter;
  return followRouter(
    connection,
    { apiVersion, kind, metadata: router },
    { ...options, mark: { kind: 'unknown' }, faultGraceMs: options.timeoutMs, mayLogInLater: true },
  );
}

/** Who has a name seldom gives it back, and what goes with a deleted router is gone by then. */
const lastingGraceMs = 5_000;
const waitingForAnswer = 'Waiting for the operator to ask the pod which rules are in force.';
const unanswered =
  'The operator has seen the change, and has not told yet whether the pod redirects by it: see what its log says.';
const notSeen =
  'The operator has not seen the last change yet: see whether it runs, holds its Lease, and what its log says.';
const untold =
  'This version of the operator does not tell which change it has seen, so that changed rules may not be in force yet. Upgrade it to know.';

type Step = {
  readonly message: string;
  /** What it means when it lasts; absent: the message. */
  readonly late?: string;
  readonly part?: Progress['part'];
} & (
  | { readonly kind: 'waiting' | 'stale-rules' | 'unfollowed' }
  | {
      readonly kind: 'fault';
      /** Its pod redirects all the same. */
      readonly isUp?: boolean;
      /** Somebody has to do something: waiting is of no use. */
      readonly isLasting?: boolean;
    }
  | {
      readonly kind: 'ready';
      /** That what is stored is in force, and not something before it. */
      readonly isCertain: boolean;
      readonly doubt?: string | undefined;
    }
  | { readonly kind: 'failed'; readonly reason: Failure['reason'] }
);

function nextStep(
  { connection, routers }: RoutersSnapshot,
  store: Store,
  key: { readonly namespace: string; readonly name: string },
  { mark, mayLogInLater }: Pick<FollowOptions, 'mark' | 'mayLogInLater'>,
): Step {
  if (connection.kind === 'unreachable') {
    const { reason, message } = connection;
    const mayPass = reason === 'unreachable' || reason === 'server-error' || reason === 'throttled';
    if (mayPass || (mayLogInLater === true && reason === 'unauthorized')) return { kind: 'waiting', message };
    // What was asked for is done all the same.
    const isDone = reason !== 'crd-missing' && reason !== 'not-found';
    return isDone ? { kind: 'unfollowed', message } : { kind: 'failed', reason, message };
  }
  if (connection.kind === 'connecting') return { kind: 'waiting', message: 'Looking at the router.' };
  const view = routers.find(({ namespace, name }) => namespace === key.namespace && name === key.name);
  if (view === undefined) {
    return {
      kind: 'failed',
      reason: 'not-found',
      message: `EgressRouter ${key.namespace}/${key.name} is gone: somebody has deleted it. Deploy it again.`,
    };
  }
  const facts = factsOf(store, key, view);
  // Who has set the router back meanwhile leaves the template as it was.
  return facts.account !== 'current' && mark?.kind === 'template' && isStale(store, key.namespace, mark)
    ? { kind: 'waiting', message: 'Waiting for the operator to take up the change.' }
    : stepOf(view, facts);
}

interface Facts {
  readonly router: KubernetesObject | undefined;
  readonly deployment: KubernetesObject | undefined;
  readonly account: Account;
}

function factsOf(
  store: Store,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  { objects }: RouterView,
): Facts {
  const made = objects.find(({ kind }) => kind === kinds.deployment.kind)?.name;
  const router = objectsIn(store, 'egressRouter', namespace).find(({ metadata }) => metadata.name === name);
  const deployment = objectsIn(store, 'deployment', namespace).find(({ metadata }) => metadata.name === made);
  const account = router === undefined ? 'untold' : accountFor(router, deployment);
  return { router, deployment, account };
}

function stepOf(view: RouterView, { router, deployment, account }: Facts): Step {
  const { state, pods } = view;
  const part = partOf(view);
  const isUp = state.kind === 'ready' || state.kind === 'simulated';
  // The pod is seen to be ready before the operator has been told by it which rules it has.
  if (isUp && account === 'current' && conditionOf(router, 'Progressing')?.status === 'True') {
    return { kind: 'waiting', message: waitingForAnswer, late: unanswered, part };
  }
  switch (state.kind) {
    case 'ready': {
      const pod = pods.find(({ net1 }) => net1 !== undefined);
      const seen = pod === undefined ? '' : ` Pod ${pod.name} has ${pod.net1?.ips.join(', ')}.`;
      const doubt = state.message;
      const message = `Up.${seen}${doubt === undefined ? '' : ` ${doubt}`}`;
      return { kind: 'ready', message, part, isCertain: !isGuess(account, deployment), doubt };
    }
    case 'simulated': {
      const message = `Up, but only simulated: ${state.message}`;
      return { kind: 'ready', message, part, isCertain: !isGuess(account, deployment) };
    }
    case 'degraded':
    case 'address-conflict': {
      const isSeen = account === 'current';
      const reason = isSeen ? conditionOf(router, 'Degraded')?.reason : undefined;
      if (reason !== 'InvalidSpec') {
        const isUp = isSeen && conditionOf(router, 'Available')?.status === 'True';
        return { kind: 'fault', message: state.message, part, isUp, isLasting: reason === 'NameTaken' };
      }
      // It has seen this very spec, and does not think better of it.
      const message = `The operator refuses generation ${router?.metadata.generation}: ${state.message}`;
      return { kind: 'failed', reason: 'refused', message };
    }
    case 'deleting':
      return { kind: 'failed', reason: 'not-found', message: state.message };
    case 'stale-rules':
      return { kind: 'stale-rules', message: state.message, part };
    case 'progressing': {
      const step = { kind: 'waiting', message: state.message, part } as const;
      return account === 'behind' ? { ...step, late: notSeen } : step;
    }
    case 'not-reconciled':
      // So it is with every new router for a moment.
      return {
        kind: 'waiting',
        message: 'Waiting for the operator to act on it.',
        late: state.message,
        part,
      };
  }
}

/**
 * Only of this project's operator is it known that it asks pods, and of another one that changed rules stay out. Who
 * may not see the Deployment cannot tell whose it is.
 */
function isGuess(account: Account, deployment: KubernetesObject | undefined): boolean {
  return account === 'untold' && (deployment === undefined || configHashOf(deployment) !== undefined);
}

/** Which of a router's parts comes next, in the order in which they come. */
function partOf({ objects, pods }: RouterView): NonNullable<Progress['part']> {
  const has = (kind: string): boolean => objects.some((object) => object.kind === kind);
  if (!has(kinds.nad.kind)) return 'NAD';
  if (!has(kinds.deployment.kind)) return 'Deployment';
  return pods.length === 0 ? 'pod' : 'interface';
}

function failure(reason: Failure['reason'], message: string): RouterOutcome {
  return { kind: 'failed', reason, message };
}
