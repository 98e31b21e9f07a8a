import { expect, test } from 'vitest';
import { parseRouter } from '#core/egress-router/parse.ts';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { applyFix } from './apply-fix.ts';
import { manifest, rule } from './manifests.ts';

/** The problems of a spec, as codes, and the spec after the first fix of the first of them. */
function check(spec: JsonObject, codes: readonly string[], fixed: JsonObject | undefined): void {
  const value = manifest(spec);
  const { problems } = parseRouter(value);
  expect(problems.map(({ code }) => code)).toEqual(codes);
  const fix = problems[0]?.fixes?.[0];
  expect(fix && applyFix(value, fix)).toEqual(fixed && manifest(fixed));
}

/** As `check`, of one field of a rule. */
function checkRule(fields: JsonObject, code: string, fixed: JsonObject | undefined): void {
  const spec = (one: JsonObject) => ({ redirect: { redirectRules: [rule(one)] } });
  check(spec(fields), [code], fixed && spec(fixed));
}

test('protocols', () => {
  checkRule({ protocol: 'tcp' }, 'protocol-lower-case', { protocol: 'TCP' });
  checkRule({ protocol: 'Sctp' }, 'protocol-lower-case', { protocol: 'SCTP' });
  checkRule({ protocol: null }, 'wrong-type', { protocol: 'TCP' });
  checkRule({ protocol: 'ICMP' }, 'not-in-enum', undefined);
  const { protocol: _, ...bare } = rule();
  check({ redirect: { redirectRules: [bare] } }, ['missing-field'], {
    redirect: { redirectRules: [rule()] },
  });
});

test('modes', () => {
  for (const mode of ['HTTPProxy', 'http-proxy', 'DNSProxy', 'dns_proxy']) {
    check({ mode }, ['proxy-mode'], undefined);
  }
  check({ mode: 'redirect' }, ['not-in-enum'], { mode: 'Redirect' });
  const macvlan = (mode: string) => ({ networkInterface: { macvlan: { mode } } });
  check(macvlan('passthrough'), ['not-in-enum'], macvlan('Passthru'));
  check(macvlan('bridge'), ['not-in-enum'], macvlan('Bridge'));
  check(macvlan('constructor'), ['not-in-enum'], undefined);
});

test('a leading zero is told as the fault', () => {
  const zero =
    '"203.0.113.025" has a number with a leading zero, which some programs read as octal: write 203.0.113.25.';
  const messagesOf = (spec: JsonObject): readonly string[] =>
    parseRouter(manifest(spec)).problems.map(({ message }) => message);
  expect(messagesOf({ redirect: { redirectRules: [rule({ destinationIP: '203.0.113.025' })] } })).toEqual([
    zero,
  ]);
  expect(messagesOf({ addresses: [{ ip: '192.168.012.99/24', gateway: '192.168.12.1' }] })).toEqual([
    '"192.168.012.99/24" has a number with a leading zero, which some programs read as octal: write 192.168.12.99/24.',
  ]);
});

test('destinations', () => {
  checkRule({ destinationIP: '203.0.113.25/32' }, 'destination-with-prefix', {
    destinationIP: '203.0.113.25',
  });
  checkRule({ destinationIP: '203.0.113.0/24' }, 'destination-with-prefix', { destinationIP: '203.0.113.0' });
  checkRule({ destinationIP: 'fd12::1/128' }, 'destination-with-prefix', { destinationIP: 'fd12::1' });
  checkRule({ destinationIP: ' 203.0.113.25' }, 'wrong-format', { destinationIP: '203.0.113.25' });
  checkRule({ destinationIP: '203.0.113. 25' }, 'wrong-format', { destinationIP: '203.0.113.25' });
  // Without its blank, the port of a server would be a part of its address.
  checkRule({ destinationIP: '203.0.113.1 80' }, 'wrong-format', undefined);
  checkRule({ destinationIP: 'fd12::1 80' }, 'wrong-format', undefined);
  checkRule({ destinationIP: '203.0.113.025' }, 'wrong-format', { destinationIP: '203.0.113.25' });
  const at80 = { destinationIP: '203.0.113.25:80' };
  checkRule(at80, 'wrong-format', { destinationIP: '203.0.113.25', targetPort: 80 });
  checkRule({ ...at80, targetPort: 81 }, 'wrong-format', { destinationIP: '203.0.113.25', targetPort: 81 });
  checkRule({ ...at80, port: 80 }, 'wrong-format', { destinationIP: '203.0.113.25', port: 80 });
  checkRule({ destinationIP: '203.0.113.25:0' }, 'wrong-format', { destinationIP: '203.0.113.25' });
  checkRule({ destinationIP: '[fd12::1]:80' }, 'wrong-format', { destinationIP: 'fd12::1', targetPort: 80 });
  checkRule({ destinationIP: '203.0.113' }, 'wrong-format', undefined);
  checkRule({ destinationIP: '203.0.113.256' }, 'wrong-format', undefined);
  checkRule({ destinationIP: '' }, 'wrong-format', undefined);
  const gateway = (text: string) => ({ addresses: [{ ip: '192.168.12.99/24', gateway: text }] });
  check(gateway('192.168.12.1/24'), ['wrong-format'], gateway('192.168.12.1'));
  check(gateway('router.example.com'), ['wrong-format'], undefined);
});

