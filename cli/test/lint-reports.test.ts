import { DOMParser, type Element } from '@xmldom/xmldom';
import { expect, test } from 'vitest';
import type { Finding, LintResult } from '#cli/lint/finding.ts';
import { githubReport } from '#cli/lint/report-github.ts';
import { junitReport } from '#cli/lint/report-junit.ts';
import { sarifReport } from '#cli/lint/report-sarif.ts';
import { summary, textReport } from '#cli/lint/report-text.ts';

const gateway: Finding = {
  path: './web/a b.yaml',
  code: 'gateway-outside-subnet',
  severity: 'error',
  message: 'The gateway is outside 192.168.12.0/24, 100% <sure> & "certain".',
  start: { line: 12, column: 16 },
  end: { line: 12, column: 24 },
  related: [
    {
      path: 'other.yaml',
      start: { line: 3, column: 1 },
      end: { line: 3, column: 5 },
      message: 'The subnet.',
    },
  ],
  isFixable: false,
};
const remark: Finding = {
  ...gateway,
  path: 'c,d:e.yaml',
  code: 'leading-zero',
  severity: 'warning',
  message: 'Two\nlines\u0007.',
  end: { line: 13, column: 2 },
  related: [],
  isFixable: true,
};
const result: LintResult = {
  files: ['./web/a b.yaml', 'c,d:e.yaml', 'sound.yaml'],
  counts: { routers: 3, nads: 0, legacyRouters: 0 },
  findings: [gateway, remark],
};
const isError = ({ severity }: Finding): boolean => severity === 'error';

test('text', () => {
  expect(textReport(result)).toBe(
    `./web/a b.yaml:12:16: error gateway-outside-subnet: ${gateway.message}\n` +
      '    other.yaml:3:1: The subnet.\n' +
      'c,d:e.yaml:12:16: warning leading-zero: Two\\nlines\\x07.\n',
  );
  expect(summary(result)).toBe('3 egress routers: 1 error, 1 warning; --fix mends 1.');
  const looked = (routers: number, nads: number, legacyRouters: number): string =>
    summary({ files: [], counts: { routers, nads, legacyRouters }, findings: [] }).replace(/:.*/, '');
  expect(looked(0, 0, 0)).toBe('0 egress routers');
  expect(looked(0, 1, 0)).toBe('1 NetworkAttachmentDefinition');
  expect(looked(1, 2, 3)).toBe('1 egress router, 2 NetworkAttachmentDefinitions, 3 routers of OpenShift SDN');
});

test('no text passes for another line, or for a command of GitHub Actions', () => {
  const path = ' ::stop-commands::tok\u202e.yaml';
  const findings = [{ ...remark, path, message: 'a\u2028b', related: [{ ...gateway, path, message: 'c' }] }];
  expect(textReport({ ...result, findings })).toBe(
    './ ::stop-commands::tok\\u202e.yaml:12:16: warning leading-zero: a\\u2028b\n' +
      '    ./ ::stop-commands::tok\\u202e.yaml:12:16: c\n',
  );
});

