import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { readYamlFile } from '#language/document.ts';
import { OpenDocuments } from '#server/documents.ts';

const uri = 'file:///a.yaml';
const router = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata: {name: a}
spec: {addresses: [], redirect: {}}
`;

test('what is known of a document is always of its last text', () => {
  const edit = fc.record({
    at: fc.nat(600),
    length: fc.nat(60),
    text: fc.constantFrom('', 'x', '\n', '---\n', '...\n', '{{', '  name: b\n', router),
  });
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 8 }), (edits) => {
      const documents = new OpenDocuments();
      documents.open(uri, 'yaml', 1, `${router}---\na: 1\n---\n${router}`);
      for (const [index, { at, length, text }] of edits.entries()) {
        const before = documents.get(uri)?.text;
        if (before === undefined) throw new Error('The document is open');
        const range = { start: before.positionAt(at), end: before.positionAt(at + length) };
        // Positions outside of the text, ends the wrong way round, two changes of one version, whole texts.
        const odd = { start: { line: 99, character: 3 }, end: { line: at % 9, character: 999 } };
        const changes = [
          ...(at % 5 === 0 ? [{ range: odd, text: '' }] : []),
          ...(at % 11 === 0 ? [{ text: `${text}---\n${router}` }] : []),
          { range, text },
        ];
        documents.change(uri, changes, index + 2);
        if (length % 3 === 0) documents.get(uri);
      }
      const now = documents.get(uri);
      expect(now?.file).toEqual(readYamlFile(now?.text.getText() ?? ''));
      expect(now?.text.version).toBe(edits.length + 1);
    }),
    { numRuns: 100 },
  );
});

test('a text is read once for each version', () => {
  const documents = new OpenDocuments();
  documents.open(uri, 'yaml', 1, router);
  expect(documents.get(uri)?.file).toBe(documents.get(uri)?.file);
  documents.change(uri, [{ text: 'a: 1' }], 2);
  expect(documents.versionOf(uri)).toBe(2);
  expect(documents.get(uri)?.file.text).toBe('a: 1');
});

test('what is not open is not known', () => {
  const documents = new OpenDocuments();
  expect(documents.get(uri)).toBeUndefined();
  expect(documents.change(uri, [{ text: 'a' }], 2)).toBe(false);
  documents.open(uri, 'yaml', 1, router);
  documents.close(uri);
  expect(documents.versionOf(uri)).toBeUndefined();
});

test('positions are those of the editor', () => {
  // UTF-16: the emoji counts two.
  const documents = new OpenDocuments();
  documents.open(uri, 'yaml', 1, '# 😀\na: 1\n');
  const insert = { start: { line: 0, character: 4 }, end: { line: 0, character: 4 } };
  documents.change(uri, [{ range: insert, text: '!' }], 2);
  expect(documents.get(uri)?.text.getText()).toBe('# 😀!\na: 1\n');
  expect(TextDocument.create(uri, 'yaml', 1, '😀x').positionAt(2)).toEqual({ line: 0, character: 2 });
});
