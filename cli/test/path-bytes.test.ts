import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOfPath, nameOfBytes, percentEncoded, printableName } from '#cli/path-bytes.ts';

test('any bytes lead back to themselves', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(Buffer.from(bytesOfPath(nameOfBytes(bytes)))).toEqual(Buffer.from(bytes));
    }),
  );
});

test('a name that can be read is that text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      expect(nameOfBytes(Buffer.from(name))).toBe(name);
    }),
  );
});

test('how such a name is shown', () => {
  const name = nameOfBytes(Buffer.from([0x61, 0xe4, 0x2f, 0xc3, 0xa9, 0xc3]));
  expect(printableName(name)).toBe('a\\xe4/é\\xc3');
  expect(percentEncoded(name)).toBe('a%E4/%C3%A9%C3');
});
