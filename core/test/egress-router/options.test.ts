import { expect, test } from 'vitest';
import { type RouterOptions, readOptions } from '#core/egress-router/options.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { toDeployment } from '#core/manifest/deployment.ts';
import { manifest } from './manifests.ts';

test.each<[string, string, RouterOptions]>([
  ['node-selector', 'zone=dmz', { nodeSelector: { zone: 'dmz' } }],
  ['node-selector', 'a.b/c=, zone = dmz', { nodeSelector: { 'a.b/c': '', zone: 'dmz' } }],
  ['tolerations', '*', { tolerations: [{ operator: 'Exists' }] }],
  ['tolerations', '*:NoExecute', { tolerations: [{ operator: 'Exists', effect: 'NoExecute' }] }],
  ['tolerations', 'infra', { tolerations: [{ key: 'infra', operator: 'Exists' }] }],
  [
    'tolerations',
    'a/b:NoSchedule, c=d:PreferNoSchedule,e=',
    {
      tolerations: [
        { key: 'a/b', operator: 'Exists', effect: 'NoSchedule' },
        { key: 'c', operator: 'Equal', value: 'd', effect: 'PreferNoSchedule' },
        { key: 'e', operator: 'Equal', value: '' },
      ],
    },
  ],
  ['priority-class', 'system-cluster-critical', { priorityClass: 'system-cluster-critical' }],
  ['spread', 'required', { spread: 'required' }],
  ['requests', 'cpu=50m', { requests: { cpu: '50m' } }],
  ['limits', 'memory=1.5Gi,cpu=1', { limits: { memory: '1.5Gi', cpu: '1' } }],
  ['expose', 'true', { expose: true }],
  ['expose', 'false', { expose: false }],
])('%s: %s', (name, text, options) => {
  expect(readOptions({ [`egress-router-tools/${name}`]: text })).toEqual({ options, problems: [] });
});

test.each([
  ['node-selector', ''],
  ['node-selector', 'zone'],
  ['node-selector', '=dmz'],
  ['node-selector', 'zone=a,zone=b'],
  ['node-selector', 'zone=a b'],
  ['node-selector', 'a/b/c=d'],
  ['node-selector', `${'k'.repeat(64)}=v`],
  ['tolerations', 'infra:Never'],
  ['tolerations', 'infra:'],
  ['tolerations', ','],
  ['tolerations', '[{"operator":"Exists"}]'],
  ['priority-class', 'High Priority'],
  ['spread', 'Required'],
  ['requests', 'memory=64 Mi'],
  ['requests', 'disk=1Gi'],
  ['limits', '128Mi'],
  ['limits', 'memory=-1'],
  ['expose', 'yes'],
])('%s: %s cannot be read', (name, text) => {
  const key = `egress-router-tools/${name}`;
  const { problems } = readOptions({ [key]: text });
  expect(problems).toMatchObject([{ code: 'invalid-option', path: ['metadata', 'annotations', key] }]);
  expect(problems[0]?.message.startsWith(`${JSON.stringify(text)} is no value of ${key}: write `)).toBe(true);
});

test.each<readonly [Readonly<Record<string, string>>, readonly string[]]>([
  [{ requests: 'cpu=2', limits: 'cpu=1' }, ['requests']],
  [{ requests: 'cpu=1001m', limits: 'cpu=1' }, ['requests']],
  [{ requests: 'cpu=1.0', limits: 'cpu=1000m' }, []],
  [{ requests: 'cpu=1150m', limits: 'cpu=1.15' }, []],
  [{ requests: 'cpu=.7', limits: 'cpu=700m' }, []],
  [{ requests: 'cpu=1.1500001', limits: 'cpu=1150m' }, ['requests']],
  [{ requests: 'memory=1Gi,cpu=2', limits: 'memory=1G,cpu=1' }, ['requests', 'requests']],
  [{ requests: 'memory=1G', limits: 'memory=1Gi' }, []],
  [{ requests: 'memory=1T', limits: 'cpu=1' }, []],
  [{ limits: 'memory=128' }, ['limits']],
  [{ limits: 'memory=128000000m' }, ['limits']],
  [{ limits: 'memory=32767Ki' }, ['limits']],
  [{ limits: 'memory=32Mi' }, []],
  [{ limits: 'memory=.05G' }, []],
])('what %j contradicts', (options, told) => {
  const annotations = Object.entries(options).map(([name, text]) => [`egress-router-tools/${name}`, text]);
  const { problems } = readOptions(Object.fromEntries(annotations));
  expect(problems.map(({ path }) => path)).toEqual(
    told.map((name) => ['metadata', 'annotations', `egress-router-tools/${name}`]),
  );
});

