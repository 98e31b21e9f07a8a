import { expect, test } from 'vitest';
import { toRouterViews } from '#cluster/router-view.ts';
import { routerLabel } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { pod, router, storeOf } from './objects-of-a-router.ts';

const hidden = ['nad', 'deployment', 'furtherDeployment'] as const;

/** @param deployment whose pod it is, by its names */
function podOf(deployment: string, name: string, labels: object = {}): KubernetesObject {
  const { metadata, ...rest } = pod('ready', { name });
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${deployment}-5d9`, uid: 'u-rs' };
  const own = { uid: `u-${name}`, ownerReferences: [owner], labels: { ...metadata.labels, ...labels } };
  return { ...rest, metadata: { ...metadata, ...own } };
}

const documented = 'egress-router-cni-deployment';
const a = router();
const b = router({}, { name: 'egress-b', uid: 'u-b' });

test.each<[string, readonly KubernetesObject[], Readonly<Record<string, readonly string[]>>]>([
  [
    'of the only router of its namespace, whoever made it',
    [a, podOf(documented, 'p')],
    { 'egress-a': ['p'] },
  ],
  [
    'of the router that it names',
    [a, b, podOf(documented, 'p', { [routerLabel]: 'egress-b' })],
    { 'egress-a': [], 'egress-b': ['p'] },
  ],
  [
    'of the router whose name its own has',
    [a, b, podOf('egress-router-cni-egress-b-deployment', 'p')],
    { 'egress-a': [], 'egress-b': ['p'] },
  ],
  ['of none where it may be of two', [a, b, podOf(documented, 'p')], { 'egress-a': [], 'egress-b': [] }],
])('a pod whose Deployment may not be seen is %s', (_, objects, expected) => {
  const views = toRouterViews(storeOf(objects, hidden));
  expect(Object.fromEntries(views.map(({ name, pods }) => [name, pods.map((one) => one.name)]))).toEqual(
    expected,
  );
});

test('a pod is of no router whose Deployment could be seen and is not there', () => {
  const [view] = toRouterViews(storeOf([a, podOf(documented, 'p')]));
  expect(view?.pods).toEqual([]);
});

test('a router whose Deployment may not be seen is what its pod tells', () => {
  const [view] = toRouterViews(storeOf([a, podOf(documented, 'p')], hidden));
  expect(view?.state).toEqual({ kind: 'ready' });
});
