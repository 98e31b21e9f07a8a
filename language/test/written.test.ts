import { expect, test } from 'vitest';
import { isMap, isSeq } from 'yaml';
import { besides, endOf, entriesOf, parseWithMarks, wayTo } from '#language/edits/written.ts';

const list = (count: number): string => `rules:\n${'  - port: 1\n'.repeat(count)}  # the end\n`;

test('where a long list ends is seen at its end', () => {
  const document = parseWithMarks(list(2000));
  const rules = isMap(document.contents) ? document.contents.items[0]?.value : undefined;
  const token = isSeq(rules) ? rules.srcToken : undefined;
  if (token?.type !== 'block-seq') throw new Error('The list is written as a block.');
  let looks = 0;
  const items = new Proxy(token.items, {
    get: (target, key, receiver): unknown => {
      if (typeof key === 'string' && /^[0-9]+$/.test(key)) looks += 1;
      return Reflect.get(target, key, receiver);
    },
  });
  expect(endOf({ ...token, items })).toBe(list(2000).indexOf('\n  # the end'));
  expect(looks).toBeLessThan(4);
});

for (const [text, path] of [
  [list(1), ['rules', 0]],
  [list(3), ['rules', 0]],
  [list(3), ['rules', 1]],
  [list(3), ['rules', 2]],
  ['a: 1\nb: 2\nc: 3\n', ['a']],
  ['a: 1\nb: 2\nc: 3\n', ['b']],
  ['a: 1\nb: 2\nc: 3\n', ['c']],
  ['[1, 2, 3, ]', [2]],
  ['{a: 1, b: 2}', ['b']],
  ['- 1\n-\n- # none\n- 4\n', [2]],
] as const) {
  test(`what stands beside ${path.join('.')} in ${JSON.stringify(text)} is what a look at all tells`, () => {
    const last = wayTo(parseWithMarks(text), path)?.at(-1);
    if (last === undefined) throw new Error('There is such an entry.');
    const entries = entriesOf(last.collection);
    const index = entries.findIndex(({ start }) => start === last.entry.start);
    const { previous, hasNext } = besides(last.collection, last.entry);
    expect([previous?.item, hasNext]).toEqual([entries[index - 1]?.item, index + 1 < entries.length]);
  });
}
