import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { readYamlFile } from '#language/document.ts';
import type { Diagnostic } from '#language/features/checks/diagnostic.ts';
import { toCompletionItem, toLspDiagnostic } from '#server/convert.ts';

const text = TextDocument.create('file:///a.yaml', 'yaml', 1, 'ip: 1\n');

const client = {
  takesSnippets: true,
  takesItemMarkdown: true,
  takesLabelDetails: true,
  hasCommands: false,
};

/** `wanted`: what is inserted for a client that knows snippets, and for one that does not. */
function check(snippet: string, wanted: readonly [snippet: string, plain: string]): void {
  test(snippet, () => {
    const completion = {
      label: 'x',
      kind: 'value',
      documentation: 'y',
      span: { start: 4, end: 5 },
      snippet,
    } as const;
    const taken = [true, false].map((takesSnippets) => {
      const { textEdit, insertTextFormat } = toCompletionItem(text, completion, 0, {
        ...client,
        takesSnippets,
      });
      expect(textEdit).toMatchObject({
        range: { start: { line: 0, character: 4 }, end: { line: 0, character: 5 } },
      });
      expect(insertTextFormat).toBe(takesSnippets ? 2 : 1);
      return textEdit?.newText;
    });
    expect(taken).toEqual(wanted);
  });
}

check('TCP', ['TCP', 'TCP']);
check('ip: $1\ngateway: $2', ['ip: $1\ngateway: $2', 'ip: \ngateway: ']);
check('${1:192.168.12.99}/${2:24}', ['${1:192.168.12.99}/${2:24}', '192.168.12.99/24']);
check('protocol: ${5|TCP,UDP|}\n$0', ['protocol: ${5|TCP,UDP|}\n$0', 'protocol: TCP\n']);
check('\\$x \\}', ['\\$x \\}', '$x }']);

test('clients keep our order', () => {
  const completion = {
    label: 'x',
    kind: 'field',
    documentation: '',
    span: { start: 0, end: 0 },
    snippet: 'x',
  } as const;
  const sortTexts = [0, 9, 10, 100].map(
    (index) => toCompletionItem(text, completion, index, client).sortText ?? '',
  );
  expect(sortTexts).toEqual(sortTexts.toSorted());
});

test('a finding is as grave as it is said to be, and what may go or is outdated is drawn as that', () => {
  const [slice] = readYamlFile(text.getText()).slices;
  if (slice === undefined) throw new Error('There is no document');
  const shown = (
    code: Diagnostic['code'],
    severity: Diagnostic['severity'],
    takesTags: boolean,
  ): readonly unknown[] => {
    const diagnostic = { code, severity, span: { start: 4, end: 5 }, message: 'x', related: [], fixes: [] };
    const all = { documentation: undefined, takesCodeDescription: true, takesRelatedPlaces: true, takesTags };
    const { severity: grade, tags, source } = toLspDiagnostic(text, slice, diagnostic, all);
    return [source, grade, tags];
  };
  expect(shown('no-address', 'error', true)).toEqual(['egress-router', 1, undefined]);
  expect(shown('outdated-field', 'warning', true)).toEqual(['egress-router', 2, [2]]);
  expect(shown('target-port-repeats-port', 'information', true)).toEqual(['egress-router', 3, [1]]);
  expect(shown('fallback-repeats-rule', 'information', true)).toEqual(['egress-router', 3, [1]]);
  expect(shown('fallback-repeats-rule', 'information', false)).toEqual(['egress-router', 3, undefined]);
});
