import { expect, test } from 'vitest';
import { checkRouter } from '#core/egress-router/checks/checks.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { manifest, rule } from './manifests.ts';

const marks = { error: '', warning: '?', information: 'i ' } as const;

/** The problems between the fields of a spec, each as `code path-below-spec`; `?` before a warning, `i` before less. */
function check(spec: JsonObject, ...expected: string[]): void {
  const problems = checkRouter(parseRouter(manifest(spec)).reading);
  expect(
    problems.map(({ code, severity, path }) => `${marks[severity]}${code} ${path.slice(1).join('.')}`),
  ).toEqual(expected);
}

const address = (ip: string, gateway?: string) => ({
  addresses: [{ ip, ...(gateway === undefined ? {} : { gateway }) }],
  redirect: { redirectRules: [rule(ip.includes(':') ? { destinationIP: '2001:db8::25' } : {})] },
});
const rules = (...redirectRules: unknown[]) => ({ redirect: { redirectRules } });

test('a router has an address', () => {
  check({});
  check({ addresses: [] }, 'no-address addresses');
  check({ addresses: 'x' });
});

test('an address is one that a host can own', () => {
  check(address('192.168.12.0/24', '192.168.12.1'), 'address-is-network addresses.0.ip');
  check(address('192.168.12.255/24', '192.168.12.1'), 'address-is-broadcast addresses.0.ip');
  check(address('192.168.12.0/23', '192.168.12.1'), 'address-is-network addresses.0.ip');
  check(address('192.168.13.0/23', '192.168.12.1'));
  check(address('192.168.12.0/31', '192.168.12.1'));
  check(address('fd12::/64', 'fd12::1'), '?address-is-network addresses.0.ip');
  check(address('fd12::ffff:ffff:ffff:ffff/64', 'fd12::1'));
  check(address('fd12::/127', 'fd12::1'));
});

test('an address is none of those with a meaning of their own', () => {
  for (const ip of ['127.0.0.5/8', '224.0.0.5/24', '240.0.0.5/24', '0.0.0.5/24', '255.255.255.255/32']) {
    check(address(ip), 'address-is-special addresses.0.ip');
  }
  check(address('::1/128'), 'address-is-special addresses.0.ip');
  check(address('ff02::5/64', 'fe80::1'), 'address-is-special addresses.0.ip');
  check(address('169.254.1.5/16', '169.254.1.1'), '?address-is-special addresses.0.ip');
  check(address('fe80::5/64', 'fe80::1'), '?address-is-special addresses.0.ip');
});

test('a prefix is that of a network', () => {
  check(address('192.168.12.99/32'), '?prefix-without-hosts addresses.0.ip');
  check(address('192.168.12.99/32', '10.0.0.1'), 'i prefix-without-hosts addresses.0.ip');
  check(address('fd12::99/128', 'fe80::1'), 'i prefix-without-hosts addresses.0.ip');
  check(address('10.0.0.5/7', '10.0.0.1'), '?prefix-too-short addresses.0.ip');
  check(address('10.0.0.5/8', '10.0.0.1'));
  check(address('fd12::99/31', 'fd12::1'), '?prefix-too-short addresses.0.ip');
});

test('an address stands once', () => {
  check(
    { addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }, { ip: '192.168.12.99/25' }] },
    'duplicate-address addresses.1.ip',
  );
  check({ addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }, { ip: '192.168.12.98/24' }] });
});

test('a gateway is another host of the same subnet', () => {
  check(address('192.168.12.99/24', '192.168.12.1'));
  check(address('192.168.12.99/24', '192.168.13.1'), 'gateway-outside-subnet addresses.0.gateway');
  check(address('192.168.12.99/25', '192.168.12.129'), 'gateway-outside-subnet addresses.0.gateway');
  check(address('192.168.12.98/31', '192.168.12.1'), 'gateway-outside-subnet addresses.0.gateway');
  check(address('192.168.12.99/24', '192.168.12.99'), 'gateway-is-address addresses.0.gateway');
  check(address('192.168.12.99/24', 'fd12::1'), 'gateway-other-family addresses.0.gateway');
  check(address('192.168.12.99/24', '192.168.12.255'), 'gateway-is-network addresses.0.gateway');
  check(address('192.168.12.99/24', '192.168.12.0'), '?gateway-is-network addresses.0.gateway');
  check(address('192.168.12.99/24', '127.0.0.1'), 'gateway-is-special addresses.0.gateway');
  check(address('192.168.12.99/24', '0.0.0.0'), 'gateway-is-special addresses.0.gateway');
  check(address('192.168.12.99/24', 'not an address'));
  check(address('fd12::99/64', 'fe80::1'));
  check(address('fd12::99/64', 'fd12::'));
});

test('a gateway leads to what is outside the subnets', () => {
  check(address('192.168.12.99/24'), '?no-gateway addresses.0.ip');
  check(
    { addresses: [{ ip: '192.168.12.99/24' }, { ip: '192.168.13.99/24' }] },
    '?no-gateway addresses.0.ip',
  );
  check({ ...address('192.168.12.99/24'), ...rules(rule({ destinationIP: '192.168.12.7' })) });
  check({ addresses: [{ ip: '192.168.12.99/24' }, { ip: '192.168.13.99/24', gateway: '192.168.13.1' }] });
  check({ addresses: [{ ip: '192.168.12.99/24' }, { ip: '203.0.113.99/24' }] });
  check({ addresses: [{ ip: '192.168.12.99/24', gatway: '192.168.12.1' }] });
  check({ addresses: [{ ip: '192.168.12.99/24' }, { ip: 'x', gateway: '192.168.12.1' }] });
  check(
    { addresses: [{ ip: '192.168.12.99/24' }, { ip: 'fd12::99/64', gateway: 'fd12::1' }] },
    '?no-gateway addresses.0.ip',
  );
});