test.each([
  ['api.example.com', 'api.example.com'],
  ['https://api.example.com:8443/path', 'api.example.com'],
  ['db', 'db'],
  ['api.example.com.', 'api.example.com'],
])('the name %s is looked up', (fallbackIP, host) => {
  const [problem] = parseRouter(manifest({ redirect: { fallbackIP } })).problems;
  expect(problem?.code).toBe('destination-is-name');
  const path = ['spec', 'redirect', 'fallbackIP'];
  expect(problem?.fixes).toEqual([
    { title: `Look up the address of ${host}`, edits: [], lookUp: { host, path } },
  ]);
});

test('addresses', () => {
  const ip = (text: string, gateway?: string) => ({
    addresses: [gateway === undefined ? { ip: text } : { ip: text, gateway }],
  });
  const lacks = ['address-without-prefix'];
  check(ip('192.168.12.99'), lacks, ip('192.168.12.99/24'));
  check(ip('192.168.12.99', '192.168.12.1'), lacks, ip('192.168.12.99/24', '192.168.12.1'));
  check(ip('192.168.12.99', '192.168.13.1'), lacks, ip('192.168.12.99/23', '192.168.13.1'));
  check(ip('10.1.2.3', '10.200.0.1'), lacks, ip('10.1.2.3/8', '10.200.0.1'));
  // A gateway that no network of the address can hold is likely mistyped.
  check(ip('10.1.2.3', '11.0.0.1'), lacks, ip('10.1.2.3/24', '11.0.0.1'));
  check(ip('192.168.12.99', '192.186.12.1'), lacks, ip('192.168.12.99/24', '192.186.12.1'));
  check(ip('172.16.2.3', '172.31.0.1'), lacks, ip('172.16.2.3/12', '172.31.0.1'));
  check(ip('192.168.12.255'), lacks, undefined);
  check(ip('fd12::99', 'fe80::1'), lacks, ip('fd12::99/64', 'fe80::1'));
  check(ip('fd12::99', 'fd12:0:0:1::1'), lacks, ip('fd12::99/56', 'fd12:0:0:1::1'));
  check(ip('192.168.12.99 / 24'), ['address-not-cidr'], ip('192.168.12.99/24'));
  check(ip('192.168.012.099/24'), ['address-not-cidr'], ip('192.168.12.99/24'));
  check(ip('192.168.12.99/33'), ['address-not-cidr'], undefined);
  check(ip('192.168.12.99/255.255.255.0'), ['address-not-cidr'], ip('192.168.12.99/24'));
  check(ip('192.168.12.99/255.255.254.0'), ['address-not-cidr'], ip('192.168.12.99/23'));
  check(ip('192.168.12.99/255.0.255.0'), ['address-not-cidr'], undefined);
  check(ip('192.168.12.99/0.0.0.255'), ['address-not-cidr'], undefined);
  check(ip('192.168.12.99/0.0.0.0'), ['address-not-cidr'], undefined);
  check(ip('fd12::99/255.255.255.0'), ['address-not-cidr'], undefined);
});

test('an address that may be absent is removed where it is empty', () => {
  const gateway = (value: null | string) => ({ addresses: [{ ip: '192.168.12.99/24', gateway: value }] });
  const without = { addresses: [{ ip: '192.168.12.99/24' }] };
  check(gateway(null), ['wrong-type'], without);
  check(gateway(''), ['wrong-format'], without);
  check(gateway(' '), ['wrong-format'], without);
  const redirectRules = [rule()];
  const fallback = (fallbackIP: null | string) => ({ redirect: { redirectRules, fallbackIP } });
  check(fallback(null), ['wrong-type'], { redirect: { redirectRules } });
  check(fallback(''), ['wrong-format'], { redirect: { redirectRules } });
  check({ redirect: { fallbackIP: '' } }, ['wrong-format'], undefined);
  checkRule({ destinationIP: null }, 'wrong-type', undefined);
});

test('the prefix length that a message names is the one that its fix writes', () => {
  for (const gateway of ['192.168.12.1', '192.168.13.1', '192.186.12.1', 'x', '192.168.200.1']) {
    const addresses = [{ ip: '192.168.12.99', gateway }];
    const problem = parseRouter(manifest({ addresses })).problems.find(
      ({ code }) => code === 'address-without-prefix',
    );
    const [edit] = problem?.fixes?.[0]?.edits ?? [];
    expect(edit?.kind === 'replace' && problem?.message.endsWith(`such as ${edit.value}.`)).toBe(true);
  }
});

