import { expect, test } from 'vitest';
import { readDocuments } from '#cluster/operations/documents.ts';
import { pathText } from '#core/path-text.ts';
import { readYamlFile } from '#language/document.ts';
import { router } from './objects-of-a-router.ts';

const bad = router({ spec: { addresses: [{ ip: '192.168.12.99' }], redirect: {} } });
const bare = { ...router(), metadata: { name: 'egress-a' } };

function check(values: readonly unknown[], expected: object) {
  const reading = readDocuments(
    values.map((value, index) => ({ value, source: `#${index + 1}` })),
    'here',
  );
  expect({
    wanted: reading.wanted.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    refused: reading.refused.map(({ source, problems }) => [source, ...problems.map(({ code }) => code)]),
    skipped: reading.skipped,
  }).toEqual({ wanted: [], refused: [], skipped: [], ...expected });
}

test('a router', () => check([router()], { wanted: ['demo/egress-a'] }));
test('a router without a namespace goes to the one given', () =>
  check([bare], { wanted: ['here/egress-a'] }));
test('empty documents', () => check([null, undefined], {}));
test('other kinds', () =>
  check([{ apiVersion: 'v1', kind: 'Pod' }, 7], {
    skipped: [
      { source: '#1', kind: 'Pod' },
      { source: '#2', kind: 'unknown kind' },
    ],
  }));
test('a router of OpenShift SDN', () => {
  const annotations = { 'pod.network.openshift.io/assign-macvlan': 'true' };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'old', annotations }, spec: {} };
  check([pod], { skipped: [{ source: '#1', kind: 'Pod', isLegacy: true }] });
});
test('a router with errors', () => check([bad], { refused: [['#1', 'address-without-prefix']] }));
test('labels and annotations that YAML does not read as texts', () => {
  const labels = { version: 1, managed: true };
  // An empty one is taken as an empty text.
  const annotations = { constructor: 7, empty: null };
  check([router({}, { labels, annotations })], {
    refused: [['#1', 'wrong-type', 'wrong-type', 'wrong-type']],
  });
});
test('two documents for one router', () =>
  check([router(), router()], { wanted: ['demo/egress-a'], refused: [['#2', 'duplicate-router']] }));
test.each(['EgressRouterList', 'PodList'])('an %s, and one in a List', (kind) => {
  const list = { apiVersion: 'v1', kind, items: [router()] };
  check([list], { wanted: ['demo/egress-a'] });
  check([{ apiVersion: 'v1', kind: 'List', items: [list, bad] }], {
    wanted: ['demo/egress-a'],
    refused: [['#1, item 2', 'address-without-prefix']],
  });
});
test('Lists within Lists, as deep as lint reads them', () => {
  const wrapped = (value: unknown, lists: number): unknown =>
    lists === 0 ? value : { apiVersion: 'v1', kind: 'List', items: [wrapped(value, lists - 1)] };
  check([wrapped(router(), 5)], { wanted: ['demo/egress-a'] });
  const { objects } = readYamlFile(JSON.stringify(wrapped(router(), 5))).slices[0]?.content ?? {
    objects: [],
  };
  expect(objects.map(({ kind }) => kind)).toEqual(['router']);
});
test('a List is its items', () =>
  check([{ apiVersion: 'v1', kind: 'List', items: [router(), { kind: 'Pod' }] }], {
    wanted: ['demo/egress-a'],
    skipped: [{ source: '#1, item 2', kind: 'Pod' }],
  }));

test('what the API server wrote is not applied', () => {
  const saved = router(
    { status: { conditions: [] } },
    {
      uid: 'u',
      resourceVersion: '7',
      managedFields: [],
      labels: { team: 'x' },
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', note: 'kept' },
    },
  );
  expect(readDocuments([{ value: saved, source: 'x' }], 'here').wanted).toEqual([
    {
      apiVersion: 'network.operator.openshift.io/v1',
      kind: 'EgressRouter',
      metadata: { name: 'egress-a', namespace: 'demo', labels: { team: 'x' }, annotations: { note: 'kept' } },
      spec: router()['spec'],
    },
  ]);
});

test('a rule with errors is named by its port', () => {
  const spec = { ...router().spec, redirect: { redirectRules: [{ port: 53, protocol: 'ICMP' }] } };
  const { refused } = readDocuments([{ value: { ...router(), spec }, source: '#1' }], 'demo');
  expect(refused[0]?.problems.map(({ path }) => pathText(path))).toContain(
    'spec.redirect.redirectRules[53/ICMP].protocol',
  );
});
