import { expect, test } from 'vitest';
import { nextStep, type Step, startOf, withAnswer } from '#client/commands/new-router-steps.ts';
import type { RouterDraft } from '#core/egress-router/draft.ts';

/** The step after these answers, the name first. */
function after(...answers: readonly string[]): Extract<Step, { kind: 'text' }> {
  let draft: RouterDraft = { rules: [] };
  let step: Step | undefined = startOf();
  for (const answer of answers) {
    if (step === undefined) break;
    draft = withAnswer(draft, step, answer);
    step = nextStep(draft, step, answer);
  }
  if (step?.kind !== 'text') throw new Error('No text is asked for.');
  return step;
}

const start = [
  'partner-api',
  'demo',
  '192.168.12.99/24',
  '192.168.12.1',
  'Ports, each to its server',
] as const;

test.each([
  { step: after(...start), key: 'port0' },
  { step: after(...start, '8080', 'TCP', '203.0.113.25'), key: 'targetPort0' },
])('a port that is no number is told in the words of the question: $key', ({ step, key }) => {
  expect(step.key).toBe(key);
  const wrong = 'is no port. Write a number from 1 to 65535, such as 8080.';
  expect(step.wrong?.('http')).toBe(`"http" ${wrong}`);
  expect(step.wrong?.('-1')).toBe(`"-1" ${wrong}`);
  // What a number may be, the manifest's own check knows.
  expect(step.wrong?.('70000')).toBeUndefined();
  expect(step.wrong?.('443')).toBeUndefined();
});

test('an address is left to the check of the manifest', () => {
  expect(after('partner-api', 'demo').wrong).toBeUndefined();
});
