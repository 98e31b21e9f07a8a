import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Cidr,
  containsIp,
  firstIp,
  hasBroadcast,
  lastIp,
  networkOf,
  parseCidr,
  placeIn,
  toCidr,
} from '#core/net/cidr.ts';
import { bitsOf, type IpFamily, ipFromNumber, ipToNumber, parseIp } from '#core/net/ip.ts';

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`${text} is no CIDR`);
  return parsed;
}

test('a CIDR is an address, a slash and a prefix length', () => {
  const rows: [string, string | undefined][] = [
    ['192.168.12.99/24', '192.168.12.99/24'],
    ['10.0.0.1/0', '10.0.0.1/0'],
    ['FD12::99/64', 'fd12::99/64'],
    ['192.168.12.99', undefined],
    ['192.168.12.99/33', undefined],
    ['fd12::99/129', undefined],
    ['192.168.12.99/024', undefined],
    ['192.168.12.99/', undefined],
    ['192.168.12.99/24/24', undefined],
    ['/24', undefined],
    ['a/24', undefined],
  ];
  for (const [text, expected] of rows) expect(parseCidr(text), text).toBe(expected);
});

test('network, first and last address', () => {
  const rows = [
    ['192.168.12.99/24', '192.168.12.0/24', '192.168.12.0', '192.168.12.255'],
    ['192.168.12.99/31', '192.168.12.98/31', '192.168.12.98', '192.168.12.99'],
    ['192.168.12.99/32', '192.168.12.99/32', '192.168.12.99', '192.168.12.99'],
    ['10.1.2.3/0', '0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
    ['fd12::99/64', 'fd12::/64', 'fd12::', 'fd12::ffff:ffff:ffff:ffff'],
  ];
  for (const [text = '', ...expected] of rows) {
    const value = cidr(text);
    expect([networkOf(value), firstIp(value), lastIp(value)], text).toEqual(expected);
  }
});

test('an address is inside a network of its own family only', () => {
  const rows: [string, string, boolean][] = [
    ['192.168.12.99/24', '192.168.12.1', true],
    ['192.168.12.99/24', '192.168.13.1', false],
    ['192.168.12.99/25', '192.168.12.128', false],
    ['0.0.0.0/0', '::1', false],
    ['fd12::99/64', 'fd12::1', true],
    ['fd12::99/64', 'fd12:0:0:1::1', false],
  ];
  for (const [network, text, expected] of rows) {
    const ip = parseIp(text);
    expect(ip !== undefined && containsIp(cidr(network), ip), `${text} in ${network}`).toBe(expected);
  }
});

test('only an IPv4 network of /30 or wider sets aside a broadcast address', () => {
  expect(
    ['1.2.3.4/24', '1.2.3.4/30', '1.2.3.4/31', '1.2.3.4/32', '::1/64'].map((text) =>
      hasBroadcast(cidr(text)),
    ),
  ).toEqual([true, true, false, false, false]);
});

test('ends and places are those that arithmetic of whole numbers gives', () => {
  const pair = fc.constantFrom<IpFamily>(4, 6).chain((family) => {
    const bits = bitsOf(family);
    const value = fc.bigInt(0n, (1n << BigInt(bits)) - 1n);
    return fc.record({
      family: fc.constant(family),
      value,
      length: fc.integer({ min: 0, max: bits }),
      // Near the address, or anywhere.
      other: fc.oneof(value, fc.bigInt(-300n, 300n)),
    });
  });
  fc.assert(
    fc.property(pair, ({ family, value, length, other }) => {
      const hosts = 1n << BigInt(bitsOf(family) - length);
      const first = value - (value % hosts);
      const last = first + hosts - 1n;
      const range = toCidr(ipFromNumber(value, family), length);
      expect([ipToNumber(firstIp(range)), ipToNumber(lastIp(range))]).toEqual([first, last]);
      for (const number of [other, value + other, first, last, first - 1n, last + 1n]) {
        if (number < 0n || number >> BigInt(bitsOf(family)) !== 0n) continue;
        const ip = ipFromNumber(number, family);
        const isIn = number >= first && number <= last;
        expect(containsIp(range, ip)).toBe(isIn);
        const inside = number === first ? 'first' : number === last ? 'last' : 'within';
        expect(placeIn(range, ip)).toBe(isIn ? inside : 'outside');
      }
    }),
  );
});
