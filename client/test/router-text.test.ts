import { expect, test } from 'vitest';
import { mentionsEgressRouter } from '#client/router-text.ts';

test.each([
  ['kind: EgressRouter', true],
  ['{"kind":"EgressRouter"}', true],
  ['apiVersion: network.operator.openshift.io/v1\nkind: ', true],
  ['kind: ConfigMap', false],
  ['', false],
])('%j mentions an egress router: %s', (text, expected) => {
  expect(mentionsEgressRouter(text)).toBe(expected);
});
