import { globSync, readFileSync } from 'node:fs';
import { router } from '../../language/test/cursor.ts';
import { kustomizePieces, randomKustomization, randomPatch, soundText } from './kustomize-texts.ts';
import type { Random } from './random.ts';

const root = new URL('../../', import.meta.url);

/**
 * What a file of that name may hold.
 * @param isSound all but a few of the files fit each other
 */
export function randomTextOf(random: Random, fileName: string, isSound: boolean): string {
  if (isSound && random.chance(90)) return soundText(random, fileName);
  if (fileName.includes('kustomization') && random.chance(90)) return randomKustomization(random);
  return random.chance(fileName.includes('patch') ? 90 : 15) ? randomPatch(random) : randomText(random);
}

/** A file as somebody may have it: documents of all kinds, in any way of writing, and now and then a hostile one. */
function randomText(random: Random): string {
  if (random.chance(3)) return random.pick(hostile)();
  const count = random.below(5);
  const documents = Array.from({ length: count }, () => random.pick(documentTexts));
  const joined = documents.join(random.pick(['---\n', '---\n', '...\n', '...\n---\n', '--- # next\n']));
  const text = (random.chance(5) ? '\uFEFF' : '') + joined;
  return random.chance(15) ? text.replaceAll('\n', random.pick(['\r\n', '\r\n', '\r'])) : text;
}

/** What is typed or pasted somewhere. */
export function randomPiece(random: Random): string {
  if (random.chance(10)) return random.pick(documentTexts);
  if (random.chance(1)) return random.pick(hostile)();
  if (random.chance(20)) return random.pick(kustomizePieces);
  if (random.chance(5)) return randomPatch(random);
  return Array.from({ length: 1 + random.below(3) }, () => random.pick(pieces)).join('');
}

const pieces: readonly [string, ...string[]] = [
  ...([
    '',
    ' ',
    '  ',
    '\n',
    '\n',
    '\r\n',
    '\r',
    '\t',
    '-',
    '- ',
    ':',
    ': ',
    '#',
    '"',
    "'",
    '{',
    '}',
  ] as const),
  '[',
  ']',
  ',',
  '&a ',
  '*a',
  '!!str ',
  '<<: *a',
  '|',
  '>-',
  '?',
  '%',
  '@',
  '`',
  '\\',
  '{{',
  '}}',
  '---\n',
  '...\n',
  '\n---\n',
  '--- ',
  '{{ .Values.a }}',
  '{{- if .a }}\n',
  'a: 1\n',
  '  b: c\n',
  'TCP',
  'tcp',
  '8080',
  '010',
  'yes',
  '1:30',
  '192.168.12.99/24',
  'fd12::1',
  'name: a\n',
  'spec:\n',
  '\u2028',
  '\u0085',
  '\u00a0',
  '\uFEFF',
  '\uD83D',
  '\uDE00',
  '\uD83D\uDE00',
  '\u0000',
  'é',
  'namespace: web\n',
  'kind: EgressRouter\n',
  'apiVersion: network.operator.openshift.io/v1\n',
  '${A}',
  '{a: ${A}}',
];

const head = 'apiVersion: network.operator.openshift.io/v1\nkind: EgressRouter\nmetadata: {name: a}\n';

/** What is to be told of, not to be choked on. */
const hostile: readonly [() => string, ...(() => string)[]] = [
  () => `${head}bomb:\n  a0: &a0 [x, x]\n${aliases(30)}`,
  () => `${head}long: ${'x'.repeat(1_000_000)}\n`,
  () => `${head}${' '.repeat(1_000_000)}x\n`,
  () => `${head}long: "${'{{ '.repeat(300_000)}\n`,
  () => `${head}long: ${'a: '.repeat(30_000)}\n`,
  () => `${head}long: ${"'".repeat(100_000)}\n`,
  () => `${head}long: "${'\\"'.repeat(100_000)}\n`,
  () => `${head}deep: ${'['.repeat(100_000)}`,
  () => `${head}deep: ${'['.repeat(3000)}${']'.repeat(3000)}\n`,
  () => `${head}deep: ${'{"a":'.repeat(20_000)}`,
  () => `${head}deep: ${'- '.repeat(20_000)}x\n`,
  () => `${head}${Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')}`,
  () => `${head}${'- '.repeat(10)}\n`.repeat(2000),
  () => '---\n'.repeat(50_000),
  () => `${head}spec: {addresses: [{ip: "${'1'.repeat(100_000)}"}]}\n`,
  () => `${head}#${' #'.repeat(300_000)}\n`,
  () =>
    `apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata: {name: a}\nspec:\n  config: '{"type": "egress-router", "ip": ${'['.repeat(5000)}'\n`,
];

