// What the language server gives, as VS Code draws and applies it.
import assert from 'node:assert/strict';
import { suite, suiteSetup, test } from 'mocha';
import {
  type CodeAction,
  CodeActionKind,
  type CodeLens,
  commands,
  type Diagnostic,
  EventEmitter,
  type FileChangeEvent,
  type FileSystemProvider,
  FileType,
  type InlayHint,
  languages,
  type Position,
  Range,
  TabInputTextDiff,
  type TextDocument,
  Uri,
  type WorkspaceEdit,
  window,
  workspace,
} from 'vscode';
import type { TestApi } from '#client/extension.ts';
import { answerWith } from './answers.ts';
import { activateExtension, closeEditors, openText, routerYaml, until } from './editor.ts';

const lowerCase = routerYaml.replace('protocol: TCP', 'protocol: tcp');

const legacyYaml = `apiVersion: v1
kind: Pod
metadata:
  name: egress-1
  namespace: demo
  labels:
    name: egress-1
  annotations:
    pod.network.openshift.io/assign-macvlan: "true"
spec:
  initContainers:
    - name: egress-router
      image: registry.redhat.io/openshift4/ose-egress-router
      securityContext:
        privileged: true
      env:
        - name: EGRESS_SOURCE
          value: 192.168.12.99/24
        - name: EGRESS_GATEWAY
          value: 192.168.12.1
        - name: EGRESS_DESTINATION
          value: 203.0.113.25
        - name: EGRESS_ROUTER_MODE
          value: init
  containers:
    - name: wait
      image: registry.redhat.io/openshift4/ose-pod
`;

