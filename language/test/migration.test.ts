import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';
import { migrationsAt, type OtherFile } from '#language/migration/migration.ts';
import { applyEdits } from '#language/text/text-edit.ts';
import { parseSlice } from '#language/yaml/parsed.ts';
import { roughText } from './cursor.ts';

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: egress-1
  labels:
    name: egress-1
  annotations:
    pod.network.openshift.io/assign-macvlan: "true"
spec:
  containers:
    - name: router
      image: openshift/origin-egress-router
      securityContext:
        privileged: true
      env:
        - name: EGRESS_SOURCE
          value: 192.168.12.99/24
        - name: EGRESS_GATEWAY
          value: 192.168.12.1
        - name: EGRESS_DESTINATION
          value: |
            # the partner
            80 tcp 203.0.113.25
`;
const service = `apiVersion: v1
kind: Service
metadata:
  name: partner # clients use it
spec:
  ports:
    - port: 80
  selector:
    name: egress-1
`;
const newRouter = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: egress-1
spec:
  addresses:
    - ip: 192.168.12.99/24
      gateway: 192.168.12.1
  mode: Redirect
  redirect:
    redirectRules:
      # the partner
      - port: 80
        protocol: TCP
        destinationIP: 203.0.113.25
  networkInterface:
    macvlan:
      mode: Private
`;
const newService = service.replace('name: egress-1', 'app: egress-router-cni');
const madeService = `apiVersion: v1
kind: Service
metadata:
  name: egress-1
  labels:
    app: egress-router-cni
spec:
  type: ClusterIP
  selector:
    app: egress-router-cni
  ports:
    - name: tcp-80
      protocol: TCP
      port: 80
      targetPort: 80
`;

/** What a migration says of itself is not looked at here. */
function withoutHead(text: string): string {
  const remark = '# (?:Migrated from|To do:|Please check:|Lost:).*\\r?\\n *(?:#   .*\\r?\\n *)*';
  return text
    .replaceAll(new RegExp(`(?<=- )(?:${remark})+`, 'g'), '')
    .replaceAll(new RegExp(`^${remark}`, 'gm'), '');
}

/** `wanted`: the whole file after the first migration at the annotation, or why there is none. */
function check(title: string, source: string, wanted: string, others: readonly OtherFile[] = []): void {
  test(title, () => {
    const at = source.indexOf('assign-macvlan');
    const [here] = migrationsAt(readYamlFile(source), { start: at, end: at }, () => others);
    const { outcome } = here ?? {};
    if (outcome?.kind !== 'migrated') {
      expect(outcome?.reason).toContain(wanted);
      return;
    }
    expect(withoutHead(applyEdits(source, outcome.edits()))).toBe(wanted);
  });
}

function items(...texts: readonly string[]): string {
  return texts.map((text) => `  - ${text.trimEnd().replaceAll('\n', '\n    ')}\n`).join('');
}

