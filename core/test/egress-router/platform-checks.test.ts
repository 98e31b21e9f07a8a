import { expect, test } from 'vitest';
import { checkPlatform } from '#core/egress-router/checks/platform-checks.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import type { Reconciler } from '#core/egress-router/reconciler.ts';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { manifest, rule } from './manifests.ts';

/** What is said of a spec under a reconciler, each as `severity code path-below-spec`. */
function check(reconciler: Reconciler, spec: JsonObject, ...expected: string[]): void {
  const problems = checkPlatform(parseRouter(manifest(spec)).reading, reconciler);
  expect(
    problems.map(({ code, severity, path }) => `${severity} ${code} ${path.slice(1).join('.')}`),
  ).toEqual(expected);
}

test('a router of the documentation is the same to all', () => {
  for (const reconciler of ['cno', 'agent', 'unknown'] as const) {
    check(reconciler, {});
    check(reconciler, { networkInterface: { macvlan: { mode: 'Bridge' } } });
    check(reconciler, { networkInterface: {} });
  }
});

test('what the Cluster Network Operator ignores', () => {
  const macvlan = { networkInterface: { macvlan: { mode: 'Private', master: 'enp1s0' } } };
  check(
    'cno',
    macvlan,
    'warning cno-ignores-network-interface networkInterface.macvlan.mode',
    'warning cno-ignores-network-interface networkInterface.macvlan.master',
  );
  check('agent', macvlan);
  const gateway = '192.168.12.1';
  const addresses = [{ ip: '192.168.12.99/24', gateway }, { ip: 'fd12::99/64' }, { ip: 'x' }];
  check('cno', { addresses }, 'warning cno-ignores-address addresses.1.ip');
  check('unknown', { addresses }, 'information cno-ignores-address addresses.1.ip');
  check('agent', { addresses });
  check('cno', { addresses: [{ ip: 'fd12::99/64' }] }, 'warning cno-lacks-ipv6 addresses.0.ip');
  check(
    'cno',
    {
      addresses: addresses.slice(0, 2),
      redirect: { redirectRules: [rule({ destinationIP: '2001:db8::25' })] },
    },
    'warning cno-ignores-address addresses.1.ip',
    'warning cno-lacks-ipv6 redirect.redirectRules.0.destinationIP',
  );
  // That no address is of its family is told whoever reconciles.
  check('cno', { redirect: { redirectRules: [rule({ destinationIP: '2001:db8::25' })] } });
  const bare = [{ ip: '192.168.12.99/24' }];
  const near = { redirectRules: [rule({ destinationIP: '192.168.12.20' })] };
  check('cno', { addresses: bare, redirect: near }, 'warning cno-needs-gateway addresses.0.ip');
  check('unknown', { addresses: bare, redirect: near }, 'information cno-needs-gateway addresses.0.ip');
  check('agent', { addresses: bare, redirect: near });
  // A destination that needs one is told of whoever reconciles, as is a gateway that cannot be read.
  check('cno', { addresses: bare });
  check('cno', { addresses: [{ ip: '192.168.12.99/24', gateway: 'x' }], redirect: near });
  const redirect = { redirectRules: [rule({ targetPort: 80 })], fallbackIP: '203.0.113.26' };
  check('cno', { redirect }, 'warning cno-ignores-fallback redirect.fallbackIP');
  check('agent', { redirect });
});

test('what only this project makes of it', () => {
  const probed = { redirect: { redirectRules: [rule({ port: 9410 })] } };
  check('agent', probed, 'error rule-takes-health-port redirect.redirectRules.0.port');
  check('unknown', probed, 'information rule-takes-health-port redirect.redirectRules.0.port');
  check('cno', probed);
  check('agent', { redirect: { redirectRules: [rule({ port: 9410, protocol: 'UDP' })] } });
  const redirect = { redirectRules: [rule(), rule({ port: 1, targetPort: 2 })], fallbackIP: '203.0.113.25' };
  check('agent', { redirect }, 'information fallback-repeats-rule redirect.redirectRules.0.destinationIP');
});

test('a rule that the fallback repeats is to be removed only where the fallback is in force', () => {
  const redirect = { redirectRules: [rule({ targetPort: 8080 })], fallbackIP: '203.0.113.25' };
  const told = (reconciler: Reconciler) =>
    checkPlatform(parseRouter(manifest({ redirect })).reading, reconciler)
      .filter(({ code }) => code === 'fallback-repeats-rule')
      .map(({ message, fixes }) => [message, fixes?.map(({ title }) => title)]);
  const message =
    'The fallback sends TCP port 8080 to 203.0.113.25 as well: this rule is only needed for the port of its Service.';
  expect(told('agent')).toEqual([[message, ['Remove the rule for TCP port 8080']]]);
  expect(told('unknown')).toEqual([
    [`${message} The Cluster Network Operator ignores the fallback: there, keep the rule.`, undefined],
  ]);
  expect(told('cno')).toEqual([]);
});
