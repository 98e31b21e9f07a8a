import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Progress, RouterOutcome } from '../api.ts';
import type { Connection } from '../connect.ts';
import { ClusterError, type Failure } from '../errors.ts';
import { kinds } from '../kinds.ts';
import { type ObjectName, refOf, refText } from '../object-ref.ts';
import type { Store } from '../store.ts';
import type { RoutersSnapshot } from '../view.ts';
import { nextStep, type Step, type StepOptions, waitingForAnswer } from './next-step.ts';
import { SharedWatches } from './shared-watches.ts';

export interface FollowOptions extends StepOptions {
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
const untold =
  'This version of the operator does not tell which change it has seen, so that changed rules may not be in force yet. Upgrade it to know.';

function failure(reason: Failure['reason'], message: string): RouterOutcome {
  return { kind: 'failed', reason, message };
}
