import { expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';
import { Workspace } from '#language/workspace.ts';
import { bomb, head, lines, nadHead, router } from './hostile-parts.ts';

/**
 * Texts that nobody writes and a disk may hold. What takes a time that grows with the square of one of them takes
 * minutes; what grows with the text itself, less than a second. The time of a test is the bound.
 */
const manyKeys = (count: number): string => lines(count, (index) => `  k${index}: 1\n`);
const jsonOf = (spec: string): string =>
  `{"apiVersion":"network.operator.openshift.io/v1","kind":"EgressRouter","metadata":{"name":"a"},"spec":${spec}}`;

/** The codes that are told, each once. */
const texts: readonly (readonly [title: string, text: string, codes: readonly string[]])[] = [
  ['20,000 unknown keys', `${head}spec:\n${manyKeys(20_000)}`, ['missing-field', 'unknown-field']],
  ['the same with a fault at the end', `${head}spec:\n${manyKeys(20_000)}  a: [\n`, ['yaml-syntax']],
  [
    'the same as JSON',
    jsonOf(`{${lines(20_000, (index) => `"k${index}":1,`)}"last":1}`),
    ['missing-field', 'unknown-field'],
  ],
  ['one key 20,000 times', `${head}spec:\n${lines(20_000, () => '  k: 1\n')}`, ['duplicate-key']],
  ['a manifest 5,000 times without a marker', router.repeat(5000), ['duplicate-key']],
  ['100,001 double quotes on a line', `${head}spec: ${'"'.repeat(100_001)}\n`, ['yaml-syntax']],
  ['100,001 single quotes on a line', `${head}spec: ${"'".repeat(100_001)}\n`, ['yaml-syntax']],
  ['a line of 1 MB', `${head}spec: ${'word '.repeat(200_000)}\n`, ['wrong-type']],
  ['a line of 1 MB of blanks', `${head}spec: ${' '.repeat(1_000_000)}x\n`, ['wrong-type']],
  ['100,000 colons on a line', `${head}spec: ${'a: '.repeat(100_000)}\n`, ['yaml-syntax']],
  ['a false blank behind 300,000 blanks', `${head}spec:\n${' '.repeat(300_000)}x\uFEFF\n`, ['yaml-syntax']],
  ['a million commas', `${head}spec: [${','.repeat(1_000_000)}]\n`, ['yaml-syntax']],
  ['half a million tags', `${head}spec: ${'! '.repeat(500_000)}\n`, ['yaml-syntax']],
  ['300,000 anchors at one place', `${head}spec: ${'&a '.repeat(300_000)}\n`, ['yaml-syntax']],
  ['100,000 opening brackets', `${head}spec: ${'['.repeat(100_000)}\n`, ['yaml-syntax']],
  ['100,000 opening braces', `${head}spec: ${'{ '.repeat(100_000)}\n`, ['yaml-syntax']],
  ['100,000 closing brackets', `${head}spec: ${']'.repeat(100_000)}\n`, ['yaml-syntax']],
  ['100,000 lists on a line', `${head}spec: ${'[]'.repeat(100_000)}\n`, ['yaml-syntax']],
  ['JSON 100,000 objects deep', jsonOf(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`), ['yaml-syntax']],
  [
    'a block 1,500 levels deep',
    `${head}spec:\n${lines(1500, (index) => `${' '.repeat(index + 1)}a:\n`)}`,
    ['yaml-syntax'],
  ],
  ['a bomb of aliases', `${head}a: &a [x,x,x,x,x,x,x,x,x]\n${bomb()}spec: *i\n`, ['yaml-syntax']],
  [
    '10,000 anchors, and 2,900 aliases',
    `${head}spec:\n${lines(10_000, (index) => `  k${index}: &a${index} x\n`)}${lines(2900, (index) => `  l${index}: *a${index}\n`)}`,
    ['missing-field', 'unknown-field'],
  ],
  ['a block of text of 2 MB', `${head}spec: |\n${'  some text\n'.repeat(170_000)}`, ['wrong-type']],
  ['a key of 1 MB', `${head}${'k'.repeat(1_000_000)}: 1\n`, ['yaml-syntax']],
  ['an address of 1 MB', router.replace('192.168.12.99', '1.'.repeat(500_000)), ['address-not-cidr']],
  ['300,000 blank lines', `${head}${'\n'.repeat(300_000)}`, ['missing-field']],
  [
    '30,000 expressions of templates',
    `${head}spec:\n${lines(30_000, (index) => `  k${index}: {{ .v }}\n`)}`,
    [],
  ],
  [
    '20,000 odd values',
    `${head}spec:\n  l:\n${'    - 010\n'.repeat(20_000)}`,
    ['leading-zero', 'missing-field', 'unknown-field'],
  ],
  ['a million documents', `${router}${'---\n'.repeat(1_000_000)}`, []],
  ['10,000 routers of one name and address', lines(10_000, () => `${router}---\n`), ['same-name']],
  [
    'a configuration of 10,000 keys in a string',
    `${nadHead}  config: '{"type":"egress-router",${lines(10_000, (index) => `"k${index}":1,`)}"last":1}'\n`,
    ['netconf-no-addresses', 'netconf-unknown-key'],
  ],
  [
    '5,000 equal rules',
    `${router}${'      - {port: 8080, protocol: TCP, destinationIP: 203.0.113.25}\n'.repeat(5000)}`,
    ['duplicate-rule'],
  ],
];

test.for(texts)('there is an answer for %s', { timeout: 60_000 }, ([, text, codes]) => {
  const workspace = new Workspace();
  workspace.setFile('a.yaml', readYamlFile(text));
  const found = workspace.diagnosticsOf('a.yaml').map(({ diagnostic: { code } }) => code);
  expect([...new Set<string>(found)].toSorted()).toEqual(codes);
  expect(found.length).toBeLessThanOrEqual(10_000);
});
