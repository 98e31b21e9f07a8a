import { globSync, readFileSync } from 'node:fs';
import { DOMParser, type Element } from '@xmldom/xmldom';
import type { Log, PhysicalLocation } from 'sarif';
import { expect, test } from 'vitest';
import type { Finding } from '#cli/lint/finding.ts';
import { type LintedFiles, lintFiles } from '#cli/lint/lint-files.ts';
import { githubReport } from '#cli/lint/report-github.ts';
import { junitReport } from '#cli/lint/report-junit.ts';
import { sarifReport } from '#cli/lint/report-sarif.ts';
import { readRuleText } from '#cli/lint/rule-text.ts';
import { addressRows } from '../../language/test/rows/address.ts';
import { legacyRows } from '../../language/test/rows/legacy.ts';
import { nadRows } from '../../language/test/rows/nad.ts';
import { optionRows } from '../../language/test/rows/options.ts';
import { patchRows } from '../../language/test/rows/patches.ts';
import { platformRows } from '../../language/test/rows/platform.ts';
import { relationRows } from '../../language/test/rows/relations.ts';
import { ruleRows } from '../../language/test/rows/rules.ts';
import { schemaRows } from '../../language/test/rows/schema.ts';
import { serviceRows } from '../../language/test/rows/service.ts';
import { yamlRows } from '../../language/test/rows/yaml.ts';
import { sarifFaults } from './sarif-shape.ts';

/**
 * The reports of everything that can be found, in files with names that nobody gives, held to what their readers
 * demand: SARIF 2.1.0 with its schema, the XML that Jenkins and GitLab read, and the commands that the runner of
 * GitHub Actions takes out of a log.
 */
const rows = [
  ...addressRows,
  ...legacyRows,
  ...nadRows,
  ...optionRows,
  ...platformRows,
  ...relationRows,
  ...ruleRows,
  ...patchRows,
  ...schemaRows,
  ...serviceRows,
  ...yamlRows,
];
const odd = 'a b#1%,ü[x]::{0}&"<.yaml';
const evil = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata: {name: a, namespace: web}
spec:
  addresses:
    - {ip: "{0} [x](https://example.com) ##[error]", gateway: "]]>\\u0007&<"}
  redirect: {redirectRules: [{port: 80, protocol: "\\uD800", destinationIP: "\\n::error::{x}"}]}
