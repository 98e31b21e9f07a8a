import { expect, test } from 'vitest';
import { OpenDocuments } from '#server/documents.ts';
import { KnownFiles } from '#server/known-files.ts';
import { ManifestIndex } from '#server/manifest-index.ts';

const router = (name: string) => `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata: {name: ${name}, namespace: demo}
spec:
  addresses: [{ip: 192.168.12.99/24}]
  networkInterface: {macvlan: {mode: Bridge}}
  redirect: {redirectRules: [{destinationIP: 203.0.113.25, port: 80, protocol: TCP}]}
`;

function setUp() {
  const open = new OpenDocuments();
  const files = new KnownFiles(open, () => ({ reconciler: 'unknown' }));
  const index = new ManifestIndex(files);
  const changed = () =>
    index
      .takeChanged()
      .map(({ uri, manifests }) =>
        [
          uri,
          ...manifests.map(({ name, range, object }) => `${name}@${range.start.line}${object ? '' : '?'}`),
        ].join(' '),
      );
  return { open, files, index, changed };
}

test('every router of every file is told once, with its place', () => {
  const { open, files, index, changed } = setUp();
  files.set('file:///a.yaml', `${router('one')}---\n${router('two')}`);
  files.set('file:///b.yaml', router('three'));
  open.open('file:///c.yaml', 'yaml', 1, `# first\n${router('four')}`);
  expect(changed()).toEqual([
    'file:///c.yaml four@0',
    'file:///a.yaml one@0 two@8',
    'file:///b.yaml three@0',
  ]);
  expect(changed()).toEqual([]);
  expect(index.all().map(({ uri }) => uri)).toEqual(['file:///c.yaml', 'file:///a.yaml', 'file:///b.yaml']);
});

test('only files that say something else are told again, and those that say nothing anymore', () => {
  const { files, changed } = setUp();
  files.set('file:///a.yaml', router('one'));
  files.set('file:///b.yaml', router('two'));
  changed();
  files.set('file:///a.yaml', router('one').replace('spec:', 'spec: # a comment'));
  expect(changed()).toEqual([]);
  files.set('file:///a.yaml', `# moved\n---\n${router('one')}`);
  expect(changed()).toEqual(['file:///a.yaml one@2']);
  files.set('file:///b.yaml', 'kind: Service # egress-router\n');
  expect(changed()).toEqual(['file:///b.yaml']);
  files.set('file:///a.yaml', undefined);
  expect(changed()).toEqual(['file:///a.yaml']);
});

test('a document with an error, and one that waits for its values, give no object; one without a name is none', () => {
  const { files, changed } = setUp();
  files.set('file:///a.yaml', router('one').replace('80', '{{ .port }}'));
  files.set('file:///b.yaml', router('two').replace('203.0.113.25', '203.0.113'));
  files.set('file:///c.yaml', router('').replace('name: ,', ''));
  expect(changed()).toEqual(['file:///a.yaml one@0?', 'file:///b.yaml two@0?']);
});
