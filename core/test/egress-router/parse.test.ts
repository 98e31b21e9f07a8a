import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRouter } from '#core/egress-router/parse.ts';
import { manifest, rule } from './manifests.ts';

/** The problems of a manifest, each as `code path`. */
function check(value: unknown, ...expected: string[]): void {
  const { router, problems } = parseRouter(value);
  expect(problems.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual(expected);
  expect(router === undefined).toBe(expected.length > 0);
}

const withRule = (fields: Record<string, unknown>) =>
  manifest({ redirect: { redirectRules: [rule(fields)] } });
const withMacvlan = (macvlan: unknown) => manifest({ networkInterface: { macvlan } });

test('a manifest becomes a router with its defaults', () => {
  expect(parseRouter(manifest()).router).toEqual({
    name: 'partner-api',
    namespace: 'web',
    macvlan: { mode: 'Bridge' },
    addresses: [{ address: '192.168.12.99/24', gateway: '192.168.12.1' }],
    rules: [{ port: 8080, protocol: 'TCP', destination: '203.0.113.25', targetPort: 8080 }],
  });
});

test('every field that is written is read', () => {
  const value = manifest({
    mode: 'Redirect',
    networkInterface: { macvlan: { mode: 'VEPA', master: 'enp1s0' } },
    addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }, { ip: 'FD12::0099/64' }],
    redirect: { redirectRules: [rule({ protocol: 'UDP', targetPort: 53 })], fallbackIP: '203.0.113.26' },
  });
  expect(parseRouter(value).router).toEqual({
    name: 'partner-api',
    namespace: 'web',
    macvlan: { mode: 'VEPA', master: 'enp1s0' },
    addresses: [{ address: '192.168.12.99/24', gateway: '192.168.12.1' }, { address: 'fd12::99/64' }],
    rules: [{ port: 8080, protocol: 'UDP', destination: '203.0.113.25', targetPort: 53 }],
    fallback: '203.0.113.26',
  });
});

test('the schema is held', () => {
  check(manifest());
  check(null, 'wrong-type ');
  check([], 'wrong-type ');
  check({}, 'missing-field ', 'missing-field ', 'missing-field ', 'missing-field ');
  check({ ...manifest(), kind: 'EgressRouters' }, 'not-in-enum kind');
  check(manifest({ mode: 'Proxy' }), 'not-in-enum spec.mode');
  check(manifest({ redirect: undefined }), 'wrong-type spec.redirect');
  check(manifest({ adresses: [] }), 'unknown-field spec.adresses');
  check(manifest({ addresses: '192.168.12.99/24' }), 'wrong-type spec.addresses');
  check(manifest({ addresses: [{}] }), 'missing-field spec.addresses.0');
  check(manifest({ networkInterface: {} }), 'missing-field spec.networkInterface');
  check(withMacvlan({ mode: 'bridge' }), 'not-in-enum spec.networkInterface.macvlan.mode');
  check(withRule({ port: 0 }), 'out-of-range spec.redirect.redirectRules.0.port');
  check(withRule({ port: '8080' }), 'wrong-type spec.redirect.redirectRules.0.port');
  check(withRule({ targetPort: 65536 }), 'out-of-range spec.redirect.redirectRules.0.targetPort');
  check(withRule({ protocol: 'ICMP' }), 'not-in-enum spec.redirect.redirectRules.0.protocol');
  check(withRule({ destinationIP: '203.0.113' }), 'wrong-format spec.redirect.redirectRules.0.destinationIP');
});

test('a spec without redirect lacks it, as the only mode needs it', () => {
  const { redirect: _, ...spec } = manifest().spec;
  check({ ...manifest(), spec }, 'missing-field spec');
});

test('values mean what their fields say', () => {
  const withIp = (ip: string) => manifest({ addresses: [{ ip }] });
  check(withIp('192.168.12.99'), 'address-without-prefix spec.addresses.0.ip');
  check(withIp('fd12::99'), 'address-without-prefix spec.addresses.0.ip');
  check(withIp('192.168.12.99/33'), 'address-not-cidr spec.addresses.0.ip');
  check(withIp('192.168.12.099/24'), 'address-not-cidr spec.addresses.0.ip');
  check(
    withMacvlan({ mode: 'Bridge', master: 'enp 1' }),
    'invalid-interface-name spec.networkInterface.macvlan.master',
  );
  check(manifest({}, { name: 'Partner_API' }), 'invalid-name metadata.name');
  check(manifest({}, { name: 'a', namespace: 'a.b' }), 'invalid-name metadata.namespace');
  check(manifest({}, { namespace: 'web' }), 'missing-field metadata');
});

test('one unreadable entry hides nothing of the others', () => {
  const { reading } = parseRouter(
    manifest({
      addresses: [{ ip: 'x' }, { ip: '192.168.12.99/24' }],
      redirect: { redirectRules: [rule({ port: 0 }), rule()] },
    }),
  );
  expect(reading.addresses).toEqual([undefined, { address: '192.168.12.99/24' }]);
  expect(reading.rules.map((one) => one?.port)).toEqual([undefined, 8080]);
});

test('no value makes the parser throw', () => {
  fc.assert(fc.property(fc.anything(), (value) => void parseRouter(value)));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => void parseRouter(manifest({ redirect: value, addresses: value }))),
  );
});
