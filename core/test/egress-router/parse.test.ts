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
  check(manifest({ networkInterface: {} }));
  check(withMacvlan({ mode: 'bridge' }), 'not-in-enum spec.networkInterface.macvlan.mode');
  check(withRule({ port: 0 }), 'out-of-range spec.redirect.redirectRules.0.port');
  check(withRule({ port: '8080' }), 'wrong-type spec.redirect.redirectRules.0.port');
  check(withRule({ targetPort: 65536 }), 'out-of-range spec.redirect.redirectRules.0.targetPort');
  check(withRule({ protocol: 'ICMP' }), 'not-in-enum spec.redirect.redirectRules.0.protocol');
  check(withRule({ destinationIP: '203.0.113' }), 'wrong-format spec.redirect.redirectRules.0.destinationIP');
});

test('what the API server takes as left out is told, and no fault', () => {
  const told = (value: unknown) => {
    const { router, problems } = parseRouter(value);
    const list = problems.map(({ code, severity, path }) => `${severity} ${code} ${path.join('.')}`);
    return [router === undefined ? 'refused' : 'taken', ...list];
  };
  const { spec } = manifest();
  for (const [field, path] of [
    [{ mode: null }, 'spec.mode'],
    [{ networkInterface: null }, 'spec.networkInterface'],
    [{ networkInterface: { macvlan: null } }, 'spec.networkInterface.macvlan'],
    [{ networkInterface: { macvlan: { mode: null } } }, 'spec.networkInterface.macvlan.mode'],
    [{ networkInterface: { macvlan: { master: null } } }, 'spec.networkInterface.macvlan.master'],
    [{ addresses: [{ ip: '192.168.12.99/24', gateway: null }] }, 'spec.addresses.0.gateway'],
    [{ redirect: { ...spec.redirect, fallbackIP: null } }, 'spec.redirect.fallbackIP'],
    [{ redirect: { redirectRules: null } }, 'spec.redirect.redirectRules'],
  ] as const)
    expect(told(manifest(field))).toEqual(['taken', `warning wrong-type ${path}`]);
  expect(parseRouter(withRule({ targetPort: null })).router?.rules).toEqual([
    { port: 8080, protocol: 'TCP', destination: '203.0.113.25', targetPort: 8080 },
  ]);
  expect(told({ ...manifest(), status: null })).toEqual(['taken']);
  const metadata = { name: 'a', namespace: null, labels: null, annotations: { a: null } };
  expect(told({ ...manifest(), metadata })).toEqual(['taken']);
  // What has to be there has to have a value.
  expect(told(manifest({ addresses: [{ ip: null }] }))).toEqual([
    'refused',
    'error wrong-type spec.addresses.0.ip',
  ]);
  expect(told(manifest({ redirect: null }))[1]).toBe('error wrong-type spec.redirect');
  expect(told(withRule({ protocol: null }))[1]).toBe(
    'error wrong-type spec.redirect.redirectRules.0.protocol',
  );
});

test('metadata is what the API server takes of any object', () => {
  const withMetadata = (more: object) => ({ ...manifest(), metadata: { name: 'a', ...more } });
  const long = 'a'.repeat(63);
  for (const more of [
    { labels: { 'app.kubernetes.io/name': 'a', a: '', [long]: long, A_b: '1.x' } },
    { annotations: { 'example.com/A_b': 'any text', 'Example.com/b': '' } },
    {
      finalizers: ['a/b'],
      ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'b', controller: true }],
    },
    { uid: 'x', generation: 1, creationTimestamp: null, managedFields: [], selfLink: 'a' },
  ])
    check(withMetadata(more));
  check(withMetadata({ lables: {} }), 'unknown-field metadata.lables');
  check(withMetadata({ labels: { 'a b': 'c' } }), 'wrong-format metadata.labels.a b');
  check(withMetadata({ labels: { a: 'b c' } }), 'wrong-format metadata.labels.a');
  check(withMetadata({ labels: { a: `${long}a` } }), 'wrong-format metadata.labels.a');
  check(withMetadata({ labels: { 'a/b/c': 'd' } }), 'wrong-format metadata.labels.a/b/c');
  check(withMetadata({ labels: { 'A/b': 'd' } }), 'wrong-format metadata.labels.A/b');
  check(withMetadata({ labels: { '': 'd' } }), 'wrong-format metadata.labels.');
  check(withMetadata({ annotations: { 'a b': 'c' } }), 'wrong-format metadata.annotations.a b');
  check(withMetadata({ finalizers: 'a' }), 'wrong-type metadata.finalizers');
  check(withMetadata({ uid: 5 }), 'wrong-type metadata.uid');
  check(withMetadata({ generation: '1' }), 'wrong-type metadata.generation');
  check(withMetadata({ creationTimestamp: 'x' }), 'wrong-format metadata.creationTimestamp');
  check(
    withMetadata({ ownerReferences: [{}] }),
    ...['apiVersion', 'kind', 'name', 'uid'].map(() => 'missing-field metadata.ownerReferences.0'),
  );
  check({ ...manifest(), metadata: { generateName: 'A-' } }, 'invalid-name metadata.generateName');
  check({ ...manifest(), metadata: { generateName: '' } }, 'missing-field metadata');
  // An object that the API server has taken.
  check(withMetadata({ resourceVersion: '1', later: true }));
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
