// The sidebar and the commands against the sandbox's API, as a person uses them.
import assert from 'node:assert/strict';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { suite, suiteSetup, test } from 'mocha';
import {
  type CodeLens,
  commands,
  env,
  languages,
  TabInputTextDiff,
  type TextEditor,
  window,
  workspace,
} from 'vscode';
import type { TestApi } from '#client/extension.ts';
import type { TreeNode } from '#client/tree/tree-node.ts';
import { answerWith, type Told } from './answers.ts';
import { activateExtension, openText, routerYaml, until } from './editor.ts';

const slowMs = 90_000;

suite('sidebar and commands', function () {
  this.timeout(slowMs + 10_000);
  let api: TestApi;

  suiteSetup(async () => {
    api = await activateExtension();
    await commands.executeCommand('egressRouters.focus');
  });

  test('an empty cluster is said to be empty, under its context', async () => {
    const sidebar = await until('live connection', () => {
      const shown = api.sidebar();
      return shown?.welcome === 'empty' ? shown : undefined;
    });
    assert.match(sidebar.place, /^sandbox \/ /);
  });

  test('who makes the routers is known before there is any: nothing is said of what the other would ignore', async () => {
    const { editor } = await openText(
      routerYaml.replace('mode: Bridge', 'mode: Private').replace('protocol: TCP', 'protocol: tcp'),
    );
    const codes = () =>
      languages
        .getDiagnostics(editor.document.uri)
        .map(({ code }) => (typeof code === 'object' ? code.value : code))
        .join();
    await until('diagnostics', () => (codes() === 'protocol-lower-case' ? true : undefined));
  });

  test('a document with an error is not deployed, and the way to the error is offered', async () => {
    const told = answerWith(api, {});
    const { editor } = await openText(routerYaml.replace('gateway: 192.168.12.1', 'gateway: 10.0.0.1|'));
    await commands.executeCommand('egressRouter.deploy');
    assert.match(allOf(told), /egress-a cannot be deployed yet[^]*10\.0\.0\.1 is outside/);
    assert.equal(editor.document.lineAt(editor.selection.active.line).text.trim(), 'gateway: 10.0.0.1');
    assert.deepEqual(rows(api), []);
  });

  test('Diff of a router that is not deployed says so', async () => {
    const told = answerWith(api, {});
    await openText(routerYaml);
    await commands.executeCommand('egressRouter.diff');
    assert.match(allOf(told), /demo\/egress-a is not deployed in context sandbox/);
  });

  test('Deploy without an answer changes nothing', async () => {
    const told = answerWith(api, { confirm: false });
    await openText(routerYaml);
    await commands.executeCommand('egressRouter.deploy');
    assert.match(allOf(told), /Deploy egress-a to context sandbox, namespace demo\?\n\+ create EgressRouter/);
    assert.deepEqual(rows(api), []);
  });

  test('Deploy takes the document under the cursor as the editor shows it, and follows it until it is up', async () => {
    const told = answerWith(api, {});
    const other = routerYaml.replace('egress-a', 'egress-b');
    const { editor } = await openText(`${routerYaml}---\n${other.replace('8080', '80|80')}`);
    await moveToStart(editor);
    await commands.executeCommand('egressRouter.deploy');
    assert.match(
      allOf(told),
      /demo\/egress-a is ready\. Expose it, and clients call egress-a\.demo\.svc:8080/,
    );
    const row = await until(
      'row of the router',
      () => rows(api).find(({ description }) => /Ready|Simulated/.test(description ?? '')),
      slowMs,
    );
    assert.equal(row.label, 'egress-a');
    const below = flat(row).map(({ label }) => label);
    for (const wanted of ['192.168.12.99/24', '8080/TCP', 'net1', 'No Service', 'NAD']) {
      assert.ok(below.includes(wanted), `${wanted} is not among ${below.join(', ')}`);
    }
  });

  test('Expose gives clients an address, and copies it', async () => {
    const told = answerWith(api, { action: 'Copy Address' });
    await commands.executeCommand('egressRouter.expose', rows(api)[0]);
    assert.match(
      allOf(told),
      /Clients call egress-a\.demo\.svc:8080 \(TCP\)\. The Service's own address is 172\.30\./,
    );
    await until('address in the clipboard', async () =>
      (await env.clipboard.readText()) === 'egress-a.demo.svc:8080' ? true : undefined,
    );
    await until('Service in the tree', () =>
      rows(api)
        .flatMap(flat)
        .find(({ label }) => label === 'egress-a.demo.svc:8080'),
    );
  });

  test('the editor is told how the router fares, in a lens that leads to its row', async () => {
    const { editor } = await openText(routerYaml);
    const lens = await until('lens with the state', async () => {
      const lenses: CodeLens[] = await commands.executeCommand(
        'vscode.executeCodeLensProvider',
        editor.document.uri,
      );
      return lenses.find(({ command }) => command?.command === 'egressRouter.reveal');
    });
    assert.match(lens.command?.title ?? '', /(Ready|Simulated) in sandbox/);
    await commands.executeCommand('egressRouter.reveal', ...(lens.command?.arguments ?? []));
  });

  test('Diff shows the router of the cluster beside its manifest, and what differs between them', async () => {
    answerWith(api, {});
    // What is a comment, quoted, left to a default or to the context says nothing else than the cluster.
    const manifest = `# of the web team\n${routerYaml}`
      .replace('targetPort: 80', 'targetPort: 81 # tried out')
      .replace('192.168.12.1\n', '"192.168.12.1" # the router of the LAN\n')
      .replace('  mode: Redirect\n', '');
    await openText(manifest);
    await commands.executeCommand('egressRouter.diff');
    const input = await until('diff', () => {
      const { input: shown } = window.tabGroups.activeTabGroup.activeTab ?? {};
      return shown instanceof TabInputTextDiff ? shown : undefined;
    });
    const live = await workspace.openTextDocument(input.original);
    assert.equal(live.getText(), manifest.replace('targetPort: 81', 'targetPort: 80'));
    assert.equal(input.modified.scheme, 'untitled');
    assert.deepEqual(languages.getDiagnostics(input.original), []);
  });

  test('Diff of one document of several leaves the others out on both sides', async () => {
    answerWith(api, {});
    const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\n';
    const manifest = routerYaml.replace('port: 8080', 'port: 8081 # a comment');
    await openText(`${other}---\n${manifest.replace('kind:', '|kind:')}---\n${other}`);
    await commands.executeCommand('egressRouter.diff');
    const input = await until('diff', () => {
      const { input: shown } = window.tabGroups.activeTabGroup.activeTab ?? {};
      return shown instanceof TabInputTextDiff ? shown : undefined;
    });
    const [live, own] = await Promise.all(
      [input.original, input.modified].map((uri) => workspace.openTextDocument(uri)),
    );
    assert.equal(own?.getText(), manifest);
    assert.equal(live?.getText(), manifest.replace('port: 8081', 'port: 8080'));
  });

  test('a second Deploy of the same text has nothing to ask', async () => {
    const told = answerWith(api, {});
    await openText(routerYaml);
    await commands.executeCommand('egressRouter.deploy');
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ['information'],
    );
  });

  test('Switch Namespace narrows the list', async () => {
    answerWith(api, { pick: 'default' });
    await commands.executeCommand('egressRouter.switchNamespace');
    await until('empty list', () =>
      /in namespace default,/.test(api.sidebar()?.message ?? '') ? true : undefined,
    );
    assert.match(api.sidebar()?.place ?? '', /\/ default$/);
    answerWith(api, { pick: 'All namespaces' });
    await commands.executeCommand('egressRouter.switchNamespace');
    await until('row of the router', () => rows(api)[0]);
  });

  test('Switch Context offers the contexts of the kubeconfig', async () => {
    const told = answerWith(api, { pick: 'sandbox' });
    await commands.executeCommand('egressRouter.switchContext');
    assert.match(allOf(told), /^Context for egress routers[^]*sandbox/);
    await until('row of the router', () => rows(api)[0]);
  });

  test('Restart gives the router a new pod', async () => {
    const podRow = () =>
      rows(api)
        .flatMap(flat)
        .find(({ object }) => object?.kind === 'Pod');
    const before = (await until('row of the pod', podRow)).copy;
    const told = answerWith(api, {});
    await commands.executeCommand('egressRouter.restart', rows(api)[0]);
    assert.match(allOf(told), /Restart egress-a in context sandbox, namespace demo\?/);
    await until('row of the new pod', () => {
      const row = podRow();
      return row === undefined || row.copy === before ? undefined : row;
    });
  });

  test('Tear Down names all that goes, then it is gone', async () => {
    const told = answerWith(api, {});
    await commands.executeCommand('egressRouter.teardown', rows(api)[0]);
    const [question] = told;
    for (const wanted of ['EgressRouter demo/egress-a', 'Deployment demo/', 'Service demo/egress-a']) {
      assert.ok(question?.text.includes(wanted), `${wanted} is not in: ${question?.text}`);
    }
    await until('empty list', () => (api.sidebar()?.welcome === 'empty' ? true : undefined));
  });

  test('a kubeconfig that goes is told, and one that comes back is taken up', async () => {
    const file = process.env['KUBECONFIG'] ?? '';
    renameSync(file, `${file}.away`);
    await until('word that there is no kubeconfig', () =>
      api.sidebar()?.welcome === 'noKubeconfig' ? true : undefined,
    );
    const told = answerWith(api, {});
    await openText(routerYaml);
    await commands.executeCommand('egressRouter.deploy');
    assert.match(allOf(told), /^Deploy: .*kubeconfig/i);
    renameSync(`${file}.away`, file);
    await until('live connection', () => (api.sidebar()?.welcome === 'empty' ? true : undefined));
  });

  test('a cluster that does not answer is drawn as unreachable, with the reason and the next steps', async () => {
    const file = process.env['KUBECONFIG'] ?? '';
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace(/https:\/\/127\.0\.0\.1:\d+/g, 'https://127.0.0.1:49151'));
    const sidebar = await until('word that the cluster is unreachable', () => {
      const shown = api.sidebar();
      return shown?.nodes[0]?.description?.includes('unreachable') ? shown : undefined;
    });
    assert.match(
      sidebar.message ?? '',
      /^Unreachable since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\. .*127\.0\.0\.1:49151/,
    );
    assert.deepEqual(
      sidebar.nodes.map(({ label }) => label),
      ['sandbox', 'Try Again', 'Switch Context…', 'Show Log'],
    );
    writeFileSync(file, before);
    await until('live connection', () => (api.sidebar()?.welcome === 'empty' ? true : undefined));
  });
});

function rows(api: TestApi): readonly TreeNode[] {
  return (api.sidebar()?.nodes ?? []).filter(({ router }) => router !== undefined);
}

function flat(node: TreeNode): readonly TreeNode[] {
  return [node, ...(node.children?.() ?? []).flatMap(flat)];
}

function allOf(told: readonly Told[]): string {
  return told.map(({ text }) => text).join('\n');
}

async function moveToStart(editor: TextEditor): Promise<void> {
  await commands.executeCommand('cursorTop');
  assert.equal(editor.selection.active.line, 0);
}
