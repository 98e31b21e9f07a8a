import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { recut, sliceAt, toSlices } from '#language/text/slices.ts';
import { roughText } from './cursor.ts';

function check(title: string, parts: readonly string[]): void {
  test(title, () => {
    const slices = toSlices(parts.join(''));
    expect(slices.map((slice) => slice.text)).toEqual(parts);
    let start = 0;
    for (const slice of slices) {
      expect(slice.start).toBe(start);
      start += slice.text.length;
    }
  });
}

check('an empty file is one empty document', ['']);
check('a file without markers is one document', ['a: 1\nb: 2\n']);
check('a document begins with its marker', ['a: 1\n', '---\nb: 2\n', '--- # c\nc: 3']);
check('what stands before the first marker is part of it', ['# comment\n\n%YAML 1.2\n---\na: 1\n']);
check('a document ends after its end marker', ['a: 1\n...\n', '# next\n---\nb: 2\n', '---\n']);
check('content on the marker line', ['--- {a: 1}\n', '--- {b: 2}\n']);
check('line ends of Windows', ['a: 1\r\n', '---\r\nb: 2\r\n...\r\n', 'c: 3\r\n']);
check('a byte order mark', ['\uFEFF---\na: 1\n', '---\nb: 2\n']);
check('a byte order mark before content', ['\uFEFFa: 1\n', '---\nb: 2\n']);
check('a block scalar ends at a marker in column 0', ['a: |\n  text\n', '---\nb: 2\n']);
check('an indented marker is text', ['a: |\n  ---\n  ...\nb: 2\n']);
check('a longer word is no marker', ['a: 1\n---x\n....\n----\nb: 2\n']);
check('markers one after the other', ['---\n', '---\n', '---']);
check('an end marker alone', ['...\n', 'a: 1\n']);
check('a line separator of Unicode is no line break', ['a: "x\u2028--- y"\n']);
check('JSON', ['{\n  "a": 1\n}\n']);

const lines = fc.array(
  fc.constantFrom(
    '---',
    '...',
    '--- # c',
    '--- x',
    '# c',
    '%YAML 1.2',
    '',
    'a: 1',
    '  b: |',
    '  ---',
    '- x',
    '---x',
    '"',
    '[',
    ' \t',
    '\uFEFF',
  ),
  { maxLength: 12 },
);
const files = fc.tuple(lines, fc.constantFrom('\n', '\r\n')).map(([all, eol]) => all.join(eol));

test('slices joined are the file, whatever it holds', () => {
  fc.assert(
    fc.property(fc.oneof(files, roughText), (text) => {
      expect(
        toSlices(text)
          .map((slice) => slice.text)
          .join(''),
      ).toBe(text);
    }),
  );
});

test('slicing a slice gives that slice', () => {
  fc.assert(
    fc.property(files, (text) => {
      for (const slice of toSlices(text)) expect(toSlices(slice.text)).toEqual([{ ...slice, start: 0 }]);
    }),
  );
});

test('slices cut again around a change are those of the new text', () => {
  let kept = 0;
  fc.assert(
    fc.property(
      fc.oneof(files, roughText),
      fc.nat(),
      fc.nat(),
      fc.oneof(files, roughText, fc.constant('')),
      (text, at, length, put) => {
        const start = at % (text.length + 1);
        const before = { start, end: Math.min(text.length, start + (length % 9)) };
        const after = text.slice(0, start) + put + text.slice(before.end);
        const old = toSlices(text);
        const { head, cut, tail } = recut(old, after, { before, end: start + put.length });
        const shift = after.length - text.length;
        const moved =
          tail === 0 ? [] : old.slice(-tail).map((one) => ({ text: one.text, start: one.start + shift }));
        expect([...old.slice(0, head), ...cut, ...moved]).toEqual(toSlices(after));
        kept += head + tail;
      },
    ),
    { numRuns: 3000 },
  );
  expect(kept).toBeGreaterThan(200);
});

test('a change costs no more than the documents around it', () => {
  const text = 'a: 1\n---\n'.repeat(100);
  const { head, cut, tail } = recut(toSlices(text), text.replace('a', 'b'), {
    before: { start: 0, end: 1 },
    end: 1,
  });
  expect([head, cut.length, tail]).toEqual([0, 1, 100]);
});

test('every offset has the slice that holds it', () => {
  fc.assert(
    fc.property(files, (text) => {
      const slices = toSlices(text);
      for (let offset = 0; offset < text.length; offset += 1) {
        const slice = sliceAt(slices, offset);
        expect(slice && slice.start <= offset && offset < slice.start + slice.text.length).toBe(true);
      }
    }),
  );
});

test('slices hold the documents that the YAML parser finds', () => {
  const content = fc.constantFrom('a: 1\n', 'b:\n  - "x"\n', '[1, 2]\n', 'c: |\n  ---\n');
  fc.assert(
    fc.property(
      fc.array(content, { minLength: 1, maxLength: 5 }),
      fc.constantFrom('---\n', '...\n---\n'),
      (parts, marker) => {
        const text = parts.join(marker);
        const wanted = parseAllDocuments(text).map((document) => document.toJS());
        const found = toSlices(text).flatMap((slice) =>
          parseAllDocuments(slice.text).map((document) => document.toJS()),
        );
        expect(found).toEqual(wanted);
      },
    ),
  );
});
