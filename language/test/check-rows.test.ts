import { expect, test } from 'vitest';
import { parseClusterFacts } from '#core/relations/cluster-facts.ts';
import { type ReadOptions, readYamlFile } from '#language/document.ts';
import { diagnosticCodes } from '#language/features/checks/diagnostic.ts';
import { fixEdits } from '#language/features/fixes/fix-edits.ts';
import { applyEdits } from '#language/text/text-edit.ts';
import { type FileDiagnostic, Workspace } from '#language/workspace.ts';
import { allRows, families } from './rows/all-rows.ts';
import type { CheckRow } from './rows/check-row.ts';

type Files = Readonly<Record<string, string>>;

for (const [family, ofFamily] of Object.entries(families)) {
  for (const [index, row] of ofFamily.entries()) {
    test(`${family} ${index + 1}: ${row.code}`, () => check(row));
  }
}

for (const code of diagnosticCodes) {
  test(`${code} has a row that raises it, one that does not, and its fix`, () => {
    expect(allRows.filter((row) => row.code === code).length).toBeGreaterThan(0);
  });
}

function check({ code, raises, quiet, fixed, reconciler = 'unknown', cluster }: CheckRow): void {
  const options = { reconciler, cluster };
  const marked = toFiles(raises);
  const files = mapFiles(marked, (text) => text.replace(/[«»]/g, ''));
  const found = diagnosticsOf(files, options).filter(({ diagnostic }) => diagnostic.code === code);
  expect(found.map((one) => withMarks(files, one))).toEqual([marked]);
  expect(diagnosticsOf(toFiles(quiet), options).filter((one) => one.diagnostic.code === code)).toEqual([]);
  const [first] = found;
  if (first === undefined) return;
  const { uri, slice, diagnostic } = first;
  const fixes = diagnostic.fixes.filter((fix) => fix.kind === 'text' || fix.lookUp === undefined);
  if (typeof fixed !== 'string') {
    expect(fixes.filter((fix) => fixEdits(slice, fix) !== undefined)).toEqual([]);
    return;
  }
  const [fix] = fixes;
  const edits = fix && fixEdits(slice, fix);
  const text = edits && applyEdits(files[uri] ?? '', edits);
  expect(text).toBe(fixed);
  const after = diagnosticsOf({ ...files, [uri]: fixed }, options);
  expect(after.filter((one) => one.diagnostic.code === code)).toEqual([]);
}

interface Found extends FileDiagnostic {
  readonly uri: string;
}

interface Known extends ReadOptions {
  readonly cluster: object | undefined;
}

function diagnosticsOf(files: Files, { cluster, ...options }: Known): readonly Found[] {
  const workspace = new Workspace();
  if (cluster !== undefined) workspace.setContext({ cluster: parseClusterFacts(cluster) });
  for (const [uri, text] of Object.entries(files)) {
    workspace.setFile(uri, readYamlFile(text, undefined, options));
  }
  return Object.keys(files).flatMap((uri) => workspace.diagnosticsOf(uri).map((one) => ({ ...one, uri })));
}

function withMarks(files: Files, { uri, slice, diagnostic: { span } }: Found): Files {
  const text = files[uri] ?? '';
  const [start, end] = [slice.start + span.start, slice.start + span.end];
  return { ...files, [uri]: `${text.slice(0, start)}«${text.slice(start, end)}»${text.slice(end)}` };
}

function toFiles(files: string | Files): Files {
  return typeof files === 'string' ? { 'file:///manifest.yaml': files } : files;
}

function mapFiles(files: Files, change: (text: string) => string): Files {
  return Object.fromEntries(Object.entries(files).map(([uri, text]) => [uri, change(text)]));
}
