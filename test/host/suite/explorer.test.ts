// The view of the cluster as a person arranges it: grouped, filtered, beside the manifests of the workspace.
import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import { commands, languages, TabInputTextDiff, TextEditorRevealType, window } from 'vscode';
import type { TestApi } from '#client/extension.ts';
import type { TreeNode } from '#client/tree/tree-node.ts';
import { answerWith } from './answers.ts';
import { activateExtension, closeEditors, openText, routerYaml, until } from './editor.ts';

const slowMs = 90_000;

suite('explorer', function () {
  this.timeout(slowMs + 10_000);
  let api: TestApi;

  suiteSetup(async () => {
    api = await activateExtension();
    await commands.executeCommand('egressRouters.focus');
    answerWith(api, {});
    await openText(routerYaml);
    await commands.executeCommand('egressRouter.deploy');
    await openText(other);
    await commands.executeCommand('egressRouter.deploy');
    await until('rows of both routers', () => (labels(api).length === 2 ? true : undefined), slowMs);
  });

  suiteTeardown(async () => {
    answerWith(api, {});
    await commands.executeCommand('egressRouter.clearFilter');
    await commands.executeCommand('egressRouter.showFlat');
    for (const name of ['egress-a', 'egress-b']) {
      const row = await until(`row of ${name}`, () => routerRows(api).find(({ label }) => label === name));
      await commands.executeCommand('egressRouter.teardown', row);
    }
    await until('empty list', () => (api.sidebar()?.welcome === 'empty' ? true : undefined), slowMs);
    await closeEditors();
  });

  test('Group by Namespace puts the routers below their namespaces, which say how many fare how', async () => {
    await commands.executeCommand('egressRouter.groupByNamespace');
    const group = await until('row of the namespace', () => topRows(api).find(({ id }) => id === 'demo/'));
    assert.match(group.description ?? '', /^\d \w+/);
    assert.deepEqual(labels(api), ['egress-a', 'egress-b']);
  });

  test('Show in View finds the row of a router below its namespace', async () => {
    // The row that is selected is proposed first: that of the router that was deployed last.
    answerWith(api, { pick: 'egress-a' });
    await commands.executeCommand('egressRouter.reveal');
    await until('selected row', () => (api.selection().join() === 'demo/egress-a' ? true : undefined));
  });

  test('Show as Flat List takes the namespaces away again', async () => {
    await commands.executeCommand('egressRouter.showFlat');
    await until('flat list', () => (topRows(api).some(({ id }) => id === 'demo/') ? undefined : true));
    assert.deepEqual(labels(api), ['egress-a', 'egress-b']);
  });

  test('Filter leaves out routers while it is typed, says so, and Show in View ends it', async () => {
    const texts: (string | undefined)[] = [];
    Object.assign(api.dialogs, {
      typed: async ({ onChange }) => {
        for (const text of ['egress', 'egress-b 203.0.113']) {
          onChange(text);
          await until(`filter ${text}`, () => (api.sidebar()?.filter === text ? true : undefined));
          texts.push(api.sidebar()?.message);
        }
      },
    } satisfies Partial<TestApi['dialogs']>);
    await commands.executeCommand('egressRouter.filter');
    assert.deepEqual(texts, [
      'Filter "egress": 2 of 2 routers.',
      'Filter "egress-b 203.0.113": 1 of 2 routers.',
    ]);
    assert.deepEqual(labels(api), ['egress-b']);
    await openText(routerYaml);
    await commands.executeCommand('egressRouter.reveal');
    await until('all rows', () => (labels(api).length === 2 ? true : undefined));
    await until('selected row', () => (api.selection().join() === 'demo/egress-a' ? true : undefined));
  });

  test('Clear Filter shows all again', async () => {
    Object.assign(api.dialogs, {
      typed: async ({ onChange }) => onChange('nothing like it'),
    } satisfies Partial<TestApi['dialogs']>);
    await commands.executeCommand('egressRouter.filter');
    const row = await until('row Clear Filter', () =>
      topRows(api).find(({ command }) => command?.id === 'egressRouter.clearFilter'),
    );
    assert.ok(row.command);
    await commands.executeCommand(row.command.id);
    await until('all rows', () => (labels(api).length === 2 ? true : undefined));
  });

  test('below a router stands where it is written, in step or not, and a click leads there', async () => {
    const { editor } = await openText(`# of the web team\n---\n${routerYaml}`);
    const editorName = editor.document.uri.path;
    // Texts of other suites may be open still.
    const own = () => manifestRows(api, 'egress-a').filter((row) => row.description?.includes(editorName));
    const step = (text: string) =>
      until(`manifest ${text}`, () => own().find((row) => row.description?.startsWith(text)));
    const inStep = await step('in step');
    editor.revealRange(editor.document.lineAt(0).range, TextEditorRevealType.AtTop);
    assert.equal(inStep.command?.id, 'egressRouter.openManifest');
    await commands.executeCommand('egressRouter.openManifest', inStep);
    assert.equal(window.activeTextEditor?.selection.active.line, 2);
    const at = editor.document.getText().indexOf('targetPort: 80') + 'targetPort: 80'.length;
    await editor.edit((edit) => edit.insert(editor.document.positionAt(at), '81'));
    const drifted = await step('drifted');
    assert.ok(drifted.command);
    await commands.executeCommand(drifted.command.id, drifted.command.argument);
    await until('diff', () =>
      window.tabGroups.activeTabGroup.activeTab?.input instanceof TabInputTextDiff ? true : undefined,
    );
    await closeEditors();
    await until('end of the row', () => (own().length === 0 ? true : undefined));
    assert.deepEqual(languages.getDiagnostics(editor.document.uri), []);
  });
});

const other = routerYaml.replace('egress-a', 'egress-b').replace('192.168.12.99', '192.168.12.98');

function topRows(api: TestApi): readonly TreeNode[] {
  return api.sidebar()?.nodes ?? [];
}

function routerRows(api: TestApi): readonly TreeNode[] {
  return topRows(api)
    .flatMap((row) => (row.id.endsWith('/') ? (row.children?.() ?? []) : [row]))
    .filter(({ router }) => router !== undefined);
}

function labels(api: TestApi): readonly string[] {
  return routerRows(api)
    .map(({ label }) => label)
    .toSorted();
}

function manifestRows(api: TestApi, name: string): readonly TreeNode[] {
  const router = routerRows(api).find(({ label }) => label === name);
  return (router?.children?.() ?? []).filter(({ label }) => label === 'Manifest');
}
