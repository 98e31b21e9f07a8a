import { shorten } from '../shorten.ts';
import { type ConditionType, conditionTypes, type EgressRouterCondition } from './wire.ts';

/** What was seen of the pod that carries the router's present rules. */
export type PodState =
  | { readonly kind: 'none' }
  | { readonly kind: 'starting'; readonly message: string }
  | { readonly kind: 'failing'; readonly reason: PodFailure; readonly message: string }
  | {
      readonly kind: 'ready';
      readonly message: string;
      /** Present where the rules in force are not known to be the present ones. */
      readonly rules?: 'pending' | 'unknown';
    };

/** Why a pod does not come up, as a condition's reason. */
export type PodFailure =
  | 'PodRefused'
  | 'Unschedulable'
  | 'PodSandboxFailed'
  | 'ImageUnavailable'
  | 'ContainerFailing'
  | 'RouterNotReady';

/** What keeps the operator from bringing the router's objects in step with its spec. */
export interface Fault {
  readonly reason: 'InvalidSpec' | 'NameTaken' | 'MultusMissing' | 'ApplyRefused' | 'Contested';
  readonly message: string;
}

/**
 * The whole of `status.conditions`. `now` is an RFC 3339 time, used only for a condition whose `status`
 * differs from the one in `previous`; so an unchanged world gives back an equal list.
 *
 * A fault leaves the last good pod running, hence `Available` speaks of the pod alone.
 */
export function toConditions(
  seen: { readonly pod: PodState; readonly fault?: Fault },
  previous: readonly EgressRouterCondition[],
  now: string,
): EgressRouterCondition[] {
  const states = {
    Available: available(seen.pod),
    Progressing: progressing(seen.pod, seen.fault),
    Degraded: degraded(seen.pod, seen.fault),
  } satisfies Record<ConditionType, State>;
  return conditionTypes.map((type) => {
    const { status, reason, message } = states[type];
    const before = previous.find((condition) => condition.type === type);
    const lastTransitionTime = before?.status === status ? (before.lastTransitionTime ?? now) : now;
    return { type, status, lastTransitionTime, reason, message: shorten(message, mostOfMessage) };
  });
}

/** The schema of conditions has room for eight times that, but people read it. */
const mostOfMessage = 4_096;

interface State {
  readonly status: EgressRouterCondition['status'];
  readonly reason: string;
  readonly message: string;
}

function available(pod: PodState): State {
  switch (pod.kind) {
    case 'ready':
      return { status: 'True', reason: 'PodReady', message: pod.message };
    case 'starting':
      return { status: 'False', reason: 'PodStarting', message: pod.message };
    case 'failing':
      return { status: 'False', reason: pod.reason, message: 'No pod of this router redirects traffic.' };
    case 'none':
      return { status: 'False', reason: 'NoPod', message: 'There is no pod of this router.' };
  }
}

function progressing(pod: PodState, fault: Fault | undefined): State {
  if (fault?.reason === 'InvalidSpec') {
    const message = 'This spec is refused: the last good objects stay as they are.';
    return { status: 'False', reason: fault.reason, message };
  }
  // What others set otherwise again and again keeps nothing else from being changed.
  if (fault !== undefined && fault.reason !== 'Contested') {
    return {
      status: 'False',
      reason: fault.reason,
      message: 'Nothing is changed until the spec or the cluster is.',
    };
  }
  switch (pod.kind) {
    case 'ready':
      return settling(pod.rules);
    case 'starting':
      return { status: 'True', reason: 'PodStarting', message: pod.message };
    case 'failing':
      return { status: 'True', reason: 'Retrying', message: 'The cluster keeps trying to start the pod.' };
    case 'none':
      return { status: 'True', reason: 'PodMissing', message: 'The pod has not been created yet.' };
  }
}

function settling(rules: 'pending' | 'unknown' | undefined): State {
  // A kubelet looks at a pod's volumes anew 60 to 90 s after it did so last (Kubernetes 1.36, `completeWork` of
  // `pkg/kubelet/pod_workers.go`), however early it hears of the changed ConfigMap.
  const soon = 'mostly within a minute, and within a minute and a half at most';
  switch (rules) {
    case undefined:
      return { status: 'False', reason: 'Settled', message: 'The pod carries the present spec.' };
    case 'pending': {
      const message = `The pod is taking up the changed rules, ${soon}. Until then it redirects by the earlier ones.`;
      return { status: 'True', reason: 'RulesPending', message };
    }
    case 'unknown': {
      const message = `The pod carries the present spec, but cannot be asked for its rules: it takes up changed ones, ${soon}.`;
      return { status: 'False', reason: 'RulesUnknown', message };
    }
  }
}

function degraded(pod: PodState, fault: Fault | undefined): State {
  if (fault !== undefined) return { status: 'True', reason: fault.reason, message: fault.message };
  return pod.kind === 'failing'
    ? { status: 'True', reason: pod.reason, message: pod.message }
    : { status: 'False', reason: 'AsExpected', message: '' };
}
