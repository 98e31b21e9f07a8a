import { expect, test } from 'vitest';
import { documentAt, documentOf } from '#client/commands/document-at.ts';
import type { Lens } from '#client/commands/lens.ts';
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

test.each<[string, Lens, number | undefined]>([
  ['where it was', { name: 'a', line: 0 }, 0],
  ['the other one of its name', { name: 'a', line: 7 }, 6],
  ['moved away, with another one in its place', { name: 'b', namespace: 'x', line: 3 }, 20],
  ['of another namespace', { name: 'b', line: 20 }, undefined],
  ['renamed', { name: 'old', line: 0 }, undefined],
  ['two of its name, neither where it was', { name: 'a', line: 40 }, undefined],
])('the router of a code lens: %s', (_, lens, start) => {
  const documents = [doc('a', 0, 4), doc('a', 6, 9), { ...doc('b', 20, 24), namespace: 'x' }];
  expect(documentOf(documents, lens)?.range.start.line).toBe(start);
});

function doc(name: string, from: number, to: number): RouterDocument {
  return {
    name,
    problems: [],
    range: { start: { line: from, character: 0 }, end: { line: to, character: 0 } },
  };
}
