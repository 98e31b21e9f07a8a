// The `host` ring: the suite of this folder inside VS Code. A downloaded VS Code where its site can be reached
// and there is a display, else code-server; VSCODE_EXECUTABLE_PATH chooses another.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { openSandbox } from './sandbox.ts';

const root = path.dirname(path.dirname(import.meta.dirname));
const results = path.join(root, 'dist/results/host.json');

process.exitCode = await main();

async function main(): Promise<number> {
  rmSync(results, { force: true });
  await bundleSuite();
  const workspace = mkdtempSync(path.join(tmpdir(), 'ert-workspace-'));
  cpSync(path.join(root, 'test/fixtures/workspace'), workspace, { recursive: true });
  const sandbox = await openSandbox('host');
  const shim = path.join(import.meta.dirname, 'code-shim.ts');
  const executable = process.env.VSCODE_EXECUTABLE_PATH ?? ((await canRunDesktop()) ? undefined : shim);
  console.log(executable === undefined ? 'In a downloaded VS Code.' : `In ${path.basename(executable)}.`);
  try {
    await runTests({
      ...(executable === undefined ? { version: 'stable' } : { vscodeExecutablePath: executable }),
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(root, 'dist/test/host/index.cjs'),
      launchArgs: [workspace, '--disable-extensions', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      // The suite breaks and mends the kubeconfig, which is the sandbox's own.
      extensionTestsEnv: { TEST_RESULTS: results, KUBECONFIG: sandbox.kubeconfig },
    });
    return 0;
  } catch (error) {
    console.error(String(error));
    return 1;
  } finally {
    await sandbox.stop();
    rmSync(workspace, { recursive: true, force: true });
    printResults();
  }
}

async function bundleSuite(): Promise<void> {
  const outdir = path.join(root, 'dist/test/host');
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: [path.join(import.meta.dirname, 'suite/*.ts')],
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    mainFields: ['module', 'main'],
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

async function canRunDesktop(): Promise<boolean> {
  if (process.platform === 'linux' && process.env.DISPLAY === undefined) return false;
  try {
    const signal = AbortSignal.timeout(5000);
    return (await fetch('https://update.code.visualstudio.com/api/releases/stable', { signal })).ok;
  } catch {
    return false; // No network, or not that site: the suite has another host.
  }
}

function printResults(): void {
  if (!existsSync(results)) return;
  const { testResults } = JSON.parse(readFileSync(results, 'utf8'));
  for (const test of testResults[0].assertionResults) {
    console.log(` ${test.status === 'passed' ? '✓' : '✗'} ${test.fullName} ${test.duration ?? 0}ms`);
  }
}
