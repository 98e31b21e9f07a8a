#!/usr/bin/env node
// Takes the arguments of the `code` executable, as @vscode/test-electron gives them, and runs the suite in the
// extension host of code-server, with a headless browser for its window. So one suite serves both.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format, parseArgs } from 'node:util';
import { installVsix, makeClosedProfile, startCodeServer } from '../../tools/vscode-host/code-server.ts';
import { setupVsCode } from '../../tools/vscode-host/setup.mjs';
import { openBrowser } from './browser.ts';

const timeoutMs = 300_000;
const packer = path.join(import.meta.dirname, '../../scripts/pack-vsix.mjs');

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: 'string', multiple: true },
    extensionTestsPath: { type: 'string' },
    'user-data-dir': { type: 'string' },
    'extensions-dir': { type: 'string' },
  },
});
process.exitCode = await runSuite(
  path.resolve(positionals[0] ?? '.'),
  [values.extensionDevelopmentPath ?? []].flat().map((each) => path.resolve(String(each))),
  path.resolve(String(values.extensionTestsPath)),
);

/** Gives the exit code that VS Code would end with: 0 when the suite says so, which proves nothing alone. */
async function runSuite(folder: string, extensions: readonly string[], tests: string): Promise<number> {
  const root = mkdtempSync(path.join(tmpdir(), 'ert-host-'));
  const profile = makeClosedProfile(root, { 'git.enabled': false, 'files.autoSave': 'off' });
  const [extension = '', ...beside] = extensions;
  // A window of code-server takes one extension under development; the others are installed.
  const vscode = setupVsCode();
  for (const each of beside) {
    const vsix = path.join(root, `${path.basename(each)}.vsix`);
    execFileSync(process.execPath, [packer, each, vsix]);
    installVsix(vscode, profile, vsix);
  }
  const server = await startCodeServer(vscode, profile, {
    port: 0,
    // A built workbench ignores `payload` without it.
    args: ['--vscode-option', 'enable-smoke-test-driver'],
    env: { VSCODE_SKIP_BUILTIN_EXTENSIONS: 'vscode.git,vscode.git-base,vscode.github' },
  });
  const window = await openBrowser(server.url);
  const lines: string[] = [];
  try {
    const page = await window.context.newPage();
    await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) => {
      lines.push(format(...args));
    });
    const ended = new Promise<number>((resolve, reject) => {
      page.on('crash', () => {
        reject(new Error('The page of VS Code crashed.'));
      });
      setTimeout(() => {
        reject(new Error(`The suite did not end in ${timeoutMs / 1000} seconds.`));
      }, timeoutMs).unref();
      page.exposeFunction('codeAutomationExit', resolve).catch(reject);
    });
    await page.goto(`${server.url}/?${query(new URL(server.url).host, folder, extension, tests)}`);
    const code = await ended;
    if (code !== 0) console.error(lines.slice(-40).join('\n'));
    return code;
  } catch (error) {
    console.error(error, lines.slice(-40).join('\n'), server.log());
    return 1;
  } finally {
    await window.close();
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

function query(authority: string, folder: string, extension: string, tests: string): URLSearchParams {
  const payload = [
    ['extensionDevelopmentPath', `vscode-remote://${authority}${extension}`],
    ['extensionTestsPath', `vscode-remote://${authority}${tests}`],
    ['skipWelcome', 'true'],
  ];
  return new URLSearchParams({ folder, payload: JSON.stringify(payload) });
}
