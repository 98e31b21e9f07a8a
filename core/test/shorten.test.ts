import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fewSentences, shorten } from '#core/shorten.ts';

test('a text that is too long keeps its beginning and its end', () => {
  expect(shorten('as it is', 8)).toBe('as it is');
  expect(shorten('"aaaaaaaaaaaaaaaaaaaaaaaaaa" is no value: write b.', 28)).toBe(
    '"aaaaaaaaaaaaaaaa … write b.',
  );
});

test('no text comes out longer than it may be, and none with half a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 10, max: 30 }), (text, most) => {
      const short = shorten(text, most);
      return short.length <= most && Buffer.from(short).toString() === short;
    }),
  );
});

test('of many sentences the first few are said, each cut', () => {
  const long = `${'x'.repeat(100_000)} is wrong.`;
  expect(fewSentences(['One.', 'Two.'])).toBe('One. Two.');
  const all = fewSentences(Array.from({ length: 7_000 }, () => long));
  expect(all).toMatch(/^xxx.* … x+ is wrong\. … and 6995 more\.$/);
  expect(all.length).toBeLessThan(2_600);
});
