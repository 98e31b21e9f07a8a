import { expect, test } from 'vitest';
import { plainMarkdown } from '#client/plain-markdown.ts';

test.each<[string, string, string]>([
  ['breaks between words alone', 'add a rule, or remove', 'add a rule\\, or remove'],
  ['a link', '[x](command:y)', '\\[x\\]\\(command\\:y\\)'],
  ['an address that would be one', 'https://a.b www.a.b a@b.c', 'https\\:\\/\\/a\\.b www\\.a\\.b a\\@b\\.c'],
  ['HTML and entities', '<b>&nbsp;', '\\<b\\>\\&nbsp\\;'],
  ['a list, a heading and code', '1. a\n# b\n    c', '1\\. a\n\n\\# b\n\n&nbsp;&nbsp;&nbsp;&nbsp;c'],
  ['columns', 'a   b', 'a&nbsp;&nbsp; b'],
  ['words of other scripts', 'Règle – 規則', 'Règle – 規則'],
])('a text is shown as it is: %s', (_, text, expected) => expect(plainMarkdown(text)).toBe(expected));
