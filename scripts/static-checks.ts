// The `static` ring: format, types, lint, unused code, generated files, lockfiles. Each counts as one test.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from './node24.mjs';
import { resultsFile, resultsFolder } from './rings.ts';

interface Outcome {
  readonly fullName: string;
  readonly status: 'passed' | 'failed';
  readonly duration: number;
  readonly failureMessages: readonly string[];
}

const bin = (name: string) => path.join(root, 'node_modules/.bin', name);

const checks: Readonly<Record<string, () => Promise<string>>> = {
  format: () => output(bin('biome'), ['check', '--linter-enabled=false']),
  types: () => output(bin('tsc'), ['-b']),
  lint: () => output(bin('oxlint'), ['--type-aware']),
  'unused code': () => output(bin('knip'), []),
  'generated files': () => output(process.execPath, ['scripts/generate.mjs', '--check']),
  lockfiles: () => Promise.resolve(addressesInLockfiles()),
};

const outcomes: Outcome[] = [];
for (const [fullName, check] of Object.entries(checks)) {
  const started = performance.now();
  const message = await check();
  const duration = Math.round(performance.now() - started);
  const status = message === '' ? 'passed' : 'failed';
  console.log(` ${status === 'passed' ? '✓' : '✗'} ${fullName} ${duration}ms`);
  if (message !== '') console.log(message);
  outcomes.push({ fullName, status, duration, failureMessages: message === '' ? [] : [message] });
}
const failed = outcomes.filter(({ status }) => status === 'failed').length;
mkdirSync(resultsFolder, { recursive: true });
writeFileSync(
  resultsFile('static'),
  JSON.stringify({
    numTotalTests: outcomes.length,
    numPassedTests: outcomes.length - failed,
    numFailedTests: failed,
    numPendingTests: 0,
    success: failed === 0,
    testResults: [{ name: 'static', assertionResults: outcomes }],
  }),
);
process.exitCode = failed === 0 ? 0 : 1;

/** Empty when the command ended with 0, else all that it printed. */
async function output(command: string, args: readonly string[]): Promise<string> {
  try {
    await promisify(execFile)(command, [...args], { cwd: root, maxBuffer: 64 * 1024 * 1024 });
    return '';
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    return `${stdout}${stderr}`.trim() || String(error);
  }
}

/** A lockfile names versions and digests; where packages come from is each machine's own affair. */
function addressesInLockfiles(): string {
  const files = ['package-lock.json', 'tools/node/package-lock.json', 'tools/vscode-host/package-lock.json'];
  return files
    .filter((file) => readFileSync(path.join(root, file), 'utf8').includes('"resolved"'))
    .map((file) => `${file} holds download addresses: npm's omit-lockfile-registry-resolved leaves them out.`)
    .join('\n');
}