check('a pod gets a Service', pod, `${newRouter}---\n${madeService.trimEnd()}\n`);
check(
  'its Service leads to it alone, where the operator of this project makes it',
  `# egressRouter.reconciler: agent\n${pod}---\n${service}`,
  `# egressRouter.reconciler: agent\n${newRouter}---\n${service.replace('name: egress-1', 'egress-router-tools/router: egress-1')}`,
);
check(
  'its Service leads to the new router',
  `# ours\n${pod}---\n${service}`,
  `# ours\n${newRouter}---\n${newService}`,
);
check('the Service before it', `${service}---\n${pod}`, `${newService}---\n${newRouter}`);
check(
  'what else the file holds stays',
  `a:   1\n---\n${pod}---\n${service}---\nb: {}\n`,
  `a:   1\n---\n${newRouter}---\n${newService}---\nb: {}\n`,
);
check(
  'line ends of Windows',
  `${pod}---\n${service}`.replaceAll('\n', '\r\n'),
  `${newRouter}---\n${newService}`.replaceAll('\n', '\r\n'),
);
const list = 'apiVersion: v1\nkind: List\nitems:\n';
check(
  'the items of a List',
  `${list}${items('a: 1 # one', pod, service, 'b: 2')}`,
  `${list}${items('a: 1 # one', newRouter, newService, 'b: 2')}`,
);
check(
  'an item without a Service',
  `${list}${items(pod, 'b: 2')}`,
  `${list}${items(newRouter, madeService, 'b: 2')}`,
);
check(
  'a Template fills its parameters in',
  `kind: Template\nobjects:\n${items(pod.replace('203.0.113.25', '${SERVER}'), service)}parameters:\n  - name: SERVER\n    value: 203.0.113.25\n`,
  `kind: Template\nobjects:\n${items(newRouter, newService)}parameters:\n  - name: SERVER\n    value: 203.0.113.25\n`,
);
check(
  'a parameter without a value',
  `kind: Template\nobjects:\n${items(pod.replace('192.168.12.1\n', '${GATEWAY}\n'))}`,
  'GATEWAY',
);
const configMap = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: rules\ndata:\n  a: |\n    # the partner\n    80 tcp 203.0.113.25\n`;
const fed = pod.replace(
  /value: \|[\s\S]*$/,
  'valueFrom:\n            configMapKeyRef: {name: rules, key: a}\n',
);
check(
  'rules of a ConfigMap',
  `${fed}---\n${configMap}---\n${service}`,
  `${newRouter}---\n${configMap}---\n${newService}`,
);
check('rules of another file', `${fed}---\n${service}`, `${newRouter}---\n${newService}`, [
  { name: 'rules.yaml', text: `a: 1\n---\n${configMap}` },
]);
check('rules that are not found', fed, 'ConfigMap "rules", which was not found');
check('a proxy', pod.replace('origin-egress-router', 'origin-egress-http-proxy'), 'HTTP proxy');
check('a template of Helm', pod.replace('192.168.12.1\n', '{{ .Values.gateway }}\n'), 'helm template');

test('a Service of another file is told of', () => {
  const at = pod.indexOf('assign-macvlan');
  const [here] = migrationsAt(readYamlFile(pod), { start: at, end: at }, () => [
    { name: 'services.yaml', text: service },
  ]);
  const { outcome } = here ?? {};
  expect(outcome?.kind === 'migrated' && outcome.steps).toContain(
    'Take the old Service "partner" out of services.yaml: the new one replaces it.',
  );
});

