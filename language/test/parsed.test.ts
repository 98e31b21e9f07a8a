import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';
import { lensesOf } from '#language/features/lenses.ts';
import { routersOf } from '#language/features/routers.ts';
import { symbolsOf } from '#language/features/symbols.ts';
import { readContent } from '#language/slice-content.ts';
import { parseSlice } from '#language/yaml/parsed.ts';
import { pathAt } from '#language/yaml/path-at.ts';
import { head, roughText, router } from './cursor.ts';

/** A sound manifest with some of it cut out and something else put in. */
const damaged = fc
  .tuple(
    fc.nat(router.length),
    fc.nat(40),
    fc.oneof(fc.string(), fc.constantFrom('{{', '}}', '&a', '*a', '---\n', '\t', '"', '[', '? ', '!!x')),
  )
  .map(([at, length, put]) => router.slice(0, at) + put + router.slice(at + length));

test('no text makes any feature throw', () => {
  fc.assert(
    fc.property(fc.oneof(damaged, roughText), fc.nat(400), (text, offset) => {
      const file = readYamlFile(text);
      for (const { span } of routersOf(file).flatMap((one) => one.diagnostics)) {
        expect(span.start).toBeGreaterThanOrEqual(0);
        expect(span.end).toBeGreaterThanOrEqual(span.start);
        expect(span.end).toBeLessThanOrEqual(text.length);
      }
      for (const { span, selection } of symbolsOf(file)) {
        expect(span.start <= selection.start && selection.end <= span.end).toBe(true);
      }
      lensesOf(file);
      pathAt(parseSlice(text), Math.min(offset, text.length));
    }),
    { numRuns: 200 },
  );
});

test('a file read with the help of an earlier one is read the same', () => {
  fc.assert(
    fc.property(damaged, damaged, (before, after) => {
      const text = `a: 1\n---\n${after}\n---\n${router}`;
      const withHelp = readYamlFile(text, readYamlFile(`${before}\n---\n${router}`));
      expect(routersOf(withHelp)).toEqual(routersOf(readYamlFile(text)));
    }),
    { numRuns: 100 },
  );
});

test('only documents whose text has changed are read again', () => {
  const before = readYamlFile(`${router}---\n${router.replace('8080', '8081')}`);
  const after = readYamlFile(`# moved\n---\na: 1\n---\n${router.replace('8080', '8081')}`, before);
  expect(after.slices.at(-1)?.content).toBe(before.slices.at(-1)?.content);
});

function checkRecognition(text: string, wanted: boolean): void {
  test(`${wanted ? 'ours' : 'not ours'}: ${JSON.stringify(text.slice(0, 90))}`, () => {
    const { objects = [] } = readContent(text, { reconciler: 'unknown' }) ?? {};
    expect(objects.some(({ kind }) => kind === 'router')).toBe(wanted);
  });
}

checkRecognition(head, true);
checkRecognition('kind: EgressRouter\napiVersion: network.operator.openshift.io/v1', true);
checkRecognition('  kind: "EgressRouter"\n  apiVersion: network.operator.openshift.io/v2\n', true);
checkRecognition('{"apiVersion": "network.operator.openshift.io/v1", "kind": "EgressRouter"}', true);
checkRecognition(`${head}spec: [`, true);
checkRecognition('apiVersion: network.operator.openshift.io/v1\nkind: EgressRouter\n"', true);
checkRecognition('apiVersion: network.operator.openshift.io/v1\r\nkind: EgressRouter # c\r\n  - [\r\n', true);
checkRecognition('', false);
checkRecognition('kind: EgressRouter', false);
checkRecognition('apiVersion: network.operator.openshift.io/v1\nkind: OperatorPKI', false);
checkRecognition('apiVersion: example.com/v1\nkind: EgressRouter', false);
checkRecognition(
  'apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    apiVersion: network.operator.openshift.io/v1\n    kind: EgressRouter\n',
  false,
);
checkRecognition('# apiVersion: network.operator.openshift.io/v1\n# kind: EgressRouter\nx: [', false);
checkRecognition('- apiVersion: network.operator.openshift.io/v1\n  kind: EgressRouter', false);

/** Of these it takes no more than a moment to say something, whatever that is. */
const hostile: Readonly<Record<string, string>> = {
  'brackets never closed': `${head}a: ${'['.repeat(100_000)}`,
  'brackets within brackets': `${head}a: ${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  'objects within objects': `${head}a: ${'{"a":'.repeat(20_000)}`,
  'lists within lists': `${head}a:\n  ${'- '.repeat(20_000)}x\n`,
  'lists where none may begin': `${head}a: ${'- '.repeat(20_000)}x\n`,
  'keys in one line': `${head}a: ${'a: '.repeat(20_000)}x\n`,
  'a few hundred keys in one line': `${head}a: ${'a: '.repeat(400)}x\n`,
  'lists of both kinds': `${'- '.repeat(200)}${'['.repeat(200)}${']'.repeat(200)}\n`,
  'far to the right': Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('') + head,
};
for (const [title, text] of Object.entries(hostile)) {
  test(`nested without an end: ${title}`, () => {
    expect(parseSlice(text).faults.map(({ code }) => code)).toEqual(['RESOURCE_EXHAUSTION']);
  });
}

test('nested as deep as anybody writes', () => {
  const text = `a: ${'['.repeat(200)}${']'.repeat(200)}\nb: ${'{a: '.repeat(200)}1${'}'.repeat(200)}\n`;
  expect(parseSlice(text).faults).toEqual([]);
  expect(parseSlice(`${'- '.repeat(200)}x\n`).faults).toEqual([]);
});

test('templates without an end, and many in one line', () => {
  const lines = '{{ a\n'.repeat(100_000);
  expect(parseSlice(lines).holes).toHaveLength(100_000);
  expect(parseSlice(`a: ${'{{}} '.repeat(100_000)}\n`).holes).toHaveLength(100_000);
});

test('a cursor in a line of blanks', () => {
  const text = `${head}a: -${' '.repeat(200_000)}x:`;
  expect(() => pathAt(parseSlice(text), text.length - 2)).not.toThrow();
});

test.for([500, 3000, 30_000])(
  '%i keys on a line are told at one place, whether the stack lasts or not',
  (count) => {
    const [fault] = parseSlice(`kind: x\nlong: ${'a: '.repeat(count)}\n`).faults;
    expect(fault).toMatchObject({ code: 'RESOURCE_EXHAUSTION', span: { start: 0, end: 4 } });
  },
);
