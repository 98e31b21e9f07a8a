import { expect, test } from 'vitest';
import { documentAt } from '#client/commands/document-at.ts';
import type { RouterDocument } from '#core/protocol.ts';

test.each([
  ['the document the line stands in', [doc('a', 0, 4), doc('b', 6, 9)], 7, 'b'],
  ['its first line', [doc('a', 0, 4), doc('b', 6, 9)], 6, 'b'],
  ['its last line', [doc('a', 0, 4), doc('b', 6, 9)], 4, 'a'],
  ['the only document, wherever the cursor is', [doc('a', 3, 4)], 20, 'a'],
  ['none, where two could be meant', [doc('a', 0, 4), doc('b', 6, 9)], 5, undefined],
  ['none, where there is none', [], 0, undefined],
])('%s', (_, documents, line, name) => {
  expect(documentAt(documents, line)?.name).toBe(name);
});

function doc(name: string, from: number, to: number): RouterDocument {
  return {
    name,
    problems: [],
    range: { start: { line: from, character: 0 }, end: { line: to, character: 0 } },
  };
}