test('an annotation that nobody knows is told, with the one that is meant', () => {
  const { router, problems } = parseRouter(withAnnotations({ 'egress-router-tools/toleration': 'infra' }));
  expect(problems).toMatchObject([
    {
      code: 'unknown-option',
      severity: 'warning',
      message:
        'The operator knows no annotation egress-router-tools/toleration; egress-router-tools/tolerations is one.',
      fixes: [{ edits: [{ kind: 'rename', key: 'egress-router-tools/tolerations' }] }],
    },
  ]);
  expect(router).toBeDefined();
  expect(readOptions({ 'egress-router-tools/colour': 'red' }).problems[0]).not.toHaveProperty('fixes');
});

test.each([[undefined], [null], [{}], [{ contact: 'x' }], [['egress-router-tools/expose']]])(
  'nothing is asked for by %j',
  (annotations) => expect(readOptions(annotations)).toEqual({ problems: [] }),
);

test.each<[Readonly<Record<string, string>>, object]>([
  [{}, { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '128Mi' } }],
  [{ requests: 'memory=256Mi' }, { requests: { cpu: '20m', memory: '256Mi' }, limits: {} }],
  [{ limits: 'memory=32Mi' }, { requests: { cpu: '20m' }, limits: { memory: '32Mi' } }],
  [{ limits: 'cpu=10m' }, { requests: { memory: '64Mi' }, limits: { memory: '128Mi', cpu: '10m' } }],
  [
    { requests: 'cpu=1', limits: 'memory=1Gi' },
    { requests: { cpu: '1' }, limits: { memory: '1Gi' } },
  ],
])('resources of %j', (options, resources) => {
  expect(podSpecOf(options).containers[0].resources).toEqual(resources);
});

test('placement stands in the pod as it is asked for', () => {
  const { containers: _, ...spec } = podSpecOf({
    'node-selector': 'zone=dmz',
    tolerations: 'infra:NoSchedule',
    'priority-class': 'high',
    spread: 'required',
  });
  expect(spec).toMatchObject({
    nodeSelector: { zone: 'dmz' },
    tolerations: [{ key: 'infra', operator: 'Exists', effect: 'NoSchedule' }],
    priorityClassName: 'high',
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
  });
});

test('routers prefer nodes of their own, unless they need not', () => {
  const preferred = [{ weight: 100, podAffinityTerm: term }];
  expect(podSpecOf({})).toMatchObject({
    affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } },
  });
  expect(podSpecOf({ spread: 'none' })).not.toHaveProperty('affinity');
});

const term = {
  labelSelector: { matchExpressions: [{ key: 'egress-router-tools/router', operator: 'Exists' }] },
  namespaceSelector: {},
  topologyKey: 'kubernetes.io/hostname',
};

function podSpecOf(options: Readonly<Record<string, string>>) {
  const annotations = Object.entries(options).map(([name, text]) => [`egress-router-tools/${name}`, text]);
  const { router } = parseRouter(withAnnotations(Object.fromEntries(annotations)));
  if (router === undefined) throw new Error('The router of this test has faults.');
  return toDeployment(router, { image: 'i', configHash: 'h' }).spec.template.spec;
}

function withAnnotations(annotations: object) {
  const router = manifest({});
  return { ...router, metadata: { ...router.metadata, annotations } };
}
