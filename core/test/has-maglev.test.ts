import { expect, test } from 'vitest';
import { hasMaglev } from '#core/has-maglev.ts';

test.each([
  ['13.6.233.17-node.51', 'x64', true],
  ['14.1.146.11-node.9', 'arm64', true],
  ['12.4.254.21-node.33', 'x64', false],
  ['11.3.244.8-node.33', 'x64', false],
  ['13.6.233.17-node.51', 'ppc64', false],
])('V8 %s, %s: %s', (v8, arch, expected) => {
  expect(hasMaglev(v8, arch)).toBe(expected);
});
