import { expect, test } from 'vitest';
import { OpenDocuments } from '#server/documents.ts';
import { isLookedForBelow, KnownFiles } from '#server/known-files.ts';

const router = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata: {name: a}
spec: {addresses: [], redirect: {}}
`;

function knownFiles(): { open: OpenDocuments; files: KnownFiles; uris: () => readonly string[] } {
  const open = new OpenDocuments();
  const files = new KnownFiles(open, () => ({ reconciler: 'unknown' }));
  return { open, files, uris: () => files.all().map(({ uri }) => uri) };
}

test('only files that concern egress routers are kept, and only what is new is news', () => {
  const { files, uris } = knownFiles();
  expect(files.set('file:///a.yaml', router)).toBe(true);
  expect(files.set('file:///a.yaml', router)).toBe(false);
  expect(files.set('file:///b.yaml', 'kind: Pod')).toBe(false);
  expect(files.set('file:///c.yaml', '# EgressRouter network.operator.openshift.io')).toBe(false);
  expect(uris()).toEqual(['file:///a.yaml']);
  expect(files.facts().map(({ name }) => name)).toEqual(['a']);
  expect(files.set('file:///a.yaml', undefined)).toBe(true);
  expect(uris()).toEqual([]);
});

test('a kustomization that names files is kept', () => {
  const { files, uris } = knownFiles();
  const text = 'patches:\n  - path: a.yaml\n';
  expect(files.set('file:///k/kustomization.yaml', text)).toBe(true);
  expect(files.set('file:///k/kustomization.yaml', text)).toBe(false);
  expect(files.set('file:///k/other.yaml', text)).toBe(false);
  expect(uris()).toEqual(['file:///k/kustomization.yaml']);
  expect(files.set('file:///k/kustomization.yaml', 'namespace: web\n')).toBe(true);
  expect(uris()).toEqual([]);
});

test('operations of JSON 6902 are kept: a kustomization may give them', () => {
  const { files, uris } = knownFiles();
  expect(files.set('file:///k/p.json', '[{"op": "replace", "path": "/spec/addresses/0/ip"}]')).toBe(true);
  expect(files.set('file:///k/q.json', '[{"path": "/spec/addresses/0/ip"}]')).toBe(false);
  expect(uris()).toEqual(['file:///k/p.json']);
});

test('an open document stands for its file, however its URI is written', () => {
  const { open, files, uris } = knownFiles();
  files.set('file:///C:/x/a%20b.yaml', router);
  open.open('file:///c%3A/x/a b.yaml', 'yaml', 1, router.replace('name: a', 'name: b'));
  expect(files.facts().map(({ name }) => name)).toEqual(['b']);
  expect(uris()).toEqual(['file:///c%3A/x/a b.yaml']);
  open.close('file:///c%3A/x/a b.yaml');
  expect(files.facts().map(({ name }) => name)).toEqual(['a']);
});

test('what lies below a folder that was closed is forgotten', () => {
  const { files, uris } = knownFiles();
  for (const uri of ['file:///one/a.yaml', 'file:///one-more/a.yaml', 'file:///two/a.yaml'])
    files.set(uri, router);
  expect(files.deleteBelow('file:///one')).toBe(true);
  expect(files.deleteBelow('file:///one/')).toBe(false);
  expect(uris()).toEqual(['file:///one-more/a.yaml', 'file:///two/a.yaml']);
});

test.each([
  ['file:///one/a.yaml', true],
  ['file:///one/deep/a.yaml', true],
  ['file:///one-more/a.yaml', false],
  ['file:///tmp/a.yaml', false],
  ['file:///one/node_modules/x/a.yaml', false],
  ['file:///one/.cache/a.yaml', false],
  ['untitled:Untitled-1', false],
])('%s is looked for below file:///one: %s', (uri, isLookedFor) => {
  expect(isLookedForBelow('file:///one', uri)).toBe(isLookedFor);
  expect(isLookedForBelow('file:///one/', uri)).toBe(isLookedFor);
});

test('a folder that is hidden itself is looked into', () => {
  expect(isLookedForBelow('file:///home/.config/x', 'file:///home/.config/x/a%20b.yaml')).toBe(true);
  expect(isLookedForBelow('file:///c%3A/x', 'file:///C:/x/a.yaml')).toBe(true);
});
