import { withoutAccount } from './account.ts';
import type { ConditionType, EgressRouterCondition } from './wire.ts';

/** Something that came to be true of a router, as an Event tells it. */
export interface Transition {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** What a person who looks at the router's Events should learn of a change of its conditions. */
export function toTransitions(
  previous: readonly EgressRouterCondition[],
  next: readonly EgressRouterCondition[],
): readonly Transition[] {
  const degradedBefore = stateOf('Degraded', previous);
  const degraded = stateOf('Degraded', next);
  const available = stateOf('Available', next);
  const wasReady = stateOf('Available', previous).isTrue;
  const progressing = stateOf('Progressing', next);
  const transitions: Transition[] = [];
  const tell = (type: Transition['type'], reason: string, message: string): void => {
    transitions.push({ type, reason, message });
  };
  if (degraded.isTrue && !isSame(degraded, degradedBefore))
    tell('Warning', degraded.reason, degraded.message);
  if (degradedBefore.isTrue && !degraded.isTrue) {
    tell('Normal', 'Recovered', `No longer so: ${degradedBefore.message}`);
  }
  if (available.isTrue && !wasReady) tell('Normal', 'Ready', available.message);
  if (wasReady && !available.isTrue && !degraded.isTrue) tell('Normal', 'NotReady', available.message);
  const arePending = progressing.reason === 'RulesPending';
  const werePending = stateOf('Progressing', previous).reason === 'RulesPending';
  if (arePending && !werePending) tell('Normal', progressing.reason, progressing.message);
  if (werePending && progressing.reason === 'Settled') tell('Normal', 'RulesInForce', progressing.message);
  return transitions;
}

interface State {
  readonly isTrue: boolean;
  readonly reason: string;
  readonly message: string;
}

/** A condition that was never written is as good as false. */
function stateOf(type: ConditionType, list: readonly EgressRouterCondition[]): State {
  const condition = list.find((one) => one.type === type);
  return {
    isTrue: condition?.status === 'True',
    reason: condition?.reason ?? '',
    message: withoutAccount(condition?.message ?? ''),
  };
}

function isSame(a: State, b: State): boolean {
  return a.isTrue === b.isTrue && a.reason === b.reason && a.message === b.message;
}
