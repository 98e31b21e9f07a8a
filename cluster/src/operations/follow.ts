import { parseRouter } from '#core/egress-router/parse.ts';
import { textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { podPart } from '#core/manifest/pod-digest.ts';
import { toRouterConfig } from '#core/manifest/router-config.ts';
import { documentedNames, namesOfFurther } from '#core/manifest/router-names.ts';
import type { DeployResult, Progress } from '../api.ts';
import type { Connection } from '../connect.ts';
import { ClusterError, type Failure } from '../errors.ts';
import { kinds } from '../kinds.ts';
import { refOf, refText } from '../object-ref.ts';
import { findObject } from '../objects.ts';
import { configHashOf } from '../pod-view.ts';
import { isOwnedBy } from '../router-view.ts';
import { objectsIn, type Store } from '../store.ts';
import type { RoutersSnapshot, RouterView } from '../view.ts';
import { SharedWatches } from './shared-watches.ts';

export interface FollowOptions {
  /** Taken before the change was made: the state of a moment ago is no success of it. */
  readonly mark?: Mark | undefined;
  /** For those who follow many; absent: one of its own. */
  readonly watches?: SharedWatches;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly timeoutMs: number;
  /** A fault must last for so long to count: the cluster tries again, and old faults are still being cleared. */
  readonly faultGraceMs?: number;
  /** After a change of the rules a router must be up for so long: the operator first has to ask its pod for them. */
  readonly settleMs?: number;
}

export type Mark =
  /** The Deployment's template that is on its way out. */
  | { readonly kind: 'template'; readonly deployment: string; readonly staleConfigHash: string }
  /** The pod stays, and redirects by its earlier rules until it has read the present ones. */
  | { readonly kind: 'rules' };

type Outcome = DeployResult['routers'][number]['outcome'];

/**
 * Waits until a router is up, says at each step what it waits for, and ends with the reason when it does not come
 * up. Rejects only when canceled.
 */
export function followRouter(
  connection: Connection,
  router: KubernetesObject,
  options: FollowOptions,
): Promise<Outcome> {
  const { mark, watches = new SharedWatches(connection), signal, onProgress, timeoutMs } = options;
  const { faultGraceMs = 5_000, settleMs = 3_000 } = options;
  const object = refOf(router);
  const { namespace = connection.namespace, name } = router.metadata;
  return new Promise((resolve, reject) => {
    let said = '';
    let late: string | undefined;
    let fault: { readonly message: string; readonly timer: NodeJS.Timeout } | undefined;
    let settling: NodeJS.Timeout | undefined;
    const say = ({ message, part }: Pick<Step, 'message' | 'part'>): void => {
      if (message !== said) onProgress({ object, message, ...(part === undefined ? {} : { part }) });
      said = message;
    };
    const listener = (snapshot: RoutersSnapshot, store: Store): void => {
      const step = nextStep(snapshot, store, { namespace, name }, mark);
      if (step.kind !== 'fault' && fault !== undefined) {
        clearTimeout(fault.timer);
        fault = undefined;
      }
      if (step.kind !== 'ready') {
        clearTimeout(settling);
        settling = undefined;
      }
      late = step.late;
      switch (step.kind) {
        case 'ready': {
          const finish = (): void => {
            say(step);
            end({ kind: 'ready' });
          };
          if (mark?.kind !== 'rules') return finish();
          say({ ...step, message: 'Waiting for the operator to ask the pod which rules are in force.' });
          settling ??= setTimeout(finish, settleMs);
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
          const failed = failure('refused', `${refText(object)} does not come up. ${step.message}`);
          fault = { message: step.message, timer: setTimeout(() => end(failed), faultGraceMs) };
        }
      }
    };
    const deadline = setTimeout(() => {
      const message = `${refText(object)} is not up after ${timeoutMs / 1000} s. ${late ?? said}`.trim();
      end(failure('timed-out', message));
    }, timeoutMs);
    const watch = watches.watch(namespace, listener);
    const onAbort = (): void => {
      stop();
      const message = `Stopped waiting for ${refText(object)}. It stays as applied.`;
      reject(new ClusterError({ reason: 'canceled', message }));
    };
    const stop = (): void => {
      watch.close();
      clearTimeout(deadline);
      clearTimeout(fault?.timer);
      clearTimeout(settling);
      signal.removeEventListener('abort', onAbort);
    };
    const end = (outcome: Outcome): void => {
      stop();
      resolve(outcome);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** To be taken before a change is applied. */
export async function readMark(
  connection: Connection,
  wanted: KubernetesObject,
  signal: AbortSignal,
): Promise<Mark | undefined> {
  const namespace = wanted.metadata.namespace;
  try {
    const live = await findObject(connection, kinds.egressRouter, wanted.metadata, signal);
    if (live === undefined) return undefined;
    const names = [documentedNames, namesOfFurther(wanted.metadata.name)];
    const found = await Promise.all(
      names.map((each) =>
        Promise.all([
          findObject(connection, kinds.nad, { namespace, name: each.nad }, signal),
          findObject(connection, kinds.deployment, { namespace, name: each.deployment }, signal),
        ]),
      ),
    );
    const [nad, deployment] =
      found.find(([, one]) => one !== undefined && isOwnedBy(one, live)) ?? ([] as const);
    if (nad === undefined || deployment === undefined) return undefined;
    const staleConfigHash = configHashOf(deployment);
    const router = parseRouter(wanted).router;
    if (staleConfigHash === undefined || router === undefined) return undefined;
    const [is, shall] = [textAt(nad, 'spec', 'config') ?? '', toRouterConfig(router, nad.metadata.name)];
    if (is === shall) return undefined;
    // Changed rules are taken up by the pod that there is.
    return podPart(is) === podPart(shall)
      ? { kind: 'rules' }
      : { kind: 'template', deployment: deployment.metadata.name, staleConfigHash };
  } catch (error) {
    // Whoever may not read these objects still may deploy.
    if (ClusterError.is(error, 'forbidden', 'crd-missing')) return undefined;
    throw error;
  }
}

type Step = {
  readonly message: string;
  /** What it means when it lasts; absent: the message. */
  readonly late?: string;
  readonly part?: Progress['part'];
} & (
  | { readonly kind: 'ready' | 'waiting' | 'fault' | 'stale-rules' | 'unfollowed' }
  | { readonly kind: 'failed'; readonly reason: Failure['reason'] }
);

function nextStep(
  { connection, routers }: RoutersSnapshot,
  store: Store,
  key: { readonly namespace: string; readonly name: string },
  mark: Mark | undefined,
): Step {
  if (connection.kind === 'unreachable') {
    const { reason, message } = connection;
    const mayPass = reason === 'unreachable' || reason === 'server-error' || reason === 'throttled';
    if (mayPass) return { kind: 'waiting', message };
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
  return mark?.kind === 'template' && isStale(store, key.namespace, mark)
    ? { kind: 'waiting', message: 'Waiting for the operator to take up the change.' }
    : stepOf(view);
}

function stepOf(view: RouterView): Step {
  const { state, pods } = view;
  const part = partOf(view);
  switch (state.kind) {
    case 'ready': {
      const pod = pods.find(({ net1 }) => net1 !== undefined);
      const seen = pod === undefined ? '' : ` Pod ${pod.name} has ${pod.net1?.ips.join(', ')}.`;
      return { kind: 'ready', message: `Up.${seen}`, part };
    }
    case 'simulated':
      return { kind: 'ready', message: `Up, but only simulated: ${state.message}`, part };
    case 'degraded':
    case 'address-conflict':
      return { kind: 'fault', message: state.message, part };
    case 'deleting':
      return { kind: 'failed', reason: 'not-found', message: state.message };
    case 'stale-rules':
      return { kind: 'stale-rules', message: state.message, part };
    case 'progressing':
      return { kind: 'waiting', message: state.message, part };
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

/** Which of a router's parts comes next, in the order in which they come. */
function partOf({ objects, pods }: RouterView): NonNullable<Progress['part']> {
  const has = (kind: string): boolean => objects.some((object) => object.kind === kind);
  if (!has(kinds.nad.kind)) return 'NAD';
  if (!has(kinds.deployment.kind)) return 'Deployment';
  return pods.length === 0 ? 'pod' : 'interface';
}

function isStale(store: Store, namespace: string, mark: Extract<Mark, { kind: 'template' }>): boolean {
  const deployment = objectsIn(store, 'deployment', namespace).find(
    ({ metadata }) => metadata.name === mark.deployment,
  );
  return deployment !== undefined && configHashOf(deployment) === mark.staleConfigHash;
}

function failure(reason: Failure['reason'], message: string): Outcome {
  return { kind: 'failed', reason, message };
}
