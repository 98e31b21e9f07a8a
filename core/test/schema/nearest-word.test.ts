import { expect, test } from 'vitest';
import { nearestWord } from '#core/schema/nearest-word.ts';
import { validate } from '#core/schema/validate.ts';

const words = ['addresses', 'gateway', 'ip', 'port', 'protocol', 'targetPort'];

test.each([
  ['gatewy', 'gateway'],
  ['gatway', 'gateway'],
  ['Gateway', 'gateway'],
  ['gatewayss', 'gateway'],
  ['adresses', 'addresses'],
  ['targetport', 'targetPort'],
  ['prot', undefined],
  ['ports', 'port'],
  ['i', 'ip'],
  ['mode', undefined],
  ['gate', undefined],
  ['', undefined],
])('%s is near %s', (word, near) => {
  expect(nearestWord(word, words)).toBe(near);
});

test('the message on an unknown field asks whether a known one was meant', () => {
  const schema = { properties: { gateway: {} }, additionalProperties: false };
  const messageOf = (key: string) => validate(schema, { [key]: 1 }, ['x'])[0]?.message;
  expect(messageOf('gatewy')).toBe('"gatewy" is not a field of "x". Did you mean "gateway"?');
  expect(messageOf('vlan')).toBe('"vlan" is not a field of "x".');
  const [ofEntry] = validate(schema, { vlan: 1 }, ['rules', 0]);
  expect(ofEntry?.message).toBe('"vlan" is not a field of entry 1 of "rules".');
});
