import { expect, test } from 'vitest';
import type { ManifestsUpdate } from '#client/language-server.ts';
import { manifestNodes } from '#client/tree/manifest-nodes.ts';
import { Manifests } from '#client/tree/manifests.ts';
import type { RouterView } from '#cluster/view.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Manifest } from '#core/protocol.ts';

const router: RouterView = {
  namespace: 'demo',
  name: 'egress-a',
  uid: 'u-1',
  state: { kind: 'ready' },
  addresses: [],
  rules: [],
  pods: [],
  services: [],
  warnings: [],
  objects: [],
};

const spec = {
  addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
  redirect: { redirectRules: [{ destinationIP: '203.0.113.25', port: 80, protocol: 'TCP' }] },
};

/** As the API server gives it back: with defaults, and with the notes it makes. */
const live: KubernetesObject = {
  apiVersion: 'network.operator.openshift.io/v1',
  kind: 'EgressRouter',
  metadata: { name: 'egress-a', namespace: 'demo', uid: 'u-1', generation: 2 },
  spec: { ...spec, mode: 'Redirect', networkInterface: { macvlan: { mode: 'Bridge' } } },
  status: { conditions: [] },
};

function manifest(of: unknown, namespace: string | undefined = 'demo', line = 4): Manifest {
  const { apiVersion, kind } = live;
  const metadata = { name: 'egress-a', ...(namespace === undefined ? {} : { namespace }) };
  const object = of === undefined ? {} : { object: { apiVersion, kind, metadata, spec: of } };
  const range = { start: { line, character: 0 }, end: { line: line + 9, character: 0 } };
  return { name: 'egress-a', ...(namespace === undefined ? {} : { namespace }), ...object, range };
}

function setUp(first: readonly Manifest[], stored: KubernetesObject | undefined = live) {
  const changes: string[] = [];
  const reads: string[] = [];
  let listener: ((update: ManifestsUpdate) => void) | undefined;
  const manifests = new Manifests({
    follow: async (tell) => {
      listener = tell;
      await Promise.resolve();
      tell({ isAll: true, files: [{ uri: 'file:///w/a.yaml', manifests: first }] });
    },
    read: async ({ name }) => {
      reads.push(name);
      return stored;
    },
    defaultNamespace: () => 'demo',
    onChange: (changed) => changes.push(changed?.name ?? 'all'),
    log: () => undefined,
  });
  const rows = (of: RouterView = router) =>
    manifestNodes('demo/egress-a', manifests.of(of), (uri) => uri.replace('file:///w/', '')).map(
      ({ icon, description }) => `${icon} ${description}`,
    );
  const tell = (update: ManifestsUpdate) => listener?.(update);
  return { rows, changes, reads, tell };
}

/** Reading takes some turns of the loop. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('nothing is looked for before the first question, and the answer comes by itself', async () => {
  const { rows, changes, reads } = setUp([manifest(spec)]);
  expect([changes, reads]).toEqual([[], []]);
  expect(rows()).toEqual(['progressing looking in the workspace…']);
  await settled();
  expect(rows()).toEqual(['progressing comparing… · a.yaml:5']);
  await settled();
  expect(rows()).toEqual(['in-step in step · a.yaml:5']);
  expect([changes, reads]).toEqual([['all', 'egress-a'], ['egress-a']]);
});

const drifted = { ...spec, addresses: [{ ip: '192.168.12.98/24', gateway: '192.168.12.1' }] };
const explicit = { ...spec, mode: 'Redirect' };
const more = { ...spec, redirect: { ...spec.redirect, fallbackIP: '203.0.113.26' } };

test.each<[string, readonly Manifest[], readonly string[]]>([
  ['is the same', [manifest(spec)], ['in-step in step · a.yaml:5']],
  ['writes a default', [manifest(explicit)], ['in-step in step · a.yaml:5']],
  ['names no namespace', [manifest(spec, undefined)], ['in-step in step · a.yaml:5']],
  ['has another value', [manifest(drifted)], ['drifted drifted · a.yaml:5']],
  ['says more than the cluster', [manifest(more)], ['drifted drifted · a.yaml:5']],
  ['is a template, or has an error', [manifest(undefined)], ['no-manifest cannot be compared · a.yaml:5']],
  ['is of another namespace', [manifest(spec, 'other')], ['no-manifest none in the workspace']],
  ['does not exist', [], ['no-manifest none in the workspace']],
  [
    'is there twice',
    [manifest(spec), manifest(drifted, 'demo', 20)],
    ['in-step in step · a.yaml:5', 'drifted drifted · a.yaml:21'],
  ],
])('a manifest that %s', async (_, manifests, expected) => {
  const { rows } = setUp(manifests);
  rows();
  await settled();
  rows();
  await settled();
  expect(rows()).toEqual(expected);
});

test('a changed file is compared again, a changed router is read again, and the verdict stays meanwhile', async () => {
  const { rows, reads, tell } = setUp([manifest(spec)]);
  rows();
  await settled();
  rows();
  await settled();
  tell({ isAll: false, files: [{ uri: 'file:///w/b.yaml', manifests: [manifest(drifted)] }] });
  expect(rows()).toEqual(['in-step in step · a.yaml:5', 'drifted drifted · b.yaml:5']);
  expect(reads).toHaveLength(1);
  const changed = { ...router };
  expect(rows(changed)).toEqual(['in-step in step · a.yaml:5', 'drifted drifted · b.yaml:5']);
  expect(reads).toHaveLength(2);
  await settled();
  rows(changed);
  expect(reads).toHaveLength(2);
  tell({ isAll: false, files: [{ uri: 'file:///w/a.yaml', manifests: [] }] });
  expect(rows(changed)).toEqual(['drifted drifted · b.yaml:5']);
  tell({ isAll: true, files: [] });
  expect(rows(changed)).toEqual(['no-manifest none in the workspace']);
});

test('a manifest in step is opened by a click, one that drifted is shown beside the cluster', () => {
  const target = { uri: 'file:///w/a.yaml', name: 'egress-a', range: manifest(spec).range };
  const view = (step: 'in-step' | 'drifted') =>
    manifestNodes('x', { kind: 'found', manifests: [{ step, target }] }, () => 'a.yaml')[0]?.command;
  expect(view('in-step')).toEqual({
    id: 'egressRouter.openManifest',
    title: 'Open Manifest',
    argument: target,
  });
  expect(view('drifted')).toEqual({ id: 'egressRouter.diff', title: 'Diff with Cluster', argument: target });
});
