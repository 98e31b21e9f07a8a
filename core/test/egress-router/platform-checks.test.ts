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
  const addresses = [{ ip: '192.168.12.99/24' }, { ip: 'fd12::99/64' }, { ip: 'x' }];
  check('cno', { addresses }, 'warning cno-ignores-address addresses.1.ip');
  check('unknown', { addresses }, 'information cno-ignores-address addresses.1.ip');
  check('agent', { addresses });
  check('cno', { addresses: [{ ip: 'fd12::99/64' }] }, 'warning cno-lacks-ipv6 addresses.0.ip');
  const redirect = { redirectRules: [rule({ targetPort: 80 })], fallbackIP: '203.0.113.26' };
  check('cno', { redirect }, 'warning cno-ignores-fallback redirect.fallbackIP');
  check('agent', { redirect });
});

test('what only this project makes of it', () => {
  const probed = { redirect: { redirectRules: [rule({ port: 9410 })] } };
  check('agent', probed, 'warning rule-takes-health-port redirect.redirectRules.0.port');
  check('unknown', probed, 'information rule-takes-health-port redirect.redirectRules.0.port');
  check('cno', probed);
  check('agent', { redirect: { redirectRules: [rule({ port: 9410, protocol: 'UDP' })] } });
  const redirect = { redirectRules: [rule(), rule({ port: 1, targetPort: 2 })], fallbackIP: '203.0.113.25' };
  check('agent', { redirect }, 'information fallback-repeats-rule redirect.redirectRules.0.destinationIP');
});
