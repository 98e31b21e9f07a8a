import { expect, test } from 'vitest';
import { parseIfName } from '#core/net/ifname.ts';
import { parseMac } from '#core/net/mac.ts';
import { parsePort, parsePortText } from '#core/net/port.ts';
import { parseProtocol } from '#core/net/protocol.ts';

function check<T>(parse: (value: T) => unknown, accepted: readonly T[], refused: readonly T[]): void {
  for (const value of accepted) expect(parse(value), JSON.stringify(value)).toBeDefined();
  for (const value of refused) expect(parse(value), JSON.stringify(value)).toBeUndefined();
}

test('ports are whole numbers from 1 to 65535', () => {
  check<unknown>(parsePort, [1, 8080, 65535], [0, -1, 65536, 1.5, '80', null, Number.NaN]);
  check(parsePortText, ['1', '65535'], ['0', '080', '65536', '+80', ' 80', '8e1', '']);
});

test('protocols are spelled in upper case', () => {
  check<unknown>(parseProtocol, ['TCP', 'UDP', 'SCTP'], ['tcp', 'ICMP', 6, undefined]);
});

test('interface names can stand in an nft string and an ip batch', () => {
  check<unknown>(
    parseIfName,
    ['eth0', 'enp1s0f1np0', 'bond0.100', 'br-ex', 'a'],
    ['', '.', '..', '-x', 'a b', 'a/b', 'a:b', 'a"b', 'a;b', 'a\nb', 'net%d', '0123456789abcdef', 7],
  );
});

test('a MAC is a unicast address of six octets', () => {
  check<unknown>(
    parseMac,
    ['0a:58:c0:a8:0c:63', 'AA:BB:CC:00:11:22'],
    ['00:00:00:00:00:00', '01:00:5e:00:00:01', '0a:58:c0:a8:0c', '0a-58-c0-a8-0c-63', 1],
  );
  expect(parseMac('AA:BB:CC:00:11:22')).toBe('aa:bb:cc:00:11:22');
});
