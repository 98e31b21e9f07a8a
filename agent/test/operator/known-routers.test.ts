import { expect, test } from 'vitest';
import { KnownRouters } from '#agent/operator/known-routers.ts';
import { routerLabelValue } from '#core/manifest/router-names.ts';

test('routers are known by namespace until they are removed', () => {
  const known = new KnownRouters();
  for (const key of ['web/a', 'web/b', 'web/b', 'shop/a']) known.add(key);
  known.remove('web/a');
  known.remove('nowhere/a');
  expect([...known.inNamespace('web')]).toEqual(['web/b']);
  expect([...known.inNamespace('nowhere')]).toEqual([]);
});

test('a new list takes the place of what was known', () => {
  const known = new KnownRouters();
  for (const key of ['web/a', 'shop/a']) known.add(key);
  known.replace(['web/b']);
  expect([...known.inNamespace('web')]).toEqual(['web/b']);
  expect([...known.inNamespace('shop')]).toEqual([]);
});

test('the label of an object tells its router, also where the name is too long for a label', () => {
  const known = new KnownRouters();
  const long = 'long-'.repeat(20).concat('name');
  for (const name of ['a', 'b', long]) known.add(`web/${name}`);
  expect([...known.labeled('web', 'b')]).toEqual(['web/b']);
  expect([...known.labeled('web', routerLabelValue(long))]).toEqual([`web/${long}`]);
  expect([...known.labeled('web', 'c')]).toEqual([]);
  expect([...known.labeled('shop', 'b')]).toEqual([]);
});