test('a port has one rule for each protocol and family', () => {
  const both = [
    { ip: '192.168.12.99/24', gateway: '192.168.12.1' },
    { ip: 'fd12::99/64', gateway: 'fd12::1' },
  ];
  check(rules(rule(), rule({ protocol: 'UDP' }), rule({ port: 8081 })));
  check(
    rules(rule(), rule({ destinationIP: '203.0.113.26' })),
    'duplicate-rule redirect.redirectRules.1.port',
  );
  check(
    rules(rule({ port: 0 }), rule(), rule(), rule({ targetPort: 80 })),
    '?duplicate-rule redirect.redirectRules.2.port',
    'duplicate-rule redirect.redirectRules.3.port',
  );
  check({ addresses: both, ...rules(rule(), rule({ destinationIP: '2001:db8::25' })) });
});

test('the port and the protocol of two rules tell that they are for the same', () => {
  const second = '?duplicate-rule redirect.redirectRules.1.port';
  check(rules(rule(), { port: 8080, protocol: 'TCP' }), second);
  check(rules({ port: 8080, protocol: 'TCP' }, rule()), second);
  check(rules(rule(), rule({ destinationIP: 'api.example.com' })), second);
  check(rules(rule(), rule({ targetPort: 0 })), second);
  check(rules(rule(), rule({ port: '8080' })), '?duplicate-rule redirect.redirectRules.1');
  check(rules(rule({ port: '8080' }), rule()), second);
  check(rules(rule(), rule({ port: 'https' })));
  check(rules(rule(), rule({ destinationIP: '2001:' })));
  check(rules(rule(), { port: 8080 }));
  check(rules(rule(), rule({ protocol: 'tcp' })), second);
  check(rules(rule({ protocol: 'tcp' }), rule()), second);
  check(rules(rule(), rule({ protocol: 'udp' })));
  check(rules(rule(), rule({ destinationIP: 'https://api.example.com:8443' })), second);
  check({ addresses: [{ ip: '192.168.12.99/33' }], ...rules(rule(), rule({ protocol: 'tcp' })) }, second);
  const both = [
    { ip: '192.168.12.99/24', gateway: '192.168.12.1' },
    { ip: 'fd12::99/64', gateway: 'fd12::1' },
  ];
  // It may become one of the other family.
  check({ addresses: both, ...rules(rule(), { port: 8080, protocol: 'TCP' }) });
  check({ addresses: both, ...rules(rule(), rule({ destinationIP: 'api.example.com' })) });
  check({ addresses: both, ...rules(rule(), rule({ destinationIP: '203.0.113.26:80' })) }, second);
});

test('a target port says something', () => {
  check(rules(rule({ targetPort: 80 })));
  check(rules(rule({ targetPort: 8080 })), 'i target-port-repeats-port redirect.redirectRules.0.targetPort');
});

test('a destination is a server', () => {
  const at = 'redirect.redirectRules.0.destinationIP';
  for (const destinationIP of ['127.0.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '::1', 'ff02::1']) {
    check(rules(rule({ destinationIP })), `destination-is-special ${at}`);
  }
  check(rules(rule({ destinationIP: '169.254.169.254' })), `?destination-is-special ${at}`);
  check({ redirect: { fallbackIP: '0.0.0.0' } }, 'destination-is-special redirect.fallbackIP');
  for (const destinationIP of ['192.168.12.0', '192.168.12.255']) {
    check(rules(rule({ destinationIP })), `?destination-is-network ${at}`);
    check({ redirect: { fallbackIP: destinationIP } }, '?destination-is-network redirect.fallbackIP');
  }
  const pair = [{ ip: '192.168.12.98/31', gateway: '192.168.12.99' }];
  check({ addresses: pair, ...rules(rule({ destinationIP: '192.168.12.99' })) });
  check(rules(rule({ destinationIP: '192.168.12.99' })), `destination-is-own-address ${at}`);
  check(rules(rule({ destinationIP: '192.168.12.1' })));
});

test('every destination has an address of its family to be reached from', () => {
  check(
    rules(rule(), rule({ port: 1, destinationIP: '2001:db8::25' })),
    'family-not-served redirect.redirectRules.1.destinationIP',
  );
  check({ redirect: { fallbackIP: '2001:db8::25' } }, 'family-not-served redirect.fallbackIP');
  check({ addresses: [{ ip: 'x' }], ...rules(rule({ destinationIP: '2001:db8::25' })) });
});

test('a router redirects something', () => {
  check({ redirect: {} }, '?nothing-to-redirect redirect');
  check({ redirect: { redirectRules: [] } }, '?nothing-to-redirect redirect');
  check({ redirect: { fallbackIP: '203.0.113.26' } });
  check({ redirect: { fallbackIP: 'unreadable' } });
  check({ redirect: undefined });
});
