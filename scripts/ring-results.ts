import { readFileSync } from 'node:fs';

/** The counts that a ring's results file holds. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface RingResults extends Counts {
  readonly failures: readonly Failure[];
  /** Of tests that passed, but only when they were tried again. */
  readonly secondTries: readonly Failure[];
}

export interface Failure {
  readonly name: string;
  readonly message: string;
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests?: number;
  readonly testResults: readonly FileReport[];
}

interface FileReport {
  readonly name: string;
  readonly status?: string;
  readonly message?: string;
  readonly assertionResults: readonly TestReport[];
}

interface TestReport {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages?: readonly string[] | null;
}

/**
 * Reads a results file in the shape of vitest's JSON reporter. A file that is missing, broken or without a test
 * is a failure; so is a test file that could not be loaded, which has no test to count.
 */
export function readRingResults(file: string): RingResults {
  try {
    return toResults(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const message = `No results: ${error instanceof Error ? error.message : String(error)}`;
    return { passed: 0, failed: 1, skipped: 0, failures: [{ name: file, message }], secondTries: [] };
  }
}

function toResults(report: Report): RingResults {
  const skipped = report.numPendingTests + (report.numTodoTests ?? 0);
  if (!(report.numPassedTests + report.numFailedTests + skipped > 0)) throw new Error('no test ran');
  const unloaded = report.testResults.filter(
    (each) => each.status === 'failed' && each.assertionResults.every(({ status }) => status !== 'failed'),
  );
  const tests = report.testResults.flatMap((each) => each.assertionResults);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped,
    failures: [
      ...unloaded.map(({ name, message = '' }) => ({ name, message })),
      ...tests.filter(({ status }) => status === 'failed').map(toFailure),
    ],
    secondTries: tests
      .filter(({ status, failureMessages }) => status === 'passed' && (failureMessages ?? []).length > 0)
      .map(toFailure),
  };
}

function toFailure({ fullName, failureMessages }: TestReport): Failure {
  return { name: fullName, message: (failureMessages ?? []).join('\n') };
}
