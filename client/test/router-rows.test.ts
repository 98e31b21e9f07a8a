// The rows below a router, of what the code for clusters makes of a cluster.
import { expect, test } from 'vitest';
import { routerNode } from '#client/tree/router-node.ts';
import type { TreeNode } from '#client/tree/tree-node.ts';
import { toRouterViews } from '#cluster/router-view.ts';
import type { WatchedKind } from '#cluster/store.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import {
  conditions,
  deployment,
  nad,
  pod,
  router,
  service,
  storeOf,
} from '../../cluster/test/objects-of-a-router.ts';

const up = conditions({ Available: ['True', 'Available', 'The router pod is ready.'] });
const all = [router(up), nad(), deployment(), pod('ready')];

function rowsOf(
  objects: readonly KubernetesObject[],
  hidden: readonly WatchedKind[] = [],
): readonly TreeNode[] {
  const [view] = toRouterViews(storeOf(objects, hidden));
  if (view === undefined) throw new Error('There is no router.');
  return routerNode(view, { isOpen: true, hasNamespace: true }).children?.() ?? [];
}

test('what the person may not see is named, with whom to ask, and not said to be missing', () => {
  expect(rowsOf(all).map(({ label }) => label)).toContain('No Service');
  const rows = rowsOf(all, ['service', 'event']);
  expect(rows.map(({ label }) => label)).not.toContain('No Service');
  const found = rows.filter(({ icon }) => icon === 'unseen');
  expect(found).toMatchObject([
    {
      label: 'Not shown to you',
      description: 'Services, Events',
      spoken: 'Not shown to you: Services, Events',
      tooltip:
        'You may not see Services, Events in namespace demo, so the router is shown without them. Ask for a role that grants get, list and watch on them, or switch the context.',
    },
  ]);
  expect(found[0]?.children?.().map(({ label }) => label)).toEqual([
    'You may not see Services, Events in namespace demo, so the router is shown without them.',
    'Ask for a role that grants get, list and watch on them, or switch the context.',
  ]);
});

test('nothing is said to be hidden where all can be seen', () =>
  expect(rowsOf(all).filter(({ icon }) => icon === 'unseen')).toEqual([]));

test('the row below a Service that has no port for a rule does not repeat which Service it is', () => {
  const portless = { ...service({ app: 'egress-router-cni' }), spec: withPort(8081) };
  const [row] = rowsOf([...all, portless]).filter(({ icon }) => icon === 'out-of-step');
  const below = (row?.children?.() ?? []).filter(({ icon }) => icon === 'message');
  expect(below.map(({ label, tooltip }) => [label, tooltip])).toContainEqual([
    'No port for 8080/TCP: add it',
    'Clients reach the router through the Service demo/egress-a, which has no port for 8080/TCP: add it there.',
  ]);
});

test('the commands of a Service that is out of step act on its router', () => {
  const portless = { ...service({ app: 'egress-router-cni' }), spec: withPort(8081) };
  const [row] = rowsOf([...all, portless]).filter(({ icon }) => icon === 'out-of-step');
  expect(row).toMatchObject({ router: { namespace: 'demo', name: 'egress-a' }, object: { kind: 'Service' } });
});

function withPort(port: number): object {
  return {
    type: 'ClusterIP',
    clusterIP: '172.30.0.9',
    selector: { app: 'egress-router-cni' },
    ports: [{ name: `tcp-${port}`, protocol: 'TCP', port }],
  };
}