test.each([
  ['##[stop-commands]tok', '\\x23#[stop-commands]tok'],
  ['a ##[add-mask]e', 'a \\x23#[add-mask]e'],
  ['###vso[task.setvariable variable=P]x', '#\\x23#vso[task.setvariable variable=P]x'],
  ['##teamcity[x] ##[error]', '\\x23#teamcity[x] \\x23#[error]'],
  ['# [a] #[b] ## [c]', '# [a] #[b] ## [c]'],
])('%s in a value is no command to the log of any report', (said, shown) => {
  const path = `${said}.yaml`;
  const place = { ...gateway, path, message: said };
  const found = { files: [path], counts: result.counts, findings: [{ ...place, related: [place] }] };
  expect(textReport(found).match(/##\w*\[/g)).toBeNull();
  expect(textReport(found)).toContain(
    `gateway-outside-subnet: ${shown}\n    ${shown}.yaml:12:16: ${shown}\n`,
  );
  expect(githubReport(found)).toContain(`file=${shown}.yaml,`);
  expect(githubReport(found)).toContain(`::${shown}%0A${shown}.yaml:12: ${shown}\n`);
  const sarif = sarifReport(found, { version: '1.2.3', ruleText: () => undefined });
  expect(sarif).not.toMatch(/##\w*\[/);
  expect(JSON.parse(sarif)).toHaveProperty('runs.0.results.0.message.text', said);
  const xml = junitReport(found, isError);
  expect(xml).not.toMatch(/##\w*\[/);
  const [suite] = Array.from(
    new DOMParser().parseFromString(xml, 'text/xml').getElementsByTagName('testsuite'),
  );
  expect(suite?.getAttribute('name')).toBe(path);
});

test('annotations of GitHub Actions, in which no text ends its command', () => {
  expect(githubReport(result)).toBe(
    '::error title=gateway-outside-subnet,file=./web/a b.yaml,line=12,endLine=12,col=16,endColumn=24' +
      '::The gateway is outside 192.168.12.0/24, 100%25 <sure> & "certain".%0Aother.yaml:3: The subnet.\n' +
      '::warning title=leading-zero,file=c%2Cd%3Ae.yaml,line=12,endLine=13::Two%0Alines\u0007.\n',
  );
});

test('SARIF', () => {
  const ruleText = (code: string) =>
    code === 'leading-zero' ? { title: 'A zero', markdown: '# A zero' } : undefined;
  expect(JSON.parse(sarifReport(result, { version: '1.2.3', ruleText }))).toEqual({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'egress-router',
            semanticVersion: '1.2.3',
            rules: [
              { id: 'gateway-outside-subnet' },
              {
                id: 'leading-zero',
                shortDescription: { text: 'A zero' },
                help: { text: '# A zero', markdown: '# A zero' },
              },
            ],
          },
        },
        columnKind: 'utf16CodeUnits',
        results: [
          {
            ruleId: 'gateway-outside-subnet',
            ruleIndex: 0,
            level: 'error',
            message: { text: gateway.message },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'web/a%20b.yaml' },
                  region: { startLine: 12, startColumn: 16, endLine: 12, endColumn: 24 },
                },
              },
            ],
            relatedLocations: [
              {
                id: 0,
                physicalLocation: {
                  artifactLocation: { uri: 'other.yaml' },
                  region: { startLine: 3, startColumn: 1, endLine: 3, endColumn: 5 },
                },
                message: { text: 'The subnet.' },
              },
            ],
          },
          {
            ruleId: 'leading-zero',
            ruleIndex: 1,
            level: 'warning',
            message: { text: remark.message },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'c%2Cd%3Ae.yaml' },
                  region: { startLine: 12, startColumn: 16, endLine: 13, endColumn: 2 },
                },
              },
            ],
          },
        ],
      },
    ],
  });
});

test('what is information is a note in SARIF, and a notice to GitHub', () => {
  const findings = [{ ...remark, severity: 'information' }] as const;
  const report = sarifReport({ ...result, findings }, { version: '1.2.3', ruleText: () => undefined });
  expect(report).toMatch(/"level": "note"/);
  expect(githubReport({ ...result, findings })).toMatch(/^::notice /);
});

test('JUnit XML, as a parser reads it', () => {
  const xml = new DOMParser({
    onError: (level, message) => {
      throw new Error(`${level}: ${message}`);
    },
  }).parseFromString(junitReport(result, isError), 'text/xml');
  const all = (name: string): Element[] => Array.from(xml.getElementsByTagName(name));
  expect(all('testsuites').map(attributes)).toEqual([
    { name: 'egress-router lint', tests: '3', failures: '1', errors: '0' },
  ]);
  expect(all('testsuite').map(attributes)).toEqual([
    { name: './web/a b.yaml', tests: '1', failures: '1', errors: '0', skipped: '0' },
    { name: 'c,d:e.yaml', tests: '1', failures: '0', errors: '0', skipped: '0' },
    { name: 'sound.yaml', tests: '1', failures: '0', errors: '0', skipped: '0' },
  ]);
  expect(all('testcase').map(attributes)).toEqual([
    {
      classname: './web/a b.yaml',
      name: 'gateway-outside-subnet at 12:16',
      file: './web/a b.yaml',
      line: '12',
    },
    { classname: 'c,d:e.yaml', name: 'lint' },
    { classname: 'sound.yaml', name: 'lint' },
  ]);
  expect(all('failure').map(attributes)).toEqual([{ type: 'error', message: gateway.message }]);
  expect(all('system-out').map(({ textContent }) => textContent)).toEqual([
    'c,d:e.yaml:12:16: warning leading-zero: Two\nlines?.',
  ]);
});

function attributes(element: Element): Record<string, string> {
  return Object.fromEntries(Array.from(element.attributes, ({ name, value }) => [name, value]));
}
