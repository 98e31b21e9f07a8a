import { expect, test } from 'vitest';
import { printable } from '#cli/printable.ts';

test.each([
  ['\u001b[2Jgone', '\\x1b[2Jgone'],
  ['\u009b31m', '\\x9b31m'],
  ['a\rb\u0007\u007f\u0000', 'a\\x0db\\x07\\x7f\\x00'],
  ['NAME\tSTATE\n→ ready é 🙂', 'NAME\tSTATE\n→ ready é 🙂'],
])('%j is shown as %j', (text, shown) => expect(printable(text)).toBe(shown));
