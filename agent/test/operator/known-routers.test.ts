import { expect, test } from 'vitest';
import { KnownRouters } from '#agent/operator/known-routers.ts';

test('routers are known by namespace until they are removed', () => {
  const known = new KnownRouters();
  for (const key of ['web/a', 'web/b', 'web/b', 'shop/a']) known.add(key);
  known.remove('web/a');
  known.remove('nowhere/a');
  expect([...known.inNamespace('web')]).toEqual(['web/b']);
  expect([...known.inNamespace('nowhere')]).toEqual([]);
});

test('a new list names those whose neighbor has gone unseen, as they may wait for its names', () => {
  const known = new KnownRouters();
  for (const key of ['web/a', 'web/b', 'shop/a']) known.add(key);
  expect(known.replace(['web/b', 'web/c', 'shop/a'])).toEqual(['web/b', 'web/c']);
  expect(known.replace(['web/b', 'web/c', 'shop/a'])).toEqual([]);
});
