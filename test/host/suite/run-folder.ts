// Runs the tests of a folder and writes what came of them. VS Code ends with code 0 also when its extension host
// died, so only the file tells that tests ran.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

interface AssertionResult {
  readonly fullName: string;
  readonly title: string;
  readonly status: 'passed' | 'failed' | 'pending';
  readonly duration: number;
  readonly failureMessages: readonly string[];
}

/** All of them, or those whose names contain TEST_ONLY. */
export async function runFolder(folder: string): Promise<void> {
  const mocha = new Mocha({
    ui: 'tdd',
    timeout: 30_000,
    color: false,
    forbidOnly: true,
    forbidPending: true,
  });
  const only = process.env.TEST_ONLY ?? '';
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.cjs') && name.includes(only));
  for (const name of files) mocha.addFile(path.join(folder, name));
  const results: AssertionResult[] = [];
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => {
      resolve();
    });
    const note = (
      test: Mocha.Test,
      status: AssertionResult['status'],
      failureMessages: readonly string[],
    ) => {
      const { duration = 0, title } = test;
      results.push({ fullName: test.fullTitle(), title, status, duration, failureMessages });
    };
    runner.on('pass', (test) => {
      note(test, 'passed', []);
    });
    runner.on('fail', (test, error) => {
      note(test, 'failed', [error.stack ?? error.message]);
    });
    runner.on('pending', (test) => {
      note(test, 'pending', []);
    });
  });
  writeResults(results);
  const failed = results.filter(({ status }) => status === 'failed').length;
  if (failed > 0) throw new Error(`${failed} tests failed.`);
}

function writeResults(results: readonly AssertionResult[]): void {
  const file = process.env.TEST_RESULTS;
  if (file === undefined) throw new Error('TEST_RESULTS must name the file to write.');
  const count = (wanted: AssertionResult['status']) =>
    results.filter(({ status }) => status === wanted).length;
  const report = {
    numTotalTests: results.length,
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending'),
    success: results.length > 0 && count('failed') === 0,
    testResults: [{ name: 'test/host/suite', assertionResults: results }],
  };
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(report));
}
