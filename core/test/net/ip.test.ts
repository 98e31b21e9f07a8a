import fc from 'fast-check';
import { expect, test } from 'vitest';
import { familyOf, ipFromNumber, ipToNumber, parseIp } from '#core/net/ip.ts';

function check(text: string, canonical: string | undefined): void {
  expect(parseIp(text), text).toBe(canonical);
}

test('IPv4 addresses are four octets without leading zeros', () => {
  check('192.168.12.99', '192.168.12.99');
  check('0.0.0.0', '0.0.0.0');
  check('255.255.255.255', '255.255.255.255');
  check('256.1.1.1', undefined);
  check('1.2.3', undefined);
  check('1.2.3.4.5', undefined);
  check('010.1.1.1', undefined);
  check('1.2.3.4 ', undefined);
  check('1.2.3.4/24', undefined);
  check('', undefined);
});

test('IPv6 addresses are spelled as RFC 5952 says', () => {
  check('2001:DB8:0:0:0:0:0:25', '2001:db8::25');
  check('::', '::');
  check('::1', '::1');
  check('1::', '1::');
  check('2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1');
  check('2001:0:0:1:0:0:0:1', '2001:0:0:1::1');
  check('::ffff:192.0.2.1', '::ffff:192.0.2.1');
  check('::ffff:c000:201', '::ffff:192.0.2.1');
  check('64:ff9b::192.0.2.33', '64:ff9b::c000:221');
  check('1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0');
  check('1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8');
});

test('what is no IPv6 address is refused', () => {
  for (const text of [
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::12345',
    'fe80::1%eth0',
  ]) {
    check(text, undefined);
  }
  check('[::1]', undefined);
  check('::1.2.3', undefined);
  check('1.2.3.4::', undefined);
});

test('an address survives the way through its number', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const ip = parseIp(text);
      expect(ip).toBeDefined();
      if (ip === undefined) return;
      expect(parseIp(ip)).toBe(ip);
      expect(ipFromNumber(ipToNumber(ip), familyOf(ip))).toBe(ip);
    }),
  );
});

test('no text makes the parser throw', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseIp(text)));
});
