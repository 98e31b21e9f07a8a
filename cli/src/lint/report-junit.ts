import { withoutLogCommands } from '../log-commands.ts';
import type { Finding, LintResult } from './finding.ts';

/**
 * JUnit XML, as Jenkins and GitLab read it: a test suite for each file, a failed test case for each finding,
 * and one that passes for a file without any. Findings below `failing` are told in `system-out`, as JUnit
 * knows no warnings.
 */
export function junitReport({ files, findings }: LintResult, fails: (finding: Finding) => boolean): string {
  const byFile = new Map<string, Finding[]>(files.map((path) => [path, []]));
  for (const finding of findings) byFile.get(finding.path)?.push(finding);
  const suites = Array.from(byFile, ([path, found]) => suite(path, found, fails));
  const failures = findings.filter(fails).length;
  const tests = suites.reduce((sum, one) => sum + one.tests, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="egress-router lint" tests="${tests}" failures="${failures}" errors="0">`,
    ...suites.map(({ xml }) => xml),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(
  path: string,
  findings: readonly Finding[],
  fails: (finding: Finding) => boolean,
): { xml: string; tests: number } {
  const failed = findings.filter(fails);
  const remarks = findings.filter((finding) => !fails(finding)).map(line);
  const cases =
    failed.length > 0
      ? failed.map((finding) => testCase(finding))
      : [`    <testcase classname="${escaped(path)}" name="lint"/>`];
  const out = remarks.length > 0 ? [`    <system-out>${escaped(remarks.join('\n'))}</system-out>`] : [];
  const xml = [
    `  <testsuite name="${escaped(path)}" tests="${cases.length}" failures="${failed.length}" errors="0" skipped="0">`,
    ...cases,
    ...out,
    '  </testsuite>',
  ].join('\n');
  return { xml, tests: cases.length };
}

function testCase(finding: Finding): string {
  const { path, code, message, severity, start, related } = finding;
  const others = related.map((place) => `${place.path}:${place.start.line}: ${place.message}`);
  return [
    `    <testcase classname="${escaped(path)}" name="${escaped(`${code} at ${start.line}:${start.column}`)}" file="${escaped(path)}" line="${start.line}">`,
    `      <failure type="${severity}" message="${escaped(message)}">${escaped([line(finding), ...others].join('\n'))}</failure>`,
    '    </testcase>',
  ].join('\n');
}

function line({ path, start, severity, code, message }: Finding): string {
  return `${path}:${start.line}:${start.column}: ${severity} ${code}: ${message}`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

/** XML 1.0 §2.2: most control characters, lone surrogates and the non-characters cannot stand in XML at all. */
function escaped(text: string): string {
  const xml = text
    .replaceAll(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '?')
    .replaceAll(/[&<>"\n]/g, (found) => entities[found] ?? '');
  return withoutLogCommands(xml, '&#35;');
}
