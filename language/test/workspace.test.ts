import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeYamlFile, readYamlFile } from '#language/document.ts';
import { Workspace } from '#language/workspace.ts';
import { router } from './cursor.ts';

/** Each file's diagnostics: the code, the marked text, and the marked texts of the other places. */
function told(workspace: Workspace): Record<string, unknown> {
  return Object.fromEntries(
    workspace
      .uris()
      .toSorted()
      .map((uri) => [
        uri,
        workspace
          .diagnosticsOf(uri)
          .map(({ slice, diagnostic: { code, span, message }, related }) => [
            code,
            message,
            slice.start + span.start,
            slice.text.slice(span.start, span.end),
            related.map((place) => [
              place.uri,
              place.span.start,
              workspace.file(place.uri)?.text.slice(place.span.start, place.span.end),
              place.message,
            ]),
          ]),
      ]),
  );
}

function workspaceOf(files: Readonly<Record<string, string>>): Workspace {
  const workspace = new Workspace();
  for (const [uri, text] of Object.entries(files)) workspace.setFile(uri, readYamlFile(text));
  return workspace;
}

const other = router.replace('partner-api', 'other').replace('namespace: web', 'namespace: shop');

test('a problem between files names the place in the other file', () => {
  const workspace = workspaceOf({ 'b.yaml': `# later\n---\n${router}`, 'a.yaml': other });
  const [found] = workspace.diagnosticsOf('b.yaml');
  expect(found?.diagnostic.code).toBe('address-in-use');
  expect(found?.related.map(({ uri, span }) => [uri, other.slice(span.start, span.end)])).toEqual([
    ['a.yaml', '192.168.12.99/24'],
  ]);
});

test('a change tells of the files that it touches, and of those that name a place in one', () => {
  const workspace = workspaceOf({
    'a.yaml': router,
    'b.yaml': other,
    'c.yaml': router.replaceAll('12.', '14.').replace('web', 'x'),
  });
  expect([...workspace.takeChanged()].toSorted()).toEqual(['a.yaml', 'b.yaml', 'c.yaml']);
  told(workspace);
  expect([...workspace.takeChanged()]).toEqual([]);
  // The place in a.yaml has moved.
  workspace.setFile('a.yaml', readYamlFile(`# moved\n${router}`, workspace.file('a.yaml')));
  expect([...workspace.takeChanged()].toSorted()).toEqual(['a.yaml', 'b.yaml']);
  expect(told(workspace)).toEqual(
    told(
      workspaceOf({
        'a.yaml': `# moved\n${router}`,
        'b.yaml': other,
        'c.yaml': workspace.file('c.yaml')?.text ?? '',
      }),
    ),
  );
  workspace.deleteFile('b.yaml');
  expect([...workspace.takeChanged()].toSorted()).toEqual(['a.yaml', 'b.yaml']);
  expect(workspace.diagnosticsOf('a.yaml')).toEqual([]);
  workspace.setFile('c.yaml', readYamlFile('a: 1\n', workspace.file('c.yaml')));
  expect([...workspace.takeChanged()]).toEqual(['c.yaml']);
});

const patch = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: partner-api
  namespace: web
spec:
  redirect:
    redirectRules: [{port: 0, protocol: TCP, destinationIP: 203.0.113.25}]
    fallbackIP: null
