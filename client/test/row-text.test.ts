import { expect, test } from 'vitest';
import { messageNodes } from '#client/tree/message-nodes.ts';
import { rowText } from '#client/tree/row-text.ts';

test.each([
  ['Degraded', 'Degraded'],
  ['x'.repeat(501), `${'x'.repeat(500)}…`],
  ['\u202eydaer\u2069', '\uFFFDydaer\uFFFD'],
  ['שלום', 'שלום'],
])('%j is drawn as %j', (text, drawn) => expect(rowText(text)).toBe(drawn));

function check(message: string, labels: readonly string[]): void {
  expect(messageNodes('id', message).map(({ label }) => label)).toEqual(labels);
}

test('a row for each sentence', () =>
  check('Pod a-b: No address. Reserve one.', ['No address.', 'Reserve one.']));

test('a status of very many sentences', () =>
  check(`${'No. '.repeat(250_000)}Restart it.`, [...Array(18).fill('No.'), '…', 'Restart it.']));