test('names', () => {
  const fixOf = (metadata: JsonObject) => parseRouter(manifest({}, metadata)).problems[0]?.fixes;
  const use = (field: string, value: string) => [
    { title: `Use ${value}`, edits: [{ kind: 'replace', path: ['metadata', field], value }] },
  ];
  expect(fixOf({ name: 'Partner_API' })).toEqual(use('name', 'partner-api'));
  expect(fixOf({ name: '-a..b.-c-' })).toEqual(use('name', 'a.b.c'));
  expect(fixOf({ name: 'a', namespace: 'a.b' })).toEqual(use('namespace', 'a-b'));
  expect(fixOf({ name: '___' })).toEqual([]);
});

test('a field that lacks is not told beside the one that it was meant by', () => {
  const { protocol, ...bare } = rule();
  const wrong = { redirect: { redirectRules: [{ ...bare, protocl: protocol }] } };
  check(wrong, ['unknown-field'], { redirect: { redirectRules: [rule()] } });
});

test('fields that have another name now', () => {
  const spec = (entry: JsonObject) => ({ addresses: [entry] });
  const ip = '192.168.12.99/24';
  const gateway = '192.168.12.1';
  check(spec({ ip, gatewayIP: gateway }), ['outdated-field'], spec({ ip, gateway }));
  check(spec({ address: ip, gateway }), ['outdated-field'], spec({ ip, gateway }));
  check(spec({ ip, address: ip, gateway }), ['outdated-field'], spec({ ip, gateway }));
  const { destinationIP, port, protocol } = rule();
  const withRule = (one: JsonObject) => ({ redirect: { redirectRules: [one] } });
  check(withRule({ destination: destinationIP, port, protocol }), ['outdated-field'], withRule(rule()));
  check(withRule({ destIP: destinationIP, port, protocol }), ['outdated-field'], withRule(rule()));
  check(withRule({ destinationIP, dport: port, protocol }), ['outdated-field'], withRule(rule()));
  check(withRule(rule({ dport: 80 })), ['outdated-field'], withRule(rule({ targetPort: 80 })));
  check({ redirect: { rules: [rule()], fallbackIP: '203.0.113.26' } }, ['outdated-field'], {
    redirect: { fallbackIP: '203.0.113.26', redirectRules: [rule()] },
  });
});

/** As `check`, of a spec without `redirect`. */
function checkMoved(fields: JsonObject, redirect: JsonObject | undefined): void {
  const { redirect: _, ...spec } = manifest().spec;
  const value = { ...manifest(), spec: { ...spec, ...fields } };
  const { problems } = parseRouter(value);
  const [problem] = problems;
  expect(problem?.code).toBe('outdated-field');
  expect(problems).toHaveLength(redirect === undefined ? 2 : 1);
  const fix = problem?.fixes?.[0];
  expect(fix && applyFix(value, fix)).toEqual(redirect && manifest({ redirect }));
}

test('fields that stand elsewhere now', () => {
  checkMoved({ redirectRules: [rule()] }, { redirectRules: [rule()] });
  checkMoved({ fallbackIP: '203.0.113.26' }, { fallbackIP: '203.0.113.26' });
  checkMoved(
    {
      allowedDestinations: [
        { destinationCIDR: '203.0.113.25/32', srcPort: 8080, protocol: 'TCP', dstPort: 80 },
      ],
    },
    { redirectRules: [rule({ targetPort: 80 })] },
  );
  checkMoved(
    { allowedDestinations: ['8080 tcp 203.0.113.25', '8081 TCP 203.0.113.25  80'] },
    { redirectRules: [rule(), rule({ port: 8081, targetPort: 80 })] },
  );
  checkMoved({ allowedDestinations: ['203.0.113.25'] }, undefined);
  check({ redirectRules: [rule()], redirect: { fallbackIP: '203.0.113.26' } }, ['outdated-field'], {
    redirect: { fallbackIP: '203.0.113.26', redirectRules: [rule()] },
  });
  check({ redirectRules: [rule()] }, ['outdated-field'], undefined);
  const gateway = '192.168.12.1';
  check({ addresses: [{ ip: '192.168.12.99/24' }], gateway }, ['outdated-field'], {});
  check({ gateway }, ['outdated-field'], undefined);
});

test('nothing lacks in a status, which the API server drops', () => {
  const codesOf = (status: JsonObject | string) =>
    parseRouter({ ...manifest(), status }).problems.map(({ code }) => code);
  expect(codesOf({})).toEqual([]);
  expect(codesOf({ conditions: [{ type: 'Available' }] })).toEqual([]);
  expect(codesOf('ready')).toEqual(['wrong-type']);
});
