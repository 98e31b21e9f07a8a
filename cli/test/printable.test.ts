import { expect, test } from 'vitest';
import { formatTable } from '#cli/format.ts';
import { inOneLine, oneLine, printable, withoutControls } from '#cli/printable.ts';

test.each([
  ['\u001b[2Jgone', '\\x1b[2Jgone'],
  ['\u009b31m', '\\x9b31m'],
  ['a\rb\u0007\u007f\u0000', 'a\\x0db\\x07\\x7f\\x00'],
  ['egress-\u202ea\u2066 ready\u2028', 'egress-\\u202ea\\u2066 ready\\u2028'],
  ['egress\u200b-a\ufeff\u00ad\u{e0041}', 'egress\\u200b-a\\ufeff\\u00ad\\u{e0041}'],
  ['⚠\ufe0f prod\ufe0f', '⚠\ufe0f prod\\ufe0f'],
  ['NAME\tSTATE\n→ ready é 🙂', 'NAME\tSTATE\n→ ready é 🙂'],
])('%j is shown as %j', (text, shown) => expect(printable(text)).toBe(shown));

test('marks of direction stay in documents', () =>
  expect(withoutControls('# \u200fשלום\u001b')).toBe('# \u200fשלום\\x1b'));

test('a message makes no row of a table', () =>
  expect(
    formatTable([
      ['NAME', 'STATE', 'MESSAGE'],
      ['egress-a', 'degraded', 'bad\negress-b   ready\r\n\u202eydaer \u001b[2J'],
    ]),
  ).toBe('NAME       STATE      MESSAGE\negress-a   degraded   bad egress-b ready \\u202eydaer \\x1b[2J\n'));

test.each([
  ['bad\nContext prod: done.\n', 'bad\\nContext prod: done.\\n', 'bad Context prod: done.'],
  ['a \u2028\u202e\r\n b', 'a \\u2028\\u202e\\x0d\\n b', 'a \\u202e b'],
  ['x'.repeat(20_000), `${'x'.repeat(10_000)}…`, `${'x'.repeat(10_000)}…`],
])('%j is one line', (text, escaped, prose) => {
  expect(inOneLine(text)).toBe(escaped);
  expect(oneLine(text)).toBe(prose);
});
