import { expect, test } from 'vitest';
import { nextProbeState, type ProbeState } from '#sandbox/node/probe.ts';
import type { Probe } from '#sandbox/objects.ts';

/** `+` is a success, `-` a failure; what comes out is the verdict after each. */
function check(probe: Probe, starts: boolean, answers: string, expected: string): void {
  let state: ProbeState = { isPassing: starts, contradictions: 0, message: '' };
  const verdicts = answers.split('').map((answer) => {
    state = nextProbeState(state, probe, { isSuccess: answer === '+', message: '' });
    return state.isPassing ? '+' : '-';
  });
  expect(verdicts.join('')).toBe(expected);
}

test('a probe turns after as many answers in a row as its thresholds say', () => {
  check({}, false, '-+', '-+');
  check({}, true, '--+--', '+++++');
  check({}, true, '---+', '++-+');
  check({ failureThreshold: 1, successThreshold: 2 }, true, '-+-++', '----+');
});
