import { expect, test } from 'vitest';
import { ApiError } from '#sandbox/api/api-error.ts';
import { matchesFields, parseFieldSelector } from '#sandbox/api/select/field-selector.ts';
import { fromSelectorObject, matchesLabels, parseLabelSelector } from '#sandbox/api/select/label-selector.ts';

const labels = { app: 'web', tier: 'front', 'example.com/x': '' };

test.each([
  ['', true],
  ['app=web', true],
  ['app==web', true],
  ['app = web', true],
  ['app!=web', false],
  ['other!=web', true],
  ['app', true],
  ['!app', false],
  ['!other', true],
  ['app in (api,web)', true],
  ['app notin (api, web)', false],
  ['other notin (api)', true],
  ['app=web,tier=back', false],
  ['app in (a,web),tier', true],
  ['example.com/x=', true],
])('labels %j: %s', (selector, expected) => {
  expect(matchesLabels(parseLabelSelector(selector), labels)).toBe(expected);
});

test.each(['a b', 'a in b', '=x', 'a in (x', '-bad'])('%j is no label selector', (selector) => {
  expect(() => parseLabelSelector(selector)).toThrow(ApiError);
});

test.each([
  [{ matchLabels: { app: 'web' } }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
  [{ matchExpressions: [{ key: 'none', operator: 'DoesNotExist' }] }, true],
  [{}, true],
])('selector %j: %s', (selector, expected) => {
  expect(matchesLabels(fromSelectorObject(selector), labels)).toBe(expected);
});

test.each([
  ['metadata.name=a', true],
  ['metadata.name!=a', false],
  ['metadata.name=a,spec.nodeName=', true],
  ['spec.nodeName!=', false],
  ['metadata.name=a\\,b', false],
])('fields %j: %s', (selector, expected) => {
  expect(matchesFields(parseFieldSelector(selector), { 'metadata.name': 'a', 'spec.nodeName': '' })).toBe(
    expected,
  );
});

test('a field selector without an operator is refused', () => {
  expect(() => parseFieldSelector('metadata.name')).toThrow(ApiError);
});
