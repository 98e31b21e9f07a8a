import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Counts, readRingResults } from '../ring-results.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ert-results-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const passed = { fullName: 'a', status: 'passed' };
const failed = { fullName: 'b', status: 'failed', failureMessages: ['expected 1'] };
const pending = { fullName: 'c', status: 'pending' };
const report = (
  numPassedTests: number,
  numFailedTests: number,
  numPendingTests: number,
  ...files: object[]
) => JSON.stringify({ numPassedTests, numFailedTests, numPendingTests, testResults: files });

test.each<{ text: string | undefined; counts: Counts; failures: readonly string[] }>([
  {
    text: report(1, 1, 1, { name: 'f', status: 'failed', assertionResults: [passed, failed, pending] }),
    counts: { passed: 1, failed: 1, skipped: 1 },
    failures: ['b: expected 1'],
  },
  {
    text: report(1, 0, 0, { name: 'f', status: 'passed', assertionResults: [passed] }),
    counts: { passed: 1, failed: 0, skipped: 0 },
    failures: [],
  },
  {
    // A file that cannot be loaded has no test that could fail.
    text: report(
      1,
      0,
      0,
      { name: 'f', status: 'passed', assertionResults: [passed] },
      { name: 'g.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
    ),
    counts: { passed: 1, failed: 1, skipped: 0 },
    failures: ['g.test.ts: no such module'],
  },
  { text: undefined, counts: { passed: 0, failed: 1, skipped: 0 }, failures: ['ENOENT'] },
  { text: '', counts: { passed: 0, failed: 1, skipped: 0 }, failures: ['Unexpected end of JSON input'] },
  { text: '{}', counts: { passed: 0, failed: 1, skipped: 0 }, failures: ['no test ran'] },
  { text: report(0, 0, 0), counts: { passed: 0, failed: 1, skipped: 0 }, failures: ['no test ran'] },
])('$counts from $text', ({ text, counts, failures }) => {
  const file = path.join(folder, text === undefined ? 'missing.json' : 'results.json');
  if (text !== undefined) writeFileSync(file, text);
  const { failures: told, secondTries: _, ...counted } = readRingResults(file);
  expect(counted).toEqual(counts);
  expect(told.map(({ name, message }) => `${name}: ${message}`)).toEqual(
    failures.map((each) => expect.stringContaining(each)),
  );
});

test('a test that passed at its second try is told of', () => {
  const file = path.join(folder, 'second.json');
  const second = { ...passed, failureMessages: ['expected 2'] };
  writeFileSync(file, report(2, 0, 0, { name: 'f', status: 'passed', assertionResults: [passed, second] }));
  expect(readRingResults(file).secondTries).toEqual([{ name: 'a', message: 'expected 2' }]);
});
