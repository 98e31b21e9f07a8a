import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ShortTexts } from '#agent/operator/short-texts.ts';

test('whatever is shortened comes back as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), { maxLength: 4 }), (all) => {
      const texts = new ShortTexts();
      const shortened = all.map((text) => texts.shorten(text));
      expect(shortened.map((short) => texts.restore(short))).toEqual(all);
    }),
  );
});

test('of texts that resemble each other little more is kept than in what they differ', () => {
  const texts = new ShortTexts();
  const textOf = (name: string, rules: number): string =>
    JSON.stringify({
      metadata: { name, labels: { app: 'router' }, uid: `uid of ${name}` },
      spec: Array.from({ length: rules }, (_, index) => ({ protocol: 'TCP', port: 8_000 + index })),
    });
  for (const rules of [1, 10, 100]) {
    expect(texts.shorten(textOf('a', rules)).length).toBeGreaterThan(textOf('a', rules).length);
    const short = texts.shorten(textOf('b', rules));
    expect(short.length).toBeLessThan(30);
    expect(texts.restore(short)).toBe(textOf('b', rules));
  }
});
