import { expect, test } from 'vitest';
import { checkRouter } from '#core/egress-router/checks.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { manifest, rule } from './manifests.ts';

/** The problems between the fields of a spec, each as `code path-below-spec`. */
function check(spec: JsonObject, ...expected: string[]): void {
  const problems = checkRouter(parseRouter(manifest(spec)).reading);
  expect(problems.map(({ code, path }) => `${code} ${path.slice(1).join('.')}`)).toEqual(expected);
}

const address = (ip: string, gateway?: string) => ({
  addresses: [{ ip, ...(gateway === undefined ? {} : { gateway }) }],
});
const rules = (...redirectRules: unknown[]) => ({ redirect: { redirectRules } });

test('a router has an address', () => {
  check({});
  check({ addresses: [] }, 'no-address addresses');
});

test('an address is one that a host can own', () => {
  check(address('192.168.12.0/24'), 'address-is-network addresses.0.ip');
  check(address('192.168.12.255/24'), 'address-is-broadcast addresses.0.ip');
  check(address('192.168.12.0/23'), 'address-is-network addresses.0.ip');
  check(address('192.168.13.0/23'));
  check(address('192.168.12.0/31'));
  check(address('192.168.12.99/32'));
  check({ ...address('fd12::/64'), ...rules(rule({ destinationIP: '2001:db8::25' })) });
});

test('a gateway is another host of the same subnet', () => {
  check(address('192.168.12.99/24', '192.168.12.1'));
  check(address('192.168.12.99/24', '192.168.13.1'), 'gateway-outside-subnet addresses.0.gateway');
  check(address('192.168.12.99/25', '192.168.12.129'), 'gateway-outside-subnet addresses.0.gateway');
  check(address('192.168.12.99/24', '192.168.12.99'), 'gateway-is-address addresses.0.gateway');
  check(address('192.168.12.99/24', 'fd12::1'), 'gateway-other-family addresses.0.gateway');
  check(address('192.168.12.99/24', 'not an address'));
});

test('a port has one rule for each protocol and family', () => {
  check(rules(rule(), rule({ protocol: 'UDP' }), rule({ port: 8081 })));
  check(
    rules(rule(), rule({ destinationIP: '203.0.113.26' })),
    'duplicate-rule redirect.redirectRules.1.port',
  );
  check(
    rules(rule({ port: 0 }), rule(), rule(), rule()),
    'duplicate-rule redirect.redirectRules.2.port',
    'duplicate-rule redirect.redirectRules.3.port',
  );
  check({
    addresses: [{ ip: '192.168.12.99/24' }, { ip: 'fd12::99/64' }],
    ...rules(rule(), rule({ destinationIP: '2001:db8::25' })),
  });
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
  check({ redirect: {} }, 'nothing-to-redirect redirect');
  check({ redirect: { redirectRules: [] } }, 'nothing-to-redirect redirect');
  check({ redirect: { fallbackIP: '203.0.113.26' } });
});
