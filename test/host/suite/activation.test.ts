import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'mocha';
import { commands, extensions } from 'vscode';
import { activateExtension, openText, routerYaml, until } from './editor.ts';

suite('activation', () => {
  test('YAML that has nothing to do with egress routers starts no process and loads no large bundle', async () => {
    const before = childProcesses();
    await openText('kind: ConfigMap\nmetadata:\n  name: |other\n');
    const api = await activateExtension();
    assert.equal(api.hasLanguageServer(), false);
    assert.deepEqual(childProcesses(), before);
    const loaded = Object.keys(require.cache).filter((file) => /(cluster|language-client)\.cjs$/.test(file));
    assert.deepEqual(loaded, []);
  });

  test('the first text with an egress router starts the language server', async () => {
    const api = await activateExtension();
    await openText(routerYaml);
    await until('language server', () => api.hasLanguageServer() || undefined);
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
});

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

/** Process ids of the extension host's children; none where the machine has no /proc. */
function childProcesses(): readonly string[] {
  try {
    return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  } catch {
    return []; // Not Linux.
  }
}
