// What the cluster has, in editors that are only looked at: objects, logs and events.
import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import { commands, env, languages, type TextEditor, window, workspace } from 'vscode';
import type { TestApi } from '#client/extension.ts';
import { answerWith, type Told } from './answers.ts';
import { activateExtension, closeEditors, openText, routerYaml, until } from './editor.ts';

const slowMs = 90_000;
const ours = routerYaml.replace('name: egress-a', 'name: live-a').replace('192.168.12.99', '192.168.12.77');
const router = { router: { namespace: 'demo', name: 'live-a' } };

suite('live objects, logs and events', function () {
  this.timeout(slowMs + 10_000);
  let api: TestApi;
  let told: Told[];

  suiteSetup(async () => {
    api = await activateExtension();
    told = answerWith(api, {});
    await openText(ours);
    await commands.executeCommand('egressRouter.deploy');
    await closeEditors();
  });

  suiteTeardown(closeEditors);

  test('the live object is YAML with its status, and nothing of ours says anything about it', async () => {
    await commands.executeCommand('egressRouter.openLive', router);
    const { document } = await shown('/EgressRouter live-a.yaml');
    assert.equal(document.languageId, 'yaml');
    assert.match(document.getText(), /^apiVersion: network[^]*\nstatus:\n/);
    assert.doesNotMatch(document.getText(), /managedFields/);
    assert.deepEqual(languages.getDiagnostics(document.uri), []);
    const lenses = await commands.executeCommand('vscode.executeCodeLensProvider', document.uri);
    assert.deepEqual(lenses, []);
    assert.equal(workspace.fs.isWritableFileSystem(document.uri.scheme), undefined);
  });

  test('the log of its pod is followed in an editor', async () => {
    await commands.executeCommand('egressRouter.showLogs', router);
    const { document } = await shown('.log');
    await until('line of the log', () =>
      /redirecting|simulated/.test(document.getText()) ? true : undefined,
    );
  });

  test('its events are told', async () => {
    await commands.executeCommand('egressRouter.showEvents', router);
    const { document } = await shown('/EgressRouter live-a.log');
    assert.match(document.getText(), /^# Events of demo\/live-a [^]*AddedInterface {2}Pod /);
  });

  test('its address is copied', async () => {
    await commands.executeCommand('egressRouter.copyAddress', router);
    assert.equal(await env.clipboard.readText(), '192.168.12.77');
  });

  test('a router without a manifest in the workspace: the live object is offered', async () => {
    told.length = 0;
    await commands.executeCommand('egressRouter.diffLive', router);
    const text = await until('word', () =>
      told.map((one) => one.text).find((one) => one.includes('manifest')),
    );
    assert.match(text, /^No file of the workspace holds the manifest of demo\/live-a, so .* Open the folder/);
  });

  test('an object that is deleted says so when the person comes back to it', async () => {
    await commands.executeCommand('egressRouter.openLive', router);
    const live = await shown('/EgressRouter live-a.yaml');
    await window.showTextDocument(await workspace.openTextDocument({ content: 'elsewhere' }));
    await commands.executeCommand('egressRouter.teardown', router);
    await until('word that it is gone', async () => {
      const { document } = await window.showTextDocument(live.document);
      if (document.getText().startsWith('# EgressRouter demo/live-a is gone')) return document;
      await window.showTextDocument(await workspace.openTextDocument({ content: 'elsewhere' }));
      return undefined;
    });
    assert.match(live.document.getText(), /This is how it was seen last\.\napiVersion: /);
  });

  test('what is not there is said to be gone', async () => {
    told.length = 0;
    await commands.executeCommand('egressRouter.openLive', router);
    const text = await until('word', () => told.map((one) => one.text).find((one) => one.includes('live-a')));
    assert.match(text, /EgressRouter demo\/live-a is gone: context sandbox has it no longer\./);
  });
});

async function shown(end: string): Promise<TextEditor> {
  return until(`editor of ${end}`, () =>
    window.visibleTextEditors.find(
      ({ document }) => document.uri.scheme === 'egressrouter' && document.uri.path.endsWith(end),
    ),
  );
}
