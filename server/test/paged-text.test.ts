import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { PagedText } from '#server/paged-text.ts';

const uri = 'file:///a.yaml';
const letters = fc.constantFrom('a', 'bc', '\n', '\r\n', '\r', '😀', 'long line\n', '');
const texts = fc.array(letters, { maxLength: 12 }).map((parts) => parts.join(''));

test('it says what the library says that keeps all of a text together', () => {
  const edit = fc.record({ at: fc.nat(60), length: fc.nat(20), text: texts });
  fc.assert(
    fc.property(
      texts,
      fc.array(edit, { maxLength: 6 }),
      fc.integer({ min: 1, max: 9 }),
      (text, edits, length) => {
        const paged = new PagedText(uri, 'yaml', 1, text, length);
        let whole = text;
        checkSame(paged, whole);
        for (const { at, length: removed, text: added } of edits) {
          const start = Math.min(at, whole.length);
          const end = Math.min(start + removed, whole.length);
          paged.replace({ start, end }, added);
          whole = whole.slice(0, start) + added + whole.slice(end);
          checkSame(paged, whole);
        }
      },
    ),
    { numRuns: 100 },
  );
});

test('a long text is found again in its pages', () => {
  const line = 'twenty-three characters\n';
  const paged = new PagedText(uri, 'yaml', 1, line.repeat(10_000));
  expect(paged.positionAt(line.length * 9000 + 5)).toEqual({ line: 9000, character: 5 });
  paged.replace({ start: 0, end: line.length * 8999 }, '#\n');
  expect(paged.slice(0, 2 + line.length)).toBe(`#\n${line}`);
  expect(paged.lineCount).toBe(1003);
  expect(paged.getText()).toBe(`#\n${line.repeat(1001)}`);
});

function checkSame(paged: PagedText, text: string): void {
  const library = TextDocument.create(uri, 'yaml', 1, text);
  expect(paged.getText()).toBe(text);
  expect(paged.length).toBe(text.length);
  expect(paged.lineCount).toBe(library.lineCount);
  for (let offset = -1; offset <= text.length + 1; offset += 1) {
    expect(paged.positionAt(offset)).toEqual(library.positionAt(offset));
    expect(paged.slice(Math.max(0, offset), offset + 5)).toBe(text.slice(Math.max(0, offset), offset + 5));
  }
  for (let line = -1; line <= library.lineCount; line += 1) {
    expect(paged.getLineRange(line)).toEqual(library.getLineRange(line));
    expect(paged.getEOLCharacters(line)).toBe(library.getEOLCharacters(line));
    for (const character of [-1, 0, 1, 2, 99]) {
      const position = { line, character };
      expect([position, paged.offsetAt(position)]).toEqual([position, library.offsetAt(position)]);
    }
  }
  const range = { start: { line: 1, character: 1 }, end: { line: 3, character: 2 } };
  expect(paged.getText(range)).toBe(library.getText(range));
}