test('two routers of one name and namespace say so of each other', () => {
  const one = pod.replace('name: egress-1', 'name: egress-1\n  namespace: web');
  const set = `kind: ReplicaSet\nmetadata: {name: egress-1, namespace: web}\nspec:\n  template:\n${pod.replaceAll(/^/gm, '    ')}`;
  const remark = (others: string): string =>
    `EgressRouter "egress-1" also comes of ${others}: of those in one namespace, the one that is applied last replaces the others. Keep one, or give each a name of its own.`;
  const said = (source: string, others: readonly OtherFile[] = []): readonly string[] =>
    migrationsAt(readYamlFile(source), { start: 0, end: source.length }, () => others).map(({ outcome }) => {
      if (outcome.kind === 'refused') return outcome.reason;
      const words = applyEdits(source, outcome.edits()).replaceAll(/\n#? */g, ' ');
      const told = outcome.questions.filter((question) => question.includes('also comes of'));
      for (const question of told) expect(words).toContain(`Please check: ${question}`);
      return told.join(' ');
    });
  expect(said(`${one}---\n${set}`)).toEqual([
    remark('ReplicaSet "egress-1" in namespace "web" of this file'),
    remark('Pod "egress-1" in namespace "web" of this file'),
  ]);
  expect(said(one, [{ name: 'set.yaml', text: `a: 1\n---\n${set}` }])).toEqual([
    remark('ReplicaSet "egress-1" in namespace "web" of set.yaml'),
  ]);
  // However many are called alike elsewhere.
  const elsewhere = Array.from({ length: 25 }, (_, n) => one.replace('namespace: web', `namespace: n${n}`));
  expect(
    said(one, [
      { name: 'elsewhere.yaml', text: elsewhere.join('---\n') },
      { name: 'set.yaml', text: set },
    ]),
  ).toEqual([remark('ReplicaSet "egress-1" in namespace "web" of set.yaml')]);
  const nameless = pod.replace('  name: egress-1\n', '  generateName: e-\n');
  expect(
    said(pod.replace('name: egress-1', 'name: partner'), [{ name: 'a', text: `${nameless}---\n${service}` }]),
  ).toEqual([remark('Pod of a').replace('egress-1', 'partner')]);
  // Elsewhere, of another name, or nothing comes of it.
  for (const other of [
    set.replace('namespace: web', 'namespace: shop'),
    set.replace('name: egress-1', 'name: egress-2'),
    set.replace('203.0.113.25', 'none.example'),
    one.replace('metadata:', 'metadata:\n  ownerReferences: [{kind: ReplicaSet, name: a, controller: true}]'),
  ])
    expect(said(one, [{ name: 'a', text: other }])).toEqual(['']);
});

test('JSON stays JSON', () => {
  const source = JSON.stringify({
    kind: 'List',
    apiVersion: 'v1',
    items: [{ a: 1 }, parseSlice(pod).value, parseSlice(service).value],
  });
  const [here] = migrationsAt(readYamlFile(source), { start: 0, end: 0 });
  const { outcome } = here ?? {};
  if (outcome?.kind !== 'migrated') throw new Error('not migrated');
  const after: unknown = JSON.parse(applyEdits(source, outcome.edits()));
  expect(after).toEqual({
    kind: 'List',
    apiVersion: 'v1',
    items: [{ a: 1 }, parseSlice(newRouter).value, parseSlice(newService).value],
  });
});

test('between the items of a List, all of its routers', () => {
  const source = `${list}${items(pod, pod.replaceAll('egress-1', 'egress-2').replace('.99', '.98'))}`;
  const origins = (at: number): readonly string[] =>
    migrationsAt(readYamlFile(source), { start: at, end: at }).map(({ origin }) => origin);
  expect(origins(3)).toEqual(['Pod "egress-1"', 'Pod "egress-2"']);
  expect(origins(source.indexOf('egress-2'))).toEqual(['Pod "egress-2"']);
});

test('where there is no old router there is nothing to migrate', () => {
  expect(migrationsAt(readYamlFile(service), { start: 3, end: 3 })).toEqual([]);
});

test('no text makes it throw, and what comes of it is YAML', () => {
  const whole = [
    pod,
    `${list}${items(pod, service)}`,
    `${pod}---\n${service}`,
    `kind: Template\nobjects:\n${items(pod)}`,
  ];
  const damaged = fc
    .tuple(fc.constantFrom(...whole), fc.nat(900), fc.nat(12), fc.oneof(roughText, fc.constant('')))
    .map(([text, at, length, put]) => text.slice(0, at) + put + text.slice(at + length));
  fc.assert(
    fc.property(damaged, fc.nat(900), (text, at) => {
      const file = readYamlFile(text);
      for (const { outcome } of migrationsAt(file, { start: at, end: at })) {
        if (outcome.kind !== 'migrated') continue;
        const changed = readYamlFile(applyEdits(text, outcome.edits()));
        const after = changed.slices.map((slice) => parseSlice(slice.text));
        const before = file.slices.map((slice) => parseSlice(slice.text));
        if (before.every(({ faults }) => faults.length === 0)) {
          expect(after.flatMap(({ faults }) => faults)).toEqual([]);
        }
      }
    }),
    // A lone return ends a line, in what comes of it as well.
    { numRuns: 300, examples: [[`${whole[0]}---\n\t\r`, 0]] },
  );
});
