import type { Account } from '#core/egress-router/account.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Progress } from '../api.ts';
import { conditionOf } from '../condition.ts';
import type { Failure } from '../errors.ts';
import { kinds, type ResourceKind } from '../kinds.ts';
import { configHashOf } from '../pod-view.ts';
import { accountFor } from '../router-state.ts';
import { kindNames } from '../router-view.ts';
import { objectsIn, type Store } from '../store.ts';
import type { RoutersSnapshot, RouterView } from '../view.ts';
import { isStale, type Mark } from './mark.ts';

/** What is to be said of a router that somebody waits for, and whether waiting goes on. */
export type Step = {
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

export interface StepOptions {
  /** Taken before the change was made: the state of a moment ago is no success of it. */
  readonly mark?: Mark | undefined;
  /** True where a login may come that is missing now. */
  readonly mayLogInLater?: boolean;
}

/** What a picture of the cluster means for whoever waits for one of its routers. */
export function nextStep(
  { connection, routers }: RoutersSnapshot,
  store: Store,
  key: { readonly namespace: string; readonly name: string },
  { mark, mayLogInLater }: StepOptions,
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

export const waitingForAnswer = 'Waiting for the operator to ask the pod which rules are in force.';
const unanswered =
  'The operator has seen the change, and has not told yet whether the pod redirects by it: see what its log says.';
const notSeen =
  'The operator has not seen the last change yet: see whether it runs, holds its Lease, and what its log says.';

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

/**
 * Which of a router's parts comes next, in the order in which they come. One that is there proves those before it that
 * may not be seen; where none does, nothing tells.
 */
function partOf({ objects, pods, mayNotSee = [] }: RouterView): Progress['part'] {
  const has = ({ kind }: ResourceKind): boolean => objects.some((object) => object.kind === kind);
  const mayNotSeeNads = mayNotSee.includes(kindNames.nad);
  if (!has(kinds.nad) && !mayNotSeeNads) return 'NAD';
  if (!has(kinds.deployment) && !mayNotSee.includes(kindNames.deployment)) {
    return mayNotSeeNads ? undefined : 'Deployment';
  }
  if (pods.length > 0) return 'interface';
  return has(kinds.deployment) && !mayNotSee.includes(kindNames.pod) ? 'pod' : undefined;
}
