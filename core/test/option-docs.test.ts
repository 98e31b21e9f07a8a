import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { candidateText } from '#core/egress-router/candidates/candidate.ts';
import { optionCandidates, optionDocOf, optionKeys } from '#core/egress-router/option-docs.ts';
import { readOptions } from '#core/egress-router/options.ts';

test('each annotation that the operator reads is told of, in the order of its documentation', () => {
  const page = readFileSync(new URL('../../docs/operator.md', import.meta.url), 'utf8');
  const listed = Array.from(
    page.matchAll(/^\| `(egress-router-tools\/[a-z-]+)` \| [a-z`]/gm),
    ([, key]) => key,
  );
  expect(optionKeys()).toEqual(listed.filter((key) => key !== 'egress-router-tools/router'));
  expect(readOptions(Object.fromEntries(optionKeys().map((key) => [key, '-'])))).toMatchObject({
    problems: optionKeys().map(() => ({ code: 'invalid-option' })),
  });
});

test('each value that is offered is one', () => {
  for (const key of optionKeys()) {
    const values = optionCandidates(['metadata', 'annotations', key]).map(candidateText);
    expect(values.length).toBeGreaterThan(0);
    for (const value of values) expect(readOptions({ [key]: value }).problems).toEqual([]);
  }
});

test('nothing is told of others', () => {
  expect(optionDocOf(['metadata', 'annotations', 'egress-router-tools/router'])).toBeUndefined();
  expect(optionDocOf(['metadata', 'labels', 'egress-router-tools/spread'])).toBeUndefined();
  expect(optionDocOf(['metadata', 'annotations', 'constructor'])).toBeUndefined();
});
