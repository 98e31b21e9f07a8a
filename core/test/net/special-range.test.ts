import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ipFromNumber, parseIp } from '#core/net/ip.ts';
import { specialRangeOf } from '#core/net/special-range.ts';
import { isUnicast } from '#core/netconf/host-address.ts';

test.each([
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'reserved'],
  ['10.0.0.5', undefined],
  ['100.64.0.1', undefined],
  ['127.0.0.1', 'loopback'],
  ['169.253.1.1', undefined],
  ['169.254.169.254', 'link-local'],
  ['203.0.113.25', undefined],
  ['223.255.255.255', undefined],
  ['224.0.0.1', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['fd12::99', undefined],
  ['fe80::1', 'link-local'],
  ['febf::1', 'link-local'],
  ['fec0::1', undefined],
  ['ff02::1', 'multicast'],
  ['ff::1', undefined],
  ['::ffff:10.0.0.5', 'IPv4-mapped'],
  ['::ffff:0:1:2', undefined],
  ['2001:db8::25', undefined],
])('%s: %s', (text, range) => {
  const ip = parseIp(text);
  expect(ip && specialRangeOf(ip)).toBe(range);
});

test('nothing can be sent to any of them but on a link, and to all others', () => {
  const numbers = fc.oneof(
    fc.bigInt(0n, 0xffffffffn).map((value) => ipFromNumber(value, 4)),
    fc.bigInt(0n, (1n << 128n) - 1n).map((value) => ipFromNumber(value, 6)),
    fc.bigInt(0n, 0xffffffffffffn).map((value) => ipFromNumber(value, 6)),
  );
  fc.assert(
    fc.property(numbers, (ip) => {
      const range = specialRangeOf(ip);
      expect(isUnicast(ip)).toBe(range === undefined || range === 'link-local');
    }),
  );
});