`;
const root = new URL('../../', import.meta.url);

const folders: readonly (readonly [name: string, Readonly<Record<string, string>>])[] = [
  ...rows.map(({ code, raises }, index) => {
    const files = typeof raises === 'string' ? { [odd]: raises } : raises;
    const plain = Object.entries(files).map(([path, text]) => [path, text.replace(/[«»]/g, '')] as const);
    return [`${code} (row ${index + 1})`, Object.fromEntries(plain)] as const;
  }),
  ['values that are commands, links and marks', { [odd]: evil, [`/tmp/${odd}`]: evil }],
  ['the samples', samples()],
];

function samples(): Readonly<Record<string, string>> {
  const paths = globSync('samples/**/*.yaml', { cwd: root });
  return Object.fromEntries(paths.map((path) => [path, readFileSync(new URL(path, root), 'utf8')]));
}

const linted = (files: Readonly<Record<string, string>>): LintedFiles =>
  lintFiles(
    Object.entries(files).map(([path, text]) => ({ path, text })),
    { reconciler: 'unknown' },
  );
const isError = ({ severity }: Finding): boolean => severity === 'error';

test.each(folders)('SARIF of %s', (_name, files) => {
  const result = linted(files);
  const log: Log = JSON.parse(sarifReport(result, { version: '1.2.3', ruleText: readRuleText }));
  expect(sarifFaults(log)).toEqual([]);
  const [run] = log.runs;
  const rules = run?.tool.driver.rules ?? [];
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  for (const { help, shortDescription } of rules)
    expect([help?.text, shortDescription?.text]).not.toContain('');
  expect(run?.results).toHaveLength(result.findings.length);
  for (const { ruleId, ruleIndex, level, message, locations, relatedLocations } of run?.results ?? []) {
    expect(rules[ruleIndex ?? -1]?.id).toBe(ruleId);
    expect(['error', 'warning', 'note']).toContain(level);
    const related = relatedLocations ?? [];
    expect(new Set(related.map(({ id }) => id)).size).toBe(related.length);
    for (const text of [message, ...related.map((place) => place.message)].map((one) => one?.text ?? '')) {
      expect(text.replaceAll(/\{\{|\}\}/g, '')).not.toMatch(/^$|[{}]|\]\(/);
    }
    for (const place of [...(locations ?? []), ...related]) checkLocation(place.physicalLocation);
  }
});

test.each<readonly [what: string, edit: (text: string) => string, fault: string]>([
  [
    'a field that SARIF has not',
    (text) => text.replace('"columnKind"', '"columnkind"'),
    'log.runs[0] has columnkind',
  ],
  ['another version', (text) => text.replace('"2.1.0"', '"2.0.0"'), 'log.version is "2.0.0"'],
  [
    'a level of our own',
    (text) => text.replace('"error"', '"information"'),
    'log.runs[0].results[0].level is "information"',
  ],
  [
    'a result without a text',
    (text) => text.replace(/"message": \{\s*"text"/, '"message": {"txt"'),
    'log.runs[0].results[0].message lacks text',
  ],
  [
    'a line 0',
    (text) => text.replace(/"startLine": [0-9]+/, '"startLine": 0'),
    'log.runs[0].results[0].locations[0].physicalLocation.region.startLine is 0',
  ],
  ['no tool', (text) => text.replace('"driver"', '"name"'), 'log.runs[0].tool lacks driver'],
])('SARIF with %s is found out', (_what, edit, fault) => {
  const report = sarifReport(linted({ 'a.yaml': evil }), { version: '1.2.3', ruleText: readRuleText });
  expect(sarifFaults(JSON.parse(report))).toEqual([]);
  expect(sarifFaults(JSON.parse(edit(report)))).toContain(fault);
});

function checkLocation(location: PhysicalLocation | undefined): void {
  const uri = location?.artifactLocation?.uri ?? '';
  // RFC 3986 §4.1: a URI reference whose first segment holds no colon, unless a scheme stands before it.
  expect(uri).toMatch(/^(?:file:\/\/\/|(?![^/]*:))(?:[\w.~!$&'()*+,;=:@/-]|%[\dA-F]{2})+$/);
  const { startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 } = location?.region ?? {};
  expect(Math.min(startLine, startColumn, endLine, endColumn)).toBeGreaterThanOrEqual(1);
  expect(endLine > startLine || (endLine === startLine && endColumn >= startColumn)).toBe(true);
}

/** What the readers of JUnit XML know; an attribute with `!` has to be there. */
const grammar: Readonly<
  Record<string, { readonly inside: readonly string[]; readonly attributes: readonly string[] }>
> = {
  testsuites: { inside: ['testsuite'], attributes: ['name!', 'tests!', 'failures!', 'errors!'] },
  testsuite: {
    inside: ['testcase', 'system-out'],
    attributes: ['name!', 'tests!', 'failures!', 'errors!', 'skipped!'],
  },
  testcase: { inside: ['failure'], attributes: ['name!', 'classname!', 'file', 'line'] },
  failure: { inside: [], attributes: ['type!', 'message!'] },
  'system-out': { inside: [], attributes: [] },
};

test.each(folders)('JUnit XML of %s', (_name, files) => {
  const result = linted(files);
  const onError = (level: string, message: string): never => {
    throw new Error(`${level}: ${message}`);
  };
  const xml = new DOMParser({ onError }).parseFromString(junitReport(result, isError), 'text/xml');
  const [suites] = childrenOf(xml);
  expect(suites?.tagName).toBe('testsuites');
  if (suites === undefined) return;
  checkElement(suites);
  const count = (within: Element, name: string): string =>
    String(Array.from(within.getElementsByTagName(name)).length);
  for (const counted of [suites, ...childrenOf(suites)]) {
    expect(counted.getAttribute('tests')).toBe(count(counted, 'testcase'));
    expect(counted.getAttribute('failures')).toBe(count(counted, 'failure'));
  }
  expect(count(suites, 'testsuite')).toBe(String(result.files.length));
  expect(count(suites, 'failure')).toBe(String(result.findings.filter(isError).length));
});

function checkElement(element: Element): void {
  const { inside = [], attributes = [] } = grammar[element.tagName] ?? {};
  const written = Array.from(element.attributes, ({ name }) => name);
  for (const name of written) expect(attributes.map((known) => known.replace('!', ''))).toContain(name);
  for (const name of attributes.filter((known) => known.endsWith('!')))
    expect(written).toContain(name.slice(0, -1));
  for (const child of childrenOf(element)) {
    expect(inside).toContain(child.tagName);
    checkElement(child);
  }
}

function childrenOf(node: { readonly childNodes: Iterable<unknown> }): readonly Element[] {
  return Array.from(node.childNodes).filter(isElement);
}

function isElement(node: unknown): node is Element {
  return typeof node === 'object' && node !== null && 'tagName' in node;
}

test.each(folders)('annotations of %s, as the runner reads them', (_name, files) => {
  const { findings } = linted(files);
  const lines = githubReport({ files: [], counts: { routers: 0, nads: 0, legacyRouters: 0 }, findings })
    .split(/\r\n|[\r\n]/)
    .slice(0, -1);
  expect(lines).toHaveLength(findings.length);
  for (const [index, { path, code, severity, message, start, end, related }] of findings.entries()) {
    const { command, properties, data } = asRunnerReads(lines[index] ?? '');
    expect(command).toBe(severity === 'information' ? 'notice' : severity);
    expect(properties).toMatchObject({
      title: code,
      file: path,
      line: String(start.line),
      endLine: String(end.line),
    });
    const others = related.map((place) => `${place.path}:${place.start.line}: ${place.message}`);
    expect(data).toBe([message, ...others].join('\n').replaceAll('##[', '\\x23#['));
    expect(lines[index]).not.toContain('##[');
  }
});

/** `::name key=value,key=value::data`: each part is unescaped by itself, `%` last. */
function asRunnerReads(line: string): {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
} {
  const end = line.indexOf('::', 2);
  expect(line.startsWith('::') && end > 0).toBe(true);
  const [, command = '', listed = ''] = /^(\S+) ?(.*)$/s.exec(line.slice(2, end)) ?? [];
  const pairs = listed.split(',').map((pair): readonly [string, string] => {
    const at = pair.indexOf('=');
    return [
      pair.slice(0, at),
      unescaped(
        pair
          .slice(at + 1)
          .replaceAll('%3A', ':')
          .replaceAll('%2C', ','),
      ),
    ];
  });
  return { command, properties: Object.fromEntries(pairs), data: unescaped(line.slice(end + 2)) };
}

function unescaped(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
