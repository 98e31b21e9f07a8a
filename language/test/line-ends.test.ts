import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeYamlFile, readYamlFile } from '#language/document.ts';
import { completionsAt } from '#language/features/completion/completion.ts';
import { fixText } from '#language/features/fixes/fix-all.ts';
import { foldsOf } from '#language/features/folding.ts';
import { symbolsOf } from '#language/features/symbols.ts';
import { cursorIn, router } from './cursor.ts';
import { changed } from './rows/changed.ts';

const returns = (text: string): string => text.replaceAll('\n', '\r');
const codesOf = (text: string): readonly string[] =>
  readYamlFile(text).slices.flatMap(({ content }) => (content?.diagnostics ?? []).map(({ code }) => code));

test('lines that end in a lone return are lines', () => {
  const two = `# c\n${router}---\n${changed('TCP', 'tcp')}`;
  expect(codesOf(returns(two))).toEqual(['protocol-lower-case']);
  expect(symbolsOf(readYamlFile(returns(two)))).toEqual(symbolsOf(readYamlFile(two)));
  expect(foldsOf(readYamlFile(returns(two)))).toEqual(foldsOf(readYamlFile(two)));
});

test('one such line among others is a line', () => {
  expect(codesOf(changed('        protocol: TCP\n', '        protocol: TCP\r'))).toEqual([]);
});

test('all other lines keep their ends when one is mended', () => {
  expect(fixText(readYamlFile(returns(changed('TCP', 'tcp')))).text).toBe(returns(router));
});

test('keys are completed on such a line', () => {
  const { text, offset } = cursorIn(router.replace('protocol: TCP', 'pro|'));
  const labels = completionsAt(readYamlFile(returns(text)), offset).map(({ label }) => label);
  expect(labels).toEqual(['protocol']);
});

test('whatever is typed, the documents are those of a file that is read anew', () => {
  const piece = fc.constantFrom('\r', '\n', '\r\n', '---', '...', 'a: 1', ' ', '# c', '\uFEFF');
  const pieces = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(pieces, fc.nat(), fc.nat(6), pieces, (text, at, length, put) => {
      const start = at % (text.length + 1);
      const before = { start, end: Math.min(text.length, start + length) };
      const after = text.slice(0, start) + put + text.slice(before.end);
      const made = changeYamlFile(readYamlFile(text), after, { before, end: start + put.length });
      expect(made).toEqual(readYamlFile(after));
    }),
    { numRuns: 3000 },
  );
});
