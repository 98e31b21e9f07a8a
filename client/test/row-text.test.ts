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

test('what is wrong stands before the path of its field, and each field begins a row', () => {
  const cpu =
    'metadata.annotations.egress-router-tools/requests: "lots" is no quantity. Write such as cpu=100m.';
  const nodes = messageNodes(
    'id',
    `${cpu} spec.redirect.redirectRules[53/UDP].port: An address is loopback.`,
  );
  expect(nodes.map(({ label, description }) => [label, description])).toEqual([
    ['"lots" is no quantity.', 'metadata.annotations.egress-router-tools/requests'],
    ['Write such as cpu=100m.', undefined],
    ['An address is loopback.', 'spec.redirect.redirectRules[53/UDP].port'],
  ]);
});

test('a status of very many sentences', () =>
  check(`${'No. '.repeat(250_000)}Restart it.`, [...Array(18).fill('No.'), '…', 'Restart it.']));