`;

/** `wanted`: the codes of a file beside a kustomization. */
function checkPatch(
  kustomization: string,
  wanted: readonly string[],
  uris = ['k/patch.yaml', 'k/kustomization.yaml'],
) {
  const [uri = '', beside = ''] = uris;
  for (const order of [
    [uri, beside],
    [beside, uri],
  ]) {
    const workspace = new Workspace();
    for (const one of order) workspace.setFile(one, readYamlFile(one === uri ? patch : kustomization));
    expect(workspace.diagnosticsOf(uri).map(({ diagnostic }) => diagnostic.code)).toEqual(wanted);
  }
}

test('a patch of Kustomize need not be whole', () => {
  const whole = ['missing-field', 'out-of-range', 'wrong-type'];
  const part = ['out-of-range'];
  checkPatch('resources: [patch.yaml]\n', whole);
  checkPatch('patches:\n  - path: patch.yaml\n', part);
  checkPatch('patches:\n  - path: ./patch.yaml\n    target: {kind: EgressRouter}\n', part);
  checkPatch('patchesStrategicMerge:\n  - patch.yaml\n  - |-\n    kind: EgressRouter\n', part);
  checkPatch('patches: &p\n  - path: patch.yaml\n', part);
  checkPatch('patches:\n  - path: other.yaml\n', whole);
  checkPatch('patches: {', whole);
  checkPatch('patches:\n  - path: ../k/patch.yaml\n', part);
  checkPatch('patches:\n  - path: ../k/patch.yaml\n', part, ['k/patch.yaml', './o/kustomization.yml']);
  checkPatch('patches:\n  - path: a b.yaml\n', part, [
    'file:///c%3A/a%20b.yaml',
    'file:///C:/kustomization.yaml',
  ]);
  checkPatch('patches:\n  - path: patch.yaml\n', part, ['patch.yaml', 'kustomization.yaml']);
});

test('a patch of Kustomize says nothing of the router that others could go by, but for its addresses', () => {
  const workspace = workspaceOf({
    'base.yaml': router,
    'patch.yaml': other.replace(/  addresses:\n.*\n.*\n/, ''),
    'kustomization.yaml': 'patches:\n  - path: patch.yaml\n',
  });
  expect(Object.values(told(workspace)).flat()).toEqual([]);
  workspace.takeChanged();
  workspace.deleteFile('kustomization.yaml');
  expect([...workspace.takeChanged()].toSorted()).toEqual(['base.yaml', 'kustomization.yaml', 'patch.yaml']);
  expect(Object.values(told(workspace)).flat()).toHaveLength(1);
});

test('an address that a patch of Kustomize replaces is not compared', () => {
  const merge =
    'kind: EgressRouter\nmetadata: {name: partner-api}\nspec: {addresses: [{ip: 192.168.12.70/24}]}\n';
  const operations = '- {op: replace, path: /spec/addresses/0/ip, value: 192.168.12.70/24}\n';
  const target = 'target: {kind: EgressRouter, name: partner-api}';
  const inline = (text: string): string => JSON.stringify(text);
  const codes = (files: Readonly<Record<string, string>>) => {
    const all = Object.entries({ 'b/base.yaml': router, 'other.yaml': other, ...files });
    const found = [all, all.toReversed()].map((order) =>
      workspaceOf(Object.fromEntries(order))
        .diagnosticsOf('b/base.yaml')
        .map(({ diagnostic }) => diagnostic.code),
    );
    expect(found[1]).toEqual(found[0]);
    return found[0];
  };
  const base = { 'b/kustomization.yaml': 'resources: [base.yaml]\n' };
  const over = (patch: string) => ({
    ...base,
    'o/kustomization.yaml': `resources: [../b]\npatches:\n${patch}`,
  });
  const taken = ['address-in-use'];
  expect(codes(base)).toEqual(taken);
  expect(codes({ ...over('  - path: p.yaml\n'), 'o/p.yaml': merge })).toEqual([]);
  expect(codes(over(`  - patch: ${inline(merge)}\n`))).toEqual([]);
  expect(codes(over(`  - patch: ${inline(operations)}\n    ${target}\n`))).toEqual([]);
  expect(codes({ ...over(`  - path: p.yaml\n    ${target}\n`), 'o/p.yaml': operations })).toEqual([]);
  // Of another router, of another entry, or of none of its addresses.
  expect(codes({ ...over('  - path: p.yaml\n'), 'o/p.yaml': merge.replace('partner', 'x') })).toEqual(taken);
  expect(codes(over(`  - patch: ${inline(operations.replace('/0/', '/1/'))}\n    ${target}\n`))).toEqual(
    taken,
  );
  expect(codes(over(`  - patch: ${inline(operations.replace('0/ip', '-'))}\n    ${target}\n`))).toEqual(
    taken,
  );
  expect(codes(over('  - path: p.yaml\n'))).toEqual(taken);
  // Another overlay leaves it as it is.
  const plain = { 'plain/kustomization.yaml': 'resources: [../b]\n' };
  expect(codes({ ...over(`  - patch: ${inline(merge)}\n`), ...plain })).toEqual(taken);
});

test('a patch that changes is looked at again', () => {
  const merge =
    'kind: EgressRouter\nmetadata: {name: partner-api}\nspec: {addresses: [{ip: 192.168.12.70/24}]}\n';
  const workspace = workspaceOf({
    'base.yaml': router,
    'other.yaml': other,
    'p.yaml': merge,
    'kustomization.yaml': 'resources: [base.yaml]\npatches: [{path: p.yaml}]\n',
  });
  const count = () => workspace.diagnosticsOf('base.yaml').length;
  expect(count()).toBe(0);
  workspace.setFile('p.yaml', readYamlFile(merge.replace('addresses', 'mode')));
  expect(count()).toBe(1);
  workspace.setFile('p.yaml', readYamlFile(merge));
  expect(count()).toBe(0);
  workspace.deleteFile('p.yaml');
  expect(count()).toBe(1);
});

test('the namespace of a kustomization is that of its resources, whatever they say', () => {
  const codes = (files: Readonly<Record<string, string>>): readonly string[] => {
    const workspace = new Workspace();
    const service =
      'apiVersion: v1\nkind: Service\nmetadata: {name: b, namespace: shop}\nspec:\n' +
      '  selector: {app: egress-router-cni}\n  ports: [{port: 8081}]\n';
    const all = { 'k/a.yaml': router, 'k/b.yaml': service, ...files };
    for (const [uri, text] of Object.entries(all)) workspace.setFile(uri, readYamlFile(text));
    return workspace.diagnosticsOf('k/b.yaml').map(({ diagnostic: { code } }) => code);
  };
  const both = 'resources:\n  - a.yaml\n  - b.yaml\n';
  const known = ['service-port-without-rule'];
  expect(codes({ 'k/kustomization.yaml': both })).toEqual([]);
  expect(codes({ 'k/kustomization.yaml': `namespace: prod\n${both}` })).toEqual(known);
  const base = { 'k/kustomization.yaml': both };
  const overlay = 'namespace: prod\nresources:\n  - ../k\n';
  expect(codes({ ...base, 'prod/kustomization.yaml': overlay })).toEqual(known);
  expect(codes({ ...base, 'prod/kustomization.yaml': overlay.replace('resources', 'bases') })).toEqual(known);
  // Which of two is meant is not known, nor whether one is whose kustomizations lead round.
  expect(codes({ ...base, 'a/kustomization.yaml': overlay, 'b/kustomization.yaml': overlay })).toEqual([]);
  const round = {
    'k/kustomization.yaml': `${both}  - ../o/\n`,
    'o/kustomization.yaml': 'resources: [../k]\n',
  };
  expect(codes(round)).toEqual([]);
});
test('the resources of one kustomization go into one namespace', () => {
  const untold = router.replace('  namespace: web\n', '');
  const service =
    'apiVersion: v1\nkind: Service\nmetadata: {name: partner-api}\nspec: {selector: {app: egress-router-cni}, ports: [{name: a, port: 1}, {name: b, port: 8080}]}\n';
  const codes = (files: Readonly<Record<string, string>>) =>
    workspaceOf({ 'k/a.yaml': untold, 'k/b.yaml': service, ...files })
      .diagnosticsOf('k/b.yaml')
      .map(({ diagnostic }) => diagnostic.code);
  const both = 'resources:\n  - a.yaml\n  - b.yaml\n';
  expect(codes({})).toEqual([]);
  expect(codes({ 'k/kustomization.yaml': both })).toEqual(['service-port-without-rule']);
  expect(codes({ 'k/a.yaml': router, 'k/kustomization.yaml': both })).toEqual(['service-port-without-rule']);
  expect(codes({ 'k/kustomization.yaml': 'resources:\n  - b.yaml\n' })).toEqual([]);
  // Of two, it may be applied by either.
  expect(
    codes({ 'k/kustomization.yaml': both, 'o/kustomization.yaml': 'resources: [../k/a.yaml]\n' }),
  ).toEqual([]);
});

const documents = [
  '- {op: replace, path: /spec/addresses/0/ip, value: 192.168.12.99/24}\n',
  router,
  other,
  router.replace('namespace: web', 'namespace: shop'),
  router.replace('  namespace: web\n', ''),
  router.replace('12.1\n', '13.1\n'),
  router.replace('192.168.12.99/24', '{{ .Values.ip }}'),
  router.replace('TCP', '"TCP'),
  'kind: [\n',
  'a: 1\n',
  `apiVersion: v1