function aliases(depth: number): string {
  return Array.from(
    { length: depth },
    (_, at) => `  a${at + 1}: &a${at + 1} [*a${at}, *a${at}, *a${at}]\n`,
  ).join('');
}

const own: readonly [string, ...string[]] = [
  router,
  router,
  router.replace('partner-api', 'other').replace('web', 'shop'),
  router.replace('  namespace: web\n', '').replace('99/24', '98'),
  router.replace('TCP', 'tcp').replace('8080', '010').replace('12.1\n', '13.1\n'),
  router.replace('192.168.12.99/24', '{{ .Values.ip }}').replace('203.0.113.25', 'api.example.com'),
  router.replace('metadata:', 'metadata: &m').concat('copy: *m\n'),
  `apiVersion: v1\nkind: List\nitems:\n  - ${router.trimEnd().replaceAll('\n', '\n    ')}\n  - ${router.trimEnd().replaceAll('\n', '\n    ').replace('web', 'shop')}\n`,
  `{
  "apiVersion": "network.operator.openshift.io/v1",
  "kind": "EgressRouter",
  "metadata": {"name": "json", "namespace": "web"},
  "spec": {"addresses": [{"ip": "192.168.12.99/24"}], "redirect": {"fallbackIP": "203.0.113.25"}}
}
`,
  `apiVersion: v1
kind: Service
metadata: {name: partner-api, namespace: web}
spec:
  selector: {app: egress-router-cni}
  ports: [{port: 8080, protocol: TCP}, {port: 9090, targetPort: 9}]
`,
  `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata:
  name: egress-router-cni-nad
  namespace: web
spec:
  config: '{"cniVersion": "0.4.0", "type": "egress-router", "name": "x",
    "ip": {"addresses": ["192.168.12.99/24"], "destinations": ["8080 TCP 203.0.113.25 80"], "gateway": "192.168.12.1"}}'
`,
  `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: {name: egress-router-cni-nad, namespace: shop}
spec:
  config: '{
  "cniVersion": "0.4.0", "type": "egress-router", "name": "x",
  "ip": {"addresses": ["192.168.12.98/24"], "destinations": ["8080 TCP 203.0.113.25/32 80"]}
}'
`,
  `apiVersion: v1
kind: Pod
metadata: {name: egress-1, annotations: {pod.network.openshift.io/assign-macvlan: "true"}}
spec:
  containers:
    - name: egress-router
      image: registry.redhat.io/openshift4/ose-egress-router
      securityContext: {privileged: true}
      env:
        - {name: EGRESS_SOURCE, value: 192.168.12.99/24}
        - {name: EGRESS_GATEWAY, value: 192.168.12.1}
        - {name: EGRESS_DESTINATION, valueFrom: {configMapKeyRef: {name: rules, key: destinations}}}
`,
  router.replace(/- port[^]*/, '- {port: ${P}, protocol: tcp, destinationIP: 203.0.113.25}\n'),
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: rules}\ndata:\n  destinations: |\n    80 TCP 203.0.113.25\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: rules}\ndata:\n  destinations: |\n    80 tcp 203.0.113.25\n',
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n',
  'a: 1\n',
  'kind: [\n',
  '# nothing\n',
  '',
];

const documentTexts: readonly [string, ...string[]] = [
  ...own,
  ...globSync('samples/**/*.yaml', { cwd: root })
    .toSorted()
    .map((path) => readFileSync(new URL(path, root), 'utf8')),
];
