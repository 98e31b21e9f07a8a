import { expect, test } from 'vitest';
import { notificationText } from '#client/notification-text.ts';

/** What the editor takes for a link in a notification. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

test.each([
  'Degraded: [Log in again](command:workbench.action.terminal.sendSequence?%7B%22text%22%3A%22id%5Cn%22%7D).',
  '[a](https://example.com "title")',
  '[[a](file:///etc/passwd)](command:x)',
  '[a][b](COMMAND:x)',
])('no link is left: %s', (text) => {
  expect(text).toMatch(link);
  expect(notificationText(text)).not.toMatch(link);
  expect(notificationText(text).replaceAll('\u2060', '')).toBe(text);
});

test('other texts stay as they are', () => {
  const text = 'Cannot reach https://[::1]:6443 (ECONNREFUSED): spec.addresses[0] is bad.';
  expect(notificationText(text)).toBe(text);
});
