import { expect, test } from 'vitest';
import { KnownRouters } from '#agent/operator/known-routers.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { routerLabelValue } from '#core/manifest/router-names.ts';

test('routers are known by namespace until they are removed', () => {
  const known = new KnownRouters();
  for (const key of ['web/a', 'web/b', 'web/b', 'shop/a']) known.add(routerOf(key));
  known.remove('web/a');
  known.remove('nowhere/a');
  expect([...known.inNamespace('web')]).toEqual(['web/b']);
  expect([...known.inNamespace('nowhere')]).toEqual([]);
});

test('nothing is known of routers after they are forgotten', () => {
  const known = new KnownRouters();
  for (const key of ['web/a', 'shop/a']) known.add(routerOf(key));
  known.clear();
  expect([...known.inNamespace('web')]).toEqual([]);
  expect(known.add(routerOf('web/a'))).toBe(true);
});

test('a router is news when something else than its status differs from the last time', () => {
  const known = new KnownRouters();
  const router = routerOf('web/a');
  const rows: readonly (readonly [string, KubernetesObject, boolean])[] = [
    ['the first time', router, true],
    ['as it was', router, false],
    [
      'another version and status',
      withMetadata({ resourceVersion: '8' }, { status: { conditions: [] } }),
      false,
    ],
    ['another generation', withMetadata({ generation: 2 }), true],
    ['the same one', withMetadata({ generation: 2 }), false],
    ['an annotation', withMetadata({ generation: 2, annotations: { a: 'b' } }), true],
    ['a router of the same name', withMetadata({ uid: 'u2' }), true],
    ['on its way out', withMetadata({ uid: 'u2', deletionTimestamp: '2026-01-01T00:00:00Z' }), true],
  ];
  expect(rows.map(([what, object]) => [what, known.add(object)])).toEqual(
    rows.map(([what, , isNews]) => [what, isNews]),
  );
});

test('the label of an object tells its router, also where the name is too long for a label', () => {
  const known = new KnownRouters();
  const long = 'long-'.repeat(20).concat('name');
  for (const name of ['a', 'b', long]) known.add(routerOf(`web/${name}`));
  expect([...known.labeled('web', 'b')]).toEqual(['web/b']);
  expect([...known.labeled('web', routerLabelValue(long))]).toEqual([`web/${long}`]);
  expect([...known.labeled('web', 'c')]).toEqual([]);
  expect([...known.labeled('shop', 'b')]).toEqual([]);
});

function routerOf(key: string): KubernetesObject {
  const [namespace = '', name = ''] = key.split('/');
  const metadata = { namespace, name, uid: 'u1', generation: 1 };
  return { apiVersion: 'network.operator.openshift.io/v1', kind: 'EgressRouter', metadata, spec: {} };
}

function withMetadata(
  metadata: Partial<KubernetesObject['metadata']>,
  rest: Readonly<Record<string, unknown>> = {},
): KubernetesObject {
  const router = routerOf('web/a');
  return { ...router, ...rest, metadata: { ...router.metadata, ...metadata } };
}