suite('editing', () => {
  let api: TestApi;
  suiteSetup(async () => {
    api = await activateExtension();
  });

  test('a quick fix mends what it stands on', async () => {
    const { editor } = await openText(lowerCase);
    const { document } = editor;
    const [diagnostic] = await diagnosticsOf(document);
    assert.ok(diagnostic);
    assert.equal(codeOf(diagnostic), 'protocol-lower-case');
    const actions: CodeAction[] = await commands.executeCommand(
      'vscode.executeCodeActionProvider',
      document.uri,
      diagnostic.range,
      CodeActionKind.QuickFix.value,
    );
    const action = actions.find(({ title }) => title === 'Use TCP');
    assert.ok(action?.edit, actions.map(({ title }) => title).join());
    await workspace.applyEdit(action.edit);
    assert.equal(document.getText(), routerYaml);
    await until('end of the diagnostic', () =>
      languages.getDiagnostics(document.uri).length === 0 ? true : undefined,
    );
  });

  test('Fix All mends all that is certain', async () => {
    const { editor } = await openText(lowerCase);
    await diagnosticsOf(editor.document);
    await commands.executeCommand('egressRouter.fixAll');
    await until('mended text', () => (editor.document.getText() === routerYaml ? true : undefined));
  });

  test('the code of a finding leads to its page in the package', async () => {
    const { editor } = await openText(lowerCase);
    const [diagnostic] = await diagnosticsOf(editor.document);
    assert.ok(typeof diagnostic?.code === 'object');
    const { target } = diagnostic.code;
    assert.equal(
      decodeURIComponent(target.toString()),
      'command:egressRouter.explain?["protocol-lower-case"]',
    );
    await commands.executeCommand(target.path, ...JSON.parse(target.query));
    const isOpen = () =>
      window.tabGroups.activeTabGroup.activeTab?.label.includes('protocol-lower-case.md') === true;
    await until('preview of the page', () => isOpen() || undefined);
    await commands.executeCommand('workbench.action.closeActiveEditor');
  });

  test('defaults in force are drawn as hints', async () => {
    const { editor } = await openText(routerYaml.replace('  mode: Redirect\n', ''));
    const { document } = editor;
    const hints = await until('inlay hints', async () => {
      const found: InlayHint[] = await commands.executeCommand(
        'vscode.executeInlayHintProvider',
        document.uri,
        document.validateRange(editor.visibleRanges[0] ?? editor.selection),
      );
      return found.length > 0 ? found : undefined;
    });
    const labels = hints.map(({ label }) =>
      typeof label === 'string' ? label : label.map(({ value }) => value).join(''),
    );
    assert.ok(
      labels.some((label) => label.includes('Redirect')),
      labels.join(' | '),
    );
  });

  test('a router is renamed together with its Service', async () => {
    const service = `---
apiVersion: v1
kind: Service
metadata:
  name: egress-a
  namespace: demo
spec:
  selector:
    app: egress-router-cni
  ports:
    - port: 8080
`;
    const { editor, cursor } = await openText(
      `${routerYaml.replace('name: egress-a', 'name: egress-|a')}${service}`,
    );
    const edit = await until('edits of the rename', () => rename(editor.document, cursor, 'partner'));
    const edits = edit.entries().flatMap(([, each]) => each);
    assert.ok(edits.length >= 1);
    await workspace.applyEdit(edit);
    assert.match(editor.document.getText(), /kind: EgressRouter\nmetadata:\n {2}name: partner\n/);
  });

  test('a router of OpenShift SDN is shown as what it becomes, and changed when that is applied', async () => {
    const told = answerWith(api, { action: 'Apply' });
    const { editor } = await openText(legacyYaml);
    await commands.executeCommand('egressRouter.migrate');
    await until('migrated text', () =>
      /kind: EgressRouter/.test(editor.document.getText()) ? true : undefined,
    );
    assert.match(
      told.map(({ text }) => text).join(),
      /^Pod "egress-1" in namespace "demo" can become what is shown\..* \d lost, /,
    );
    assert.doesNotMatch(editor.document.getText(), /assign-macvlan/);
    await until('end of the diff', () =>
      window.tabGroups.activeTabGroup.tabs.length === 1 ? true : undefined,
    );
  });

  test('the lightbulb shows what a router of OpenShift SDN becomes before anything is changed', async () => {
    const told = answerWith(api, {});
    const { editor, cursor } = await openText(legacyYaml.replace('EGRESS_SOURCE', '|EGRESS_SOURCE'));
    const { document } = editor;
    const action = await until('code action', async () => {
      const [found]: CodeAction[] = await commands.executeCommand(
        'vscode.executeCodeActionProvider',
        document.uri,
        new Range(cursor, cursor),
        'refactor.rewrite.egressRouter.migrate',
      );
      return found;
    });
    assert.equal(action.title, 'Migrate to an EgressRouter');
    assert.equal(action.edit, undefined);
    assert.equal(action.command?.command, 'egressRouter.migrate');
    await commands.executeCommand('editor.action.codeAction', {
      kind: 'refactor.rewrite.egressRouter.migrate',
      apply: 'first',
    });
    const input = await until('diff', () => {
      const { input: shown } = window.tabGroups.activeTabGroup.activeTab ?? {};
      return shown instanceof TabInputTextDiff ? shown : undefined;
    });
    assert.equal(input.original.toString(), document.uri.toString());
    assert.equal(document.getText(), legacyYaml);
    const proposed = await workspace.openTextDocument(input.modified);
    assert.match(proposed.getText(), /^# Lost: /m);
    await until('word of what is lost', () => (told.length > 0 ? true : undefined));
    assert.match(told.map(({ text }) => text).join(), /\d lost, /);
    await commands.executeCommand('egressRouter.applyMigration');
    assert.equal(document.getText(), proposed.getText());
    assert.match(document.getText(), /kind: EgressRouter/);
  });

  test('a migration that is not applied changes nothing, and the diff stays to be read', async () => {
    answerWith(api, {});
    const { editor } = await openText(legacyYaml);
    await commands.executeCommand('egressRouter.migrate');
    const { input } = window.tabGroups.activeTabGroup.activeTab ?? {};
    assert.ok(input instanceof TabInputTextDiff);
    assert.equal(input.modified.scheme, 'egressrouter');
    assert.equal(editor.document.getText(), legacyYaml);
    await commands.executeCommand('egressRouter.applyMigration');
    assert.match(editor.document.getText(), /kind: EgressRouter/);
  });

  test('a manifest in JSON is checked, other JSON is left alone', async () => {
    const json = JSON.stringify(
      {
        apiVersion: 'network.operator.openshift.io/v1',
        kind: 'EgressRouter',
        metadata: { name: 'egress-a', namespace: 'demo' },
        spec: {
          addresses: [{ ip: '192.168.12.99/24', gateway: '10.0.0.1' }],
          redirect: { redirectRules: [{ destinationIP: '203.0.113.25', port: 80, protocol: 'TCP' }] },
        },
      },
      undefined,
      2,
    );
    const { editor } = await openText(json, 'json');
    const found = await diagnosticsOf(editor.document);
    assert.deepEqual(found.map(codeOf), ['gateway-outside-subnet']);
  });

  test('JSON that becomes a manifest is checked from then on', async () => {
    const { editor } = await openText('{}', 'json');
    const { document } = editor;
    await editor.edit((edit) =>
      edit.insert(
        document.positionAt(1),
        '"apiVersion":"network.operator.openshift.io/v1","kind":"EgressRouter","metadata":{"name":"A"}',
      ),
    );
    const found = await diagnosticsOf(document);
    assert.ok(found.map(codeOf).includes('missing-field'), found.map(codeOf).join());
  });

  test('a file of another file system is checked as one of this machine', async () => {
    await closeEditors();
    const files = workspace.registerFileSystemProvider('ert-remote', remoteFiles(lowerCase));
    try {
      const document = await workspace.openTextDocument(Uri.parse('ert-remote:/web/router.yml'));
      const found = await diagnosticsOf(document);
      assert.deepEqual(found.map(codeOf), ['protocol-lower-case']);
    } finally {
      files.dispose();
    }
  });

  test('what can only be looked at is not checked: it may be an old version of the file beside it', async () => {
    const old = workspace.registerFileSystemProvider('ert-old', remoteFiles(lowerCase), { isReadonly: true });
    try {
      const { editor } = await openText(lowerCase);
      const document = await workspace.openTextDocument(Uri.parse('ert-old:/web/router.yaml'));
      assert.equal(document.languageId, 'yaml');
      // The other one has been answered for, and was opened first.
      await diagnosticsOf(editor.document);
      const lenses: CodeLens[] = await commands.executeCommand(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      assert.deepEqual(lenses, []);
      assert.deepEqual(languages.getDiagnostics(document.uri), []);
    } finally {
      old.dispose();
    }
  });
});

async function diagnosticsOf({ uri }: TextDocument): Promise<readonly Diagnostic[]> {
  return until('diagnostic', () => {
    const found = languages.getDiagnostics(uri).filter(({ source }) => source === 'egress-router');
    return found.length > 0 ? found : undefined;
  });
}

function codeOf({ code }: Diagnostic): unknown {
  return typeof code === 'object' ? code.value : code;
}

/** Undefined until the server is there. */
async function rename({ uri }: TextDocument, at: Position, name: string): Promise<WorkspaceEdit | undefined> {
  try {
    const edit: WorkspaceEdit = await commands.executeCommand(
      'vscode.executeDocumentRenameProvider',
      uri,
      at,
      name,
    );
    return edit.size > 0 ? edit : undefined;
  } catch {
    return undefined; // "No provider", before there is one.
  }
}

/** One file, whatever it is called. */
function remoteFiles(text: string): FileSystemProvider {
  const changes = new EventEmitter<FileChangeEvent[]>();
  const refuse = (): never => {
    throw new Error('This test writes nothing.');
  };
  return {
    onDidChangeFile: changes.event,
    watch: () => ({ dispose: () => undefined }),
    stat: () => ({ type: FileType.File, ctime: 0, mtime: 0, size: text.length }),
    readFile: () => new TextEncoder().encode(text),
    readDirectory: () => [],
    createDirectory: refuse,
    writeFile: refuse,
    delete: refuse,
    rename: refuse,
  };
}
