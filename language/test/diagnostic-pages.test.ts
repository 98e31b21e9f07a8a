import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { DiagnosticCode } from '#language/features/diagnostics.ts';

/** The compiler holds this table to the codes that there are. */
const codes = {
  'wrong-type': true,
  'missing-field': true,
  'unknown-field': true,
  'not-in-enum': true,
  'out-of-range': true,
  'wrong-length': true,
  'pattern-mismatch': true,
  'wrong-format': true,
  'no-variant': true,
  'invalid-name': true,
  'address-without-prefix': true,
  'address-not-cidr': true,
  'invalid-interface-name': true,
  'no-address': true,
  'address-is-network': true,
  'address-is-broadcast': true,
  'gateway-other-family': true,
  'gateway-outside-subnet': true,
  'gateway-is-address': true,
  'duplicate-rule': true,
  'family-not-served': true,
  'nothing-to-redirect': true,
  'yaml-syntax': true,
  'duplicate-key': true,
  'leading-zero': true,
} satisfies Record<DiagnosticCode, true>;

const folder = new URL('../../docs/diagnostics/', import.meta.url);

test('every code has its page, and every page its code', () => {
  expect(readdirSync(folder).toSorted()).toEqual(
    Object.keys(codes)
      .map((code) => `${code}.md`)
      .toSorted(),
  );
});

for (const code of Object.keys(codes)) {
  test(`the page of ${code} says what, why and what to do, with an example`, () => {
    const text = readFileSync(new URL(`${code}.md`, folder), 'utf8');
    expect(text).toMatch(/^# .+\n\n`([a-z-]+)`\n\n\S/);
    expect(/^`(.+)`$/m.exec(text)?.[1]).toBe(code);
    expect([...text.matchAll(/^## (.+)$/gm)].map((match) => match[1])).toEqual([
      'Why it matters',
      'What to do',
      'Example',
    ]);
    const right = /```yaml\n# wrong\n[\s\S]+\n\n# right\n([\s\S]+)```\n$/.exec(text)?.[1] ?? '';
    expect(right).not.toBe('');
    for (const document of parseAllDocuments(right)) expect(document.errors).toEqual([]);
  });
}
