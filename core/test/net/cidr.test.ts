import { expect, test } from 'vitest';
import {
  type Cidr,
  containsIp,
  firstIp,
  hasBroadcast,
  lastIp,
  networkOf,
  parseCidr,
} from '#core/net/cidr.ts';
import { parseIp } from '#core/net/ip.ts';

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
