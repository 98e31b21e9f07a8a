import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { commands, extensions, window } from 'vscode';
import { activateExtension, openText, routerYaml, until } from './editor.ts';

suite('activation', () => {
  test('YAML that has nothing to do with egress routers starts no process and loads no large bundle', async () => {
    await openText('kind: ConfigMap\nmetadata:\n  name: |other\n');
    const api = await activateExtension();
    assert.equal(api.hasLanguageServer(), false);
    assert.deepEqual(ownProcesses(), []);
    const loaded = Object.keys(require.cache).filter((file) => /(cluster|language-client)\.cjs$/.test(file));
    assert.deepEqual(loaded, []);
  });

  test('the first text with an egress router starts the language server', async () => {
    const api = await activateExtension();
    await openText(routerYaml);
    await until('language server', () => api.hasLanguageServer() || undefined);
    if (process.platform !== 'linux') return;
    await until('process of the server', () => ownProcesses().find((line) => line.includes('server.mjs')));
  });

  test('every command of the manifest is registered', async () => {
    await activateExtension();
    const known = new Set(await commands.getCommands(true));
    const manifest: Manifest = extensions.getExtension(
      'egress-router-tools.egress-router-tools',
    )?.packageJSON;
    const declared = manifest.contributes.commands.map(({ command }) => command);
    assert.ok(declared.length >= 8);
    assert.deepEqual(
      declared.filter((id) => !known.has(id)),
      [],
    );
  });

  test('the documentation opens from the package', async () => {
    await commands.executeCommand('egressRouter.openDocumentation');
    const isOpen = () => window.tabGroups.activeTabGroup.activeTab?.label.includes('README.md') === true;
    await until('preview of README.md', () => isOpen() || undefined);
  });
});

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

/** Command lines of the extension host's children that run a file of the extension; none without a /proc. */
function ownProcesses(): readonly string[] {
  const folder = extensions.getExtension('egress-router-tools.egress-router-tools')?.extensionPath;
  assert.ok(folder);
  const children = readOr('', `/proc/self/task/${process.pid}/children`).trim().split(' ');
  const commandLines = children.map((pid) => readOr('', `/proc/${pid}/cmdline`).replaceAll('\0', ' '));
  return commandLines.filter((line) => line.includes(path.join(folder, 'dist')));
}

function readOr(otherwise: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise; // Not Linux, or the process has just ended.
  }
}
