// What Preflight, Deploy, Expose and Tear Down ask and show, beyond the plain way through them.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite, suiteSetup, test } from 'mocha';
import {
  type CodeLens,
  ConfigurationTarget,
  commands,
  env,
  Range,
  Selection,
  TabInputTextDiff,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { TestApi } from '#client/extension.ts';
import { answerWith, type Told } from './answers.ts';
import { activateExtension, closeEditors, openText, routerYaml, until } from './editor.ts';

const slowMs = 120_000;
const named = (name: string, ip: string): string =>
  routerYaml.replace('egress-a', name).replace('192.168.12.99', ip);
const first = named('verbs-a', '192.168.12.61');

suite('verbs', function () {
  this.timeout(slowMs);
  let api: TestApi;

  suiteSetup(async () => {
    api = await activateExtension();
    await commands.executeCommand('egressRouters.focus');
    await until('live connection', () => api.sidebar()?.place, 30_000);
  });

  test('Preflight of a manifest names what it needs, and copies what there is to do about it', async () => {
    await openText(first.replace('protocol: TCP', 'protocol: SCTP'));
    const told = answerWith(api, { pick: 'SCTP' });
    await commands.executeCommand('egressRouter.preflight', window.activeTextEditor?.document.uri);
    assert.match(
      allOf(told),
      /verbs-a: can it work in sandbox\?[^]*\$\(info\) Platform[^]*\$\(pass\) Address/,
    );
    assert.match(allOf(told), /Copied: Command on each node\./);
    assert.match(await env.clipboard.readText(), /^modprobe sctp /);
  });

  test('Preflight shows all as a text to copy from', async () => {
    await openText(first);
    answerWith(api, { pick: 'Show All as Text' });
    await commands.executeCommand('egressRouter.preflight', window.activeTextEditor?.document.uri);
    const text = await until('report', () => {
      const document = window.activeTextEditor?.document;
      return document?.uri.scheme === 'egressrouter' ? document.getText() : undefined;
    });
    assert.match(text, /^# Cluster\n\n✓ \*\*Right\*\*[^]*# demo\/verbs-a\n/);
  });

  test('Deploy takes every document that the selection touches, and tells errors of preflight first', async () => {
    const { editor } = await openText(`${first}---\n${named('verbs-b', '192.168.12.61')}`);
    await commands.executeCommand('editor.action.selectAll');
    assert.ok(!editor.selection.isEmpty);
    const told = answerWith(api, { confirm: false });
    await commands.executeCommand('egressRouter.deploy', editor.document.uri);
    assert.match(allOf(told), /^Deploy 2 egress routers to context sandbox, namespace demo\?/);
    assert.match(
      allOf(told),
      /✗ demo\/verbs-a: 192\.168\.12\.61 is taken: EgressRouter demo\/verbs-b has it/,
    );
    assert.match(allOf(told), /\[Deploy Anyway\] \[Show Preflight\]$/);
  });

  test('Deploy of a folder takes every router below it', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ert-verbs-'));
    writeFileSync(path.join(folder, 'a.yaml'), first);
    writeFileSync(path.join(folder, 'b.json'), '{"kind": "ConfigMap"}');
    const told = answerWith(api, {});
    await closeEditors();
    await commands.executeCommand('egressRouter.deployFiles', Uri.file(folder), [Uri.file(folder)]);
    assert.match(allOf(told), /demo\/verbs-a is ready\. Expose it, and clients call verbs-a\.demo\.svc:8080/);
    rmSync(folder, { recursive: true });
  });

  test('changes are shown side by side, as the API server makes them, before they are agreed to', async () => {
    await openText(first.replace('port: 8080', 'port: 8081'));
    const told = answerWith(api, { decide: ['Show Changes'], action: 'Deploy' });
    await commands.executeCommand('egressRouter.deploy');
    const input = await until('diff', () =>
      window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .map((tab) => tab.input)
        .find((shown) => shown instanceof TabInputTextDiff),
    );
    assert.match((await workspace.openTextDocument(input.original)).getText(), /port: 8080/);
    assert.match((await workspace.openTextDocument(input.modified)).getText(), /port: 8081/);
    assert.match(allOf(told), /redirectRules\[8080\/TCP\]\.port: 8080 → 8081[^]*verbs-a is ready/);
  });

  test('the Service is edited as text before it is exposed', async () => {
    const told = answerWith(api, { decide: ['Edit…', 'Expose'] });
    const row = { router: { namespace: 'demo', name: 'verbs-a' } };
    const exposed = commands.executeCommand('egressRouter.expose', row);
    const editor = await until('Service as text', () =>
      window.visibleTextEditors.find(({ document }) => document.getText().startsWith('# The Service of')),
    );
    const at = editor.document.positionAt(editor.document.getText().indexOf('port: 8081'));
    await editor.edit((edit) => edit.replace(new Range(at, at.translate(0, 10)), 'port: 80'));
    const lenses = await commands.executeCommand<readonly CodeLens[]>(
      'vscode.executeCodeLensProvider',
      editor.document.uri,
    );
    const goOn = lenses.find(({ command }) => command?.title === 'Go On')?.command;
    assert.ok(goOn);
    await commands.executeCommand(goOn.command);
    await exposed;
    assert.ok(editor.document.isClosed);
    assert.match(allOf(told), /Clients will call verbs-a\.demo\.svc:80 \(TCP\)\./);
    assert.match(allOf(told), /Clients call verbs-a\.demo\.svc:80 \(TCP\)\./);
  });

  test('a command that is started on no router proposes the one that the cursor stands in', async () => {
    const second = named('verbs-b', '192.168.12.62');
    await openText(second);
    answerWith(api, {});
    await commands.executeCommand('egressRouter.deploy');
    const { editor } = await openText(`${first}---\n${second}`);
    for (const [name, line] of [
      ['verbs-b', editor.document.lineCount - 2],
      ['verbs-a', 2],
    ] as const) {
      editor.selection = new Selection(line, 0, line, 0);
      const told = answerWith(api, { pick: name });
      await commands.executeCommand('egressRouter.copyAddress');
      assert.match(allOf(told), new RegExp(`^Copy the address of which egress router\\?\\n${name}\\n`));
    }
    assert.equal(await env.clipboard.readText(), '192.168.12.61');
    answerWith(api, { typed: 'verbs-b' });
    await commands.executeCommand('egressRouter.teardown', {
      router: { namespace: 'demo', name: 'verbs-b' },
    });
  });

  test('in a protected context a router is torn down by its name alone', async () => {
    const settings = workspace.getConfiguration('egressRouter');
    await settings.update('protectedContexts', ['sand*'], ConfigurationTarget.Global);
    const row = { router: { namespace: 'demo', name: 'verbs-a' } };
    const kept = answerWith(api, { typed: 'verbs' });
    await commands.executeCommand('egressRouter.teardown', row);
    assert.match(
      allOf(kept),
      /^Tear down verbs-a in context sandbox, namespace demo\?\nThis deletes:\n- EgressRouter/,
    );
    assert.equal(kept.length, 1);
    const gone = answerWith(api, { typed: 'verbs-a' });
    await commands.executeCommand('egressRouter.teardown', row);
    assert.match(allOf(gone), /^Tear down verbs-a in context sandbox, namespace demo\?/);
    await until('list without it', () =>
      api.sidebar()?.nodes.every(({ label }) => label !== 'verbs-a') === true ? true : undefined,
    );
    await settings.update('protectedContexts', undefined, ConfigurationTarget.Global);
    await closeEditors();
  });
});

function allOf(told: readonly Told[]): string {
  return told.map(({ text }) => text).join('\n');
}
