// The `host` ring: the suites of this folder inside VS Code. A downloaded VS Code where its site can be reached and
// there is a display, else code-server; VSCODE_EXECUTABLE_PATH chooses another. One suite, or one file of it:
// run.ts suite language
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { openSandbox, type TestSandbox } from './sandbox.ts';

interface Suite {
  /** The folder with its tests. */
  readonly name: string;
  /** A folder here with an extension that is there as well. */
  readonly beside?: string;
  readonly needsCluster: boolean;
}

const suites: readonly Suite[] = [
  { name: 'suite', needsCluster: true },
  { name: 'neighbor-suite', beside: 'neighbor', needsCluster: false },
];

const root = path.dirname(path.dirname(import.meta.dirname));
const results = path.join(root, 'dist/results/host.json');
const built = path.join(root, 'dist/test/host');

process.exitCode = await main(process.argv[2], process.argv[3]);

async function main(wanted: string | undefined, onlyFile = ''): Promise<number> {
  rmSync(results, { force: true });
  const shim = path.join(import.meta.dirname, 'code-shim.ts');
  const executable = process.env.VSCODE_EXECUTABLE_PATH ?? ((await canRunDesktop()) ? undefined : shim);
  console.log(executable === undefined ? 'In a downloaded VS Code.' : `In ${path.basename(executable)}.`);
  const reports: unknown[] = [];
  let failed = 0;
  for (const suite of suites.filter(({ name }) => wanted === undefined || name === wanted)) {
    const { report, hasFailed } = await runSuite(suite, executable, onlyFile);
    if (hasFailed) failed += 1;
    if (report === undefined) continue;
    reports.push(report);
    // After each: a suite that never ends leaves what those before it have shown.
    writeResults(reports, failed === 0);
  }
  printResults();
  return failed === 0 ? 0 : 1;
}

/** VS Code ends with code 0 also when its extension host died, so only the report tells that tests ran. */
async function runSuite(
  { name, beside, needsCluster }: Suite,
  executable: string | undefined,
  onlyFile: string,
): Promise<{ readonly report?: unknown; readonly hasFailed: boolean }> {
  await bundleSuite(name, beside);
  const report = path.join(built, `${name}.json`);
  rmSync(report, { force: true });
  const workspace = mkdtempSync(path.join(tmpdir(), 'ert-workspace-'));
  cpSync(path.join(root, 'test/fixtures/workspace'), workspace, { recursive: true });
  let sandbox: TestSandbox | undefined;
  try {
    if (needsCluster) sandbox = await openSandbox('host');
    await runTests({
      ...(executable === undefined ? { version: 'stable' } : { vscodeExecutablePath: executable }),
      extensionDevelopmentPath: [root, ...(beside === undefined ? [] : [path.join(built, beside)])],
      extensionTestsPath: path.join(built, name, 'index.cjs'),
      launchArgs: [workspace, '--disable-extensions', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      extensionTestsEnv: {
        TEST_RESULTS: report,
        TEST_ONLY: onlyFile,
        // The suite breaks and mends the kubeconfig, which is the sandbox's own.
        KUBECONFIG: sandbox?.kubeconfig ?? path.join(workspace, 'no-kubeconfig'),
      },
    });
    return { report: readReport(report), hasFailed: !existsSync(report) };
  } catch (error) {
    console.error(String(error));
    return { report: readReport(report), hasFailed: true };
  } finally {
    await sandbox?.stop();
    rmSync(workspace, { recursive: true, force: true });
  }
}

async function bundleSuite(name: string, beside: string | undefined): Promise<void> {
  const entries = [
    { in: path.join(import.meta.dirname, name, '*.ts'), out: path.join(built, name) },
    ...(beside === undefined
      ? []
      : [{ in: path.join(import.meta.dirname, beside, '*.ts'), out: path.join(built, beside) }]),
  ];
  for (const entry of entries) {
    rmSync(entry.out, { recursive: true, force: true });
    await build({
      entryPoints: [entry.in],
      outdir: entry.out,
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
  if (beside === undefined) return;
  const manifest = path.join(import.meta.dirname, beside, 'manifest.json');
  cpSync(manifest, path.join(built, beside, 'package.json'));
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

function readReport(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function writeResults(reports: readonly unknown[], success: boolean): void {
  const all = reports.flatMap(assertionsOf);
  const count = (wanted: string) => all.filter(({ status }) => status === wanted).length;
  mkdirSync(path.dirname(results), { recursive: true });
  writeFileSync(
    results,
    JSON.stringify({
      numTotalTests: all.length,
      numPassedTests: count('passed'),
      numFailedTests: count('failed'),
      numPendingTests: count('pending'),
      success: success && all.length > 0 && count('failed') === 0,
      testResults: [{ name: 'test/host', assertionResults: all }],
    }),
  );
}

interface Assertion {
  readonly fullName: string;
  readonly status: string;
  readonly duration?: number;
}

function assertionsOf(report: unknown): readonly Assertion[] {
  const { testResults }: { testResults: readonly { assertionResults: readonly Assertion[] }[] } = JSON.parse(
    JSON.stringify(report),
  );
  return testResults.flatMap(({ assertionResults }) => assertionResults);
}

function printResults(): void {
  if (!existsSync(results)) return;
  for (const test of assertionsOf(JSON.parse(readFileSync(results, 'utf8')))) {
    console.log(` ${test.status === 'passed' ? '✓' : '✗'} ${test.fullName} ${test.duration ?? 0}ms`);
  }
}
