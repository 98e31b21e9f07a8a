import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import {
  type CodeLens,
  type CompletionList,
  commands,
  type Hover,
  languages,
  MarkdownString,
  Position,
  SnippetString,
  window,
  workspace,
} from 'vscode';
import { activateExtension, openText, routerYaml, until } from './editor.ts';

suite('language', () => {
  test('a gateway outside the subnet is underlined, and no longer once it is mended', async () => {
    await activateExtension();
    const { editor } = await openText(routerYaml.replace('gateway: 192.168.12.1', 'gateway: 10.0.0.1'));
    const { document } = editor;
    const found = await until('diagnostic', () => {
      const all = languages.getDiagnostics(document.uri);
      return all.length > 0 ? all : undefined;
    });
    assert.deepEqual(
      found.map(({ code, range }) => [codeOf(code), document.getText(range)]),
      [['gateway-outside-subnet', '10.0.0.1']],
    );
    const [first] = found;
    assert.ok(first);
    await editor.edit((edit) => {
      edit.replace(first.range, '192.168.12.1');
    });
    await until('end of the diagnostic', () =>
      languages.getDiagnostics(document.uri).length === 0 ? true : undefined,
    );
  });

  test('completion offers the values of a field', async () => {
    const { editor, cursor } = await openText(routerYaml.replace('protocol: TCP', 'protocol: |'));
    const labels = await until('completion', async () => {
      const list: CompletionList = await commands.executeCommand(
        'vscode.executeCompletionItemProvider',
        editor.document.uri,
        cursor,
      );
      const all = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      return all.includes('SCTP') ? all : undefined;
    });
    assert.ok(labels.includes('TCP') && labels.includes('UDP'), labels.join());
  });

  test('in an empty file whole manifests are all that is offered, with the next free address', async () => {
    await openText(routerYaml);
    // A second one: the words of the first would be offered here.
    const document = await workspace.openTextDocument({ language: 'yaml', content: '' });
    await window.showTextDocument(document);
    const items = await until('completion', async () => {
      const list: CompletionList = await commands.executeCommand(
        'vscode.executeCompletionItemProvider',
        document.uri,
        new Position(0, 0),
      );
      return list.items.length > 0 ? list.items : undefined;
    });
    assert.deepEqual(
      items.map(({ label }) => (typeof label === 'string' ? [label] : [label.label, label.description])),
      [
        ['egress-router', 'EgressRouter'],
        ['egress-router-dual-stack', 'EgressRouter for IPv4 and IPv6'],
        ['egress-router-service', 'Service of an EgressRouter'],
        ['egress-router-nad', 'NetworkAttachmentDefinition'],
      ],
    );
    const [{ insertText } = {}] = items;
    assert.ok(insertText instanceof SnippetString);
    assert.match(insertText.value, /ip: \$\{2:192\.168\.12\.100\/24\}/);
  });

  test('hover explains a field', async () => {
    const { editor, cursor } = await openText(routerYaml.replace('gateway', 'gate|way'));
    const text = await until('hover', async () => {
      const hovers: Hover[] = await commands.executeCommand(
        'vscode.executeHoverProvider',
        editor.document.uri,
        cursor,
      );
      const contents = hovers.flatMap((hover) => hover.contents);
      const texts = contents.map((part) =>
        part instanceof MarkdownString ? part.value : JSON.stringify(part),
      );
      return texts.length > 0 ? texts.join('\n') : undefined;
    });
    assert.match(text, /next hop|gateway/i);
  });

  test('a router carries lenses to deploy, compare, expose and tear it down', async () => {
    const { editor } = await openText(routerYaml);
    const found = await until('lenses', async () => {
      const lenses: CodeLens[] = await commands.executeCommand(
        'vscode.executeCodeLensProvider',
        editor.document.uri,
      );
      return lenses.length > 0 ? lenses.map(({ command }) => command?.command) : undefined;
    });
    assert.deepEqual(found, [
      'egressRouter.deploy',
      'egressRouter.diff',
      'egressRouter.expose',
      'egressRouter.teardown',
    ]);
  });
});

function codeOf(code: unknown): unknown {
  return typeof code === 'object' && code !== null && 'value' in code ? code.value : code;
}