kind: Service
metadata: {name: partner-api, namespace: web}
spec:
  selector: {app: egress-router-cni}
  ports: [{port: 8080, protocol: TCP}, {port: 9090}]
`,
  `apiVersion: v1
kind: Service
metadata: {name: partner-api}
spec:
  selector: {app: egress-router-cni}
  ports: [{port: 9091}]
`,
  `apiVersion: v1
kind: List
items:
  - ${router.replaceAll('\n', '\n    ').trim()}
  - ${other.replaceAll('\n', '\n    ').trim()}
`,
];
const uris = ['a.yaml', 'b.yaml', 'c.yaml'] as const;
const fileText = fc.array(fc.constantFrom(...documents), { maxLength: 5 }).map((all) => all.join('---\n'));
const kustomization = fc.constantFrom(
  'namespace: shop\nresources:\n  - a.yaml\n',
  'patches:\n  - path: a.yaml\n',
  'patchesStrategicMerge: [b.yaml, ./a.yaml]\n',
  'resources: [a.yaml]\n',
  'resources: [a.yaml, b.yaml]\npatches: [{path: c.yaml}]\n',
  `resources: [a.yaml]\npatches: [{path: c.yaml}, {patch: ${JSON.stringify(other)}}]\n`,
  `patches: [{path: c.yaml, target: {name: other}}, {patch: ${JSON.stringify(router)}}]\n`,
);
const step = fc.oneof(
  fc.record({
    kind: fc.constant('set' as const),
    uri: fc.constant('kustomization.yaml'),
    text: kustomization,
  }),
  fc.record({ kind: fc.constant('delete' as const), uri: fc.constant('kustomization.yaml') }),
  fc.record({ kind: fc.constant('set' as const), uri: fc.constantFrom(...uris), text: fileText }),
  fc.record({ kind: fc.constant('delete' as const), uri: fc.constantFrom(...uris) }),
  fc.record({ kind: fc.constant('ask' as const), uri: fc.constantFrom(...uris) }),
  fc.record({
    kind: fc.constant('change' as const),
    uri: fc.constantFrom(...uris),
    at: fc.nat(),
    length: fc.nat(300),
    put: fc.oneof(fc.constantFrom('', 'x', '\n', '---\n', '...\n', '{{'), fileText),
  }),
);

test('what is told depends on the files as they are, not on what they were', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const workspace = new Workspace();
      let before: Record<string, unknown> = {};
      for (const one of [...steps, { kind: 'ask' as const, uri: 'a.yaml' }]) {
        const { uri } = one;
        const file = workspace.file(uri);
        if (one.kind === 'set') workspace.setFile(uri, readYamlFile(one.text, file));
        if (one.kind === 'delete') workspace.deleteFile(uri);
        if (one.kind === 'change' && file !== undefined) {
          const start = one.at % (file.text.length + 1);
          const end = Math.min(file.text.length, start + one.length);
          const text = file.text.slice(0, start) + one.put + file.text.slice(end);
          const change = { before: { start, end }, end: start + one.put.length };
          workspace.setFile(uri, changeYamlFile(file, text, change));
        }
        if (one.kind !== 'ask') continue;
        const now = told(workspace);
        const texts = workspace.uris().map((known) => [known, workspace.file(known)?.text ?? '']);
        expect(now).toEqual(told(workspaceOf(Object.fromEntries(texts))));
        const changed = workspace.takeChanged();
        for (const known of uris) if (!changed.has(known)) expect(now[known]).toEqual(before[known]);
        before = now;
        found += Object.values(now).flat().length;
      }
    }),
    { numRuns: 260 },
  );
  expect(found).toBeGreaterThan(200);
});
