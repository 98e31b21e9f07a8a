import { expect, test } from 'vitest';
import { isProtectedContext } from '#cluster/protected-contexts.ts';

test.each([
  ['prod', ['prod'], true],
  ['production', ['prod'], false],
  ['production', ['prod*'], true],
  ['web/api-prod-eu:6443/admin', ['*prod*'], true],
  ['web/api-stage:6443/admin', ['*prod*', ' *stage* '], true],
  ['a.b', ['a?b', 'a+b'], false],
  ['a.b', ['a.b'], true],
  ['axb', ['a.b'], false],
  ['anything', ['*'], true],
  ['anything', [], false],
  ['', [''], true],
  ['prod', [''], false],
] as const)('%s is protected by %j: %s', (context, patterns, expected) => {
  expect(isProtectedContext(context, patterns)).toBe(expected);
});
