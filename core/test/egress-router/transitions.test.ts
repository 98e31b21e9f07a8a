import { expect, test } from 'vitest';
import { type Fault, type PodState, toConditions } from '#core/egress-router/conditions.ts';
import { toTransitions } from '#core/egress-router/transitions.ts';

interface Seen {
  readonly pod: PodState;
  readonly fault?: Fault;
}

const starting: Seen = { pod: { kind: 'starting', message: 'Pod p is starting.' } };
const ready: Seen = { pod: { kind: 'ready', message: 'Pod p redirects.' } };
const pending: Seen = { pod: { kind: 'ready', message: 'Pod p redirects.', rules: 'pending' } };
const failing: Seen = { pod: { kind: 'failing', reason: 'PodSandboxFailed', message: 'No such NIC.' } };
const invalid: Seen = { ...ready, fault: { reason: 'InvalidSpec', message: 'The gateway is outside.' } };
const taken: Seen = { ...starting, fault: { reason: 'NameTaken', message: 'It belongs to b.' } };

test.each<readonly [string, Seen | undefined, Seen, readonly string[]]>([
  ['a new router', undefined, starting, []],
  ['nothing new', ready, ready, []],
  ['the pod comes up', starting, ready, ['Normal Ready: Pod p redirects.']],
  ['the pod fails', starting, failing, ['Warning PodSandboxFailed: No such NIC.']],
  ['a ready one fails', ready, failing, ['Warning PodSandboxFailed: No such NIC.']],
  [
    'it recovers',
    failing,
    ready,
    ['Normal Recovered: No longer so: No such NIC.', 'Normal Ready: Pod p redirects.'],
  ],
  ['a new pod is made', ready, starting, ['Normal NotReady: Pod p is starting.']],
  ['the spec is wrong', ready, invalid, ['Warning InvalidSpec: The gateway is outside.']],
  ['and right again', invalid, ready, ['Normal Recovered: No longer so: The gateway is outside.']],
  ['a name is taken', undefined, taken, ['Warning NameTaken: It belongs to b.']],
  [
    'the rules change',
    ready,
    pending,
    [
      'Normal RulesPending: The pod is taking up the changed rules, mostly within a minute, and within a minute and a half at most. Until then it redirects by the earlier ones.',
    ],
  ],
  ['the pod has them', pending, ready, ['Normal RulesInForce: The pod carries the present spec.']],
])('%s', (_what, before, after, wanted) => {
  const previous = before === undefined ? [] : toConditions(before, [], 't0');
  const told = toTransitions(previous, toConditions(after, previous, 't1'));
  expect(told.map(({ type, reason, message }) => `${type} ${reason}: ${message}`)).toEqual(wanted);
});
