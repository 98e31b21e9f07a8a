import { expect, test } from 'vitest';
import { routerPolicies } from '#core/admission/policies.ts';
import { admissionRules, admissionVariables, raisedRules } from '#core/admission/router-rules.ts';
import { compileCel } from '#sandbox/api/admission/cel.ts';
import { compilePolicy } from '#sandbox/api/admission/policy.ts';
import { admissionCases } from '../../../language/test/rows/admission-cases.ts';

const cases = admissionCases();
const compiled = admissionRules.map((rule) => ({ rule, holds: compileCel(rule.cel, admissionVariables) }));

for (const { name, manifest } of cases) {
  test(`${name}: CEL and code judge alike`, () => {
    const raised = raisedRules(manifest).map(({ code, severity }) => `${code} ${severity}`);
    expect(brokenBy(manifest)).toEqual(raised);
  });
}

for (const { code, severity } of admissionRules) {
  test(`${code}, ${severity}: a row breaks it`, () => {
    expect(cases.flatMap(({ manifest }) => brokenBy(manifest))).toContain(`${code} ${severity}`);
  });
}

test.each<readonly [string, object, readonly string[]]>([
  [
    'addresses',
    {
      addresses: [
        { ip: '192.168.12.99/24', gateway: '192.168.13.1' },
        { ip: '192.168.12.255/24', gateway: 'fd12::1' },
        { ip: '192.168.12.7' },
      ],
      redirect: { fallbackIP: '203.0.113.9' },
    },
    [
      'spec.addresses[2].ip "192.168.12.7": An address lacks the prefix length of its network, such as /24. (address-without-prefix)',
      'spec.addresses[1].ip "192.168.12.255/24": An address is the broadcast address of its subnet; no host can own it. (address-is-broadcast)',
      'spec.addresses[1].gateway "fd12::1": A gateway is of the other IP family than its address. (gateway-other-family)',
      'spec.addresses[0].gateway "192.168.13.1": A gateway is outside the subnet of its address. (gateway-outside-subnet)',
    ],
  ],
  [
    'rules, the fallback and the master',
    {
      addresses: [{ ip: '192.168.12.99/24' }],
      networkInterface: { macvlan: { master: 'a/b' } },
      redirect: {
        redirectRules: [
          { port: 80, protocol: 'TCP', destinationIP: '203.0.113.25' },
          { port: 80, protocol: 'TCP', destinationIP: '203.0.113.26' },
          { port: 81, protocol: 'TCP', destinationIP: '127.0.0.1' },
        ],
        fallbackIP: '2001:db8::9',
      },
    },
    [
      'spec.networkInterface.macvlan.master "a/b": The macvlan master is not the name of a network interface. (invalid-interface-name)',
      'spec.redirect.redirectRules, port 80/TCP: Two rules of one port and protocol lead to different places: only the first one would take effect. (duplicate-rule)',
      'spec.redirect.redirectRules[2].destinationIP "127.0.0.1": A destination is loopback, multicast, reserved or unspecified: no connection can be redirected there. (destination-is-special)',
      'spec.redirect.fallbackIP "2001:db8::9": A destination is of an IP family in which the router has no address. (family-not-served)',
    ],
  ],
])('a message names where it is and the value: %s', (_, spec, told) => {
  const [policy] = routerPolicies();
  if (policy === undefined) throw new Error('there is no policy');
  const request = { operation: 'CREATE' };
  expect(compilePolicy(policy).judge({ object: { spec }, oldObject: null, request })).toEqual(told);
});

for (const { name, manifest } of cases) {
  test(`${name}: every message names something`, () => {
    const broken = compiled.filter(({ holds }) => holds({ object: manifest }) !== true);
    for (const { rule } of broken) {
      if (rule.where === undefined) continue;
      const named = compileCel(rule.where, admissionVariables)({ object: manifest });
      expect(named).toMatch(/^spec\.[a-zA-Z.]+(\[[0-9]+\])?(\.[a-zA-Z]+ |, port | )/);
    }
  });
}

function brokenBy(object: unknown): readonly string[] {
  return compiled
    .filter(({ holds }) => holds({ object }) !== true)
    .map(({ rule }) => `${rule.code} ${rule.severity}`);
}
