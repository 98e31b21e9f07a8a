import { router } from '../../language/test/cursor.ts';
import type { Random } from './random.ts';

/** Files of which each names others that are there, so that what is said of one depends on the others. */
export function soundText(random: Random, fileName: string): string {
  switch (fileName) {
    case 'a.yaml':
      return router;
    case 'b.yaml':
      return random
        .pick([router, router.replace('12.99', '12.70')])
        .replace('partner-api', 'other')
        .replace('web', 'shop');
    case 'kustomization.yaml':
      return `resources: [a.yaml]\n${maybe(random, 30, 'namespace: shop\n')}${maybe(random, 80, `patches:\n${soundEntry(random, 'overlay/patch.yaml')}`)}`;
    case 'overlay/kustomization.yml':
      return `resources: [${random.pick(['..', '../a.yaml', '../b.yaml'])}]\n${maybe(random, 60, `patches:\n${soundEntry(random, 'patch.yaml')}`)}`;
    default:
      return randomPatch(random);
  }
}

function soundEntry(random: Random, file: string): string {
  const [target] = targets;
  const what = random.chance(70) ? `path: ${file}\n` : `patch: |-\n${inner(randomPatch(random))}`;
  return `  - ${what}    target: ${target}\n`;
}

function maybe(random: Random, percent: number, text: string): string {
  return random.chance(percent) ? text : '';
}

/** A kustomization as somebody may have it: resources and patches among the files that are edited beside it. */
export function randomKustomization(random: Random): string {
  const count = 1 + random.below(4);
  return Array.from({ length: count }, () => random.pick(fields)(random)).join('');
}

type Field = (random: Random) => string;

const files = ['a.yaml', 'b.yaml', 'c.yaml', 'patch.yaml', '../a.yaml', '../b.yaml', 'none.yaml'] as const;
const folders = ['overlay', './overlay/', '..', '.', '../overlay', 'none'] as const;

const resources: Field = (random) => {
  const named = Array.from({ length: 1 + random.below(3) }, () =>
    random.pick(random.chance(40) ? folders : files),
  );
  return `${random.pick(['resources', 'resources', 'bases', 'components'])}: [${named.join(', ')}]\n`;
};

const patches: Field = (random) => {
  const entries = Array.from({ length: 1 + random.below(3) }, () => patchEntry(random));
  return `${random.pick(['patches', 'patches', 'patchesJson6902'])}:\n${entries.join('')}`;
};

const fields: readonly [Field, ...Field[]] = [
  resources,
  resources,
  patches,
  patches,
  (random) => `namespace: ${random.pick(['web', 'shop', '""', '{a: 1}'])}\n`,
  (random) => `patchesStrategicMerge:\n  - ${random.pick(files)}\n  - |-\n${inner(merge(random))}`,
  () => 'replacements: [{source: {kind: ConfigMap}}]\n',
  () => 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n',
  () => '---\n',
];

function patchEntry(random: Random): string {
  const text = random.chance(50) ? operations(random) : merge(random);
  const what = random.chance(50) ? `path: ${random.pick(files)}\n` : `patch: |-\n${inner(text)}`;
  return `  - ${what}${random.chance(70) ? `    target: ${random.pick(targets)}\n` : ''}`;
}

function inner(text: string): string {
  return `${text.trimEnd().replaceAll(/^/gm, '      ')}\n`;
}

const targets = [
  '{kind: EgressRouter, name: partner-api}',
  '{kind: EgressRouter}',
  '{kind: EgressRouter, version: v2}',
  '{kind: EgressRouter, name: "partner-.*", namespace: web}',
  '{kind: EgressRouter, name: "("}',
  '{labelSelector: a=b}',
  '{kind: Deployment}',
  '[]',
] as const;

/** A patch in a file of its own. */
export function randomPatch(random: Random): string {
  return random.chance(50) ? operations(random) : merge(random);
}

function merge(random: Random): string {
  const name = random.pick(['partner-api', 'partner-api', 'other', 'json', '{a: 1}']);
  const spec = random.pick([
    'addresses: [{ip: 192.168.12.70/24, gateway: 192.168.12.1}]',
    'addresses: [{ip: 192.168.12.98/24}]',
    'addresses:\n    - $patch: delete\n      ip: 192.168.12.99/24',
    'addresses: null',
    'redirect: {redirectRules: [{port: 8080, protocol: tcp, destinationIP: 203.0.113.25}]}',
    '$patch: replace',
  ]);
  const more = random.chance(10) ? '$patch: delete\n' : '';
  return `apiVersion: network.operator.openshift.io/v1\nkind: EgressRouter\nmetadata: {name: ${name}}\n${more}spec:\n  ${spec}\n`;
}

function operations(random: Random): string {
  const all = Array.from({ length: 1 + random.below(3) }, () => ({
    op: random.pick(['replace', 'add', 'remove', 'test', 'move', 'replce']),
    path: random.pick([
      '/spec/addresses/0/ip',
      '/spec/addresses/-',
      '/spec/addresses/1',
      '/spec/redirect/redirectRules/0/port',
      '/spec/redirect/fallbackIP',
      '/metadata/name',
      '/metadata/annotations/a~1b',
      '',
    ]),
    ...(random.chance(80)
      ? { value: random.pick<unknown>(['192.168.12.70/24', '192.168.12.98/24', 8080, { ip: 'x' }, null]) }
      : {}),
  }));
  if (random.chance(20)) return `${JSON.stringify(all)}\n`;
  return all
    .map((operation) => {
      const lines = Object.entries(operation).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
      return `- ${lines.join('\n  ')}\n`;
    })
    .join('');
}

/** What is typed into either. */
export const kustomizePieces = [
  'resources: [a.yaml]\n',
  'namespace: shop\n',
  '  - path: b.yaml\n',
  '- path: patch.yaml\n',
  '    target: {kind: EgressRouter}\n',
  'patches:\n',
  'a.yaml',
  '../',
  '- op: replace\n  path: /spec/addresses/0/ip\n  value: 192.168.12.70/24\n',
  '/spec/addresses/0/ip',
  '192.168.12.70/24',
] as const;
