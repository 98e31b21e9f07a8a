// Beside an extension that answers as Red Hat's does, with a Kubernetes schema for all YAML: each thing once.
import assert from 'node:assert/strict';
import { suite, suiteSetup, test } from 'mocha';
import {
  CompletionItemKind,
  type CompletionList,
  commands,
  type Diagnostic,
  type DocumentSymbol,
  extensions,
  type Hover,
  languages,
  MarkdownString,
  type TextDocument,
  type TextEdit,
} from 'vscode';
import { activateExtension, openText, routerYaml, until } from '../suite/editor.ts';

suite('beside another YAML extension', () => {
  suiteSetup(async () => {
    const ids = extensions.all.map(({ id }) => id).filter((id) => !id.startsWith('vscode.'));
    assert.ok(extensions.getExtension('redhat.vscode-yaml'), `The neighbor is not among ${ids.join()}`);
    await activateExtension();
  });

  test('a finding of ours stands alone: the neighbor no longer takes the kind for an error', async () => {
    const { editor } = await openText(routerYaml.replace('gateway: 192.168.12.1', 'gateway: 10.0.0.1'));
    await ours(editor.document);
    await editor.edit((edit) => edit.insert(editor.document.positionAt(0), '# web\n'));
    const all = await until('one finding', () => {
      const found = languages.getDiagnostics(editor.document.uri);
      return found.length === 1 ? found : undefined;
    });
    assert.deepEqual(all.map(codeOf), ['gateway-outside-subnet']);
  });

  test('a fault of YAML that the neighbor tells is not told twice', async () => {
    const { editor } = await openText(routerYaml.replace('  mode: Redirect', '\tmode: Redirect'));
    await ours(editor.document);
    const all = await until('word of the neighbor', () => {
      const found = languages.getDiagnostics(editor.document.uri);
      return found.some(({ source }) => source === 'YAML') ? found : undefined;
    });
    assert.deepEqual(
      all.map((one) => [one.source, codeOf(one)]),
      [['YAML', undefined]],
    );
  });

  test('in a file with other objects the neighbor keeps its schema', async () => {
    const { editor } = await openText(`${routerYaml}---\nkind: ConfigMap\n`);
    await until('word of the neighbor', () =>
      languages
        .getDiagnostics(editor.document.uri)
        .find(({ source }) => source === 'yaml-schema: Kubernetes'),
    );
  });

  test('completion proposes each field once', async () => {
    const { editor, cursor } = await openText(routerYaml.replace('  mode: Redirect\n', '  |\n'));
    await ours(editor.document);
    const list: CompletionList = await commands.executeCommand(
      'vscode.executeCompletionItemProvider',
      editor.document.uri,
      cursor,
    );
    // Words of the text are VS Code's own, where nobody proposes anything.
    const proposed = list.items.filter(({ kind }) => kind !== CompletionItemKind.Text);
    const labels = proposed.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('mode'), labels.join());
    assert.ok(!labels.includes('metadata'), labels.join());
    assert.equal(new Set(labels).size, labels.length, labels.join());
  });

  test('hover says one thing', async () => {
    const { editor, cursor } = await openText(routerYaml.replace('gateway', 'gate|way'));
    const hovers = await until('hover', async () => {
      const found: Hover[] = await commands.executeCommand(
        'vscode.executeHoverProvider',
        editor.document.uri,
        cursor,
      );
      return found.length > 0 ? found : undefined;
    });
    assert.equal(hovers.length, 1);
    assert.doesNotMatch(textOf(hovers), /Source: Kubernetes/);
  });

  test('the outline is the neighbor’s', async () => {
    const { editor } = await openText(routerYaml);
    const symbols = await until('outline', async () => {
      const found: DocumentSymbol[] | undefined = await commands.executeCommand(
        'vscode.executeDocumentSymbolProvider',
        editor.document.uri,
      );
      return found !== undefined && found.length > 0 ? found : undefined;
    });
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['apiVersion', 'kind', 'metadata', 'spec'],
    );
  });

  test('one formatter is left', async () => {
    const { editor } = await openText(routerYaml);
    const edits: TextEdit[] = await commands.executeCommand(
      'vscode.executeFormatDocumentProvider',
      editor.document.uri,
      { tabSize: 2, insertSpaces: true },
    );
    assert.deepEqual(
      edits.map(({ newText }) => newText),
      ['# formatted\n'],
    );
  });
});

/** Waits until our server has looked at the document: by its own answer, not by a diagnostic. */
async function ours({ uri }: TextDocument): Promise<void> {
  await until('answer of the server', async () => {
    const lenses: unknown[] = await commands.executeCommand('vscode.executeCodeLensProvider', uri);
    return lenses.length > 0 ? true : undefined;
  });
}

function codeOf({ code }: Diagnostic): unknown {
  return typeof code === 'object' ? code.value : code;
}

function textOf(hovers: readonly Hover[]): string {
  return hovers
    .flatMap(({ contents }) => contents)
    .map((part) => (part instanceof MarkdownString ? part.value : JSON.stringify(part)))
    .join('\n');
}
