import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkRouter } from '#core/egress-router/checks/checks.ts';
import { checkPlatform } from '#core/egress-router/checks/platform-checks.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { formatNetConf } from '#core/netconf/format.ts';
import { toNetConf } from '#core/netconf/from-router.ts';
import { parseNetConf } from '#core/netconf/parse.ts';
import type { Problem } from '#core/problem.ts';
import { applyFix } from './apply-fix.ts';
import { manifest, rule } from './manifests.ts';

const ip = fc.oneof(
  fc.constantFrom(
    ...'192.168.12.99 192.168.12.1 192.168.13.1 192.168.12.0 192.168.12.255 203.0.113.25 10.0.0.010'.split(
      ' ',
    ),
    ...'127.0.0.1 0.0.0.0 169.254.1.1 224.0.0.1 255.255.255.255 10.0.0.5'.split(' '),
    ...'fd12::99 fd12::1 fd12:: fe80::1 ::1 :: ff02::1 ::ffff:10.0.0.5'.split(' '),
  ),
  fc.ipV4(),
  fc.ipV6(),
);
const cidr = fc.tuple(
  ip,
  fc.constantFrom('', '/0', '/8', '/24', '/25', '/31', '/32', '/64', '/127', '/128', '/ 9'),
);
const addressText = cidr.map(([address, prefix]) => address + prefix);
const word = fc.oneof(
  ip,
  addressText,
  fc.constantFrom<unknown>(null, 1, 'tcp', 'api.example.com', '', [], {}),
);
const port = fc.constantFrom<unknown>(0, 1, 80, 8080, 9410, 65536, '8080', null);

const spec = fc.record(
  {
    mode: fc.constantFrom('Redirect', 'redirect', 'HTTPProxy', 'x', null),
    addresses: fc.array(
      fc.record({ ip: addressText, gateway: word, gatewayIP: word }, { requiredKeys: ['ip'] }),
      { maxLength: 3 },
    ),
    redirect: fc.record(
      {
        redirectRules: fc.array(
          fc.record(
            {
              destinationIP: word,
              destination: word,
              port,
              dport: port,
              targetPort: port,
              protocol: fc.constantFrom<unknown>('TCP', 'UDP', 'SCTP', 'tcp', 'ICMP', null),
            },
            { requiredKeys: ['port', 'protocol', 'destinationIP'] },
          ),
          { maxLength: 3 },
        ),
        fallbackIP: word,
      },
      { requiredKeys: [] },
    ),
    networkInterface: fc.constantFrom<unknown>(
      null,
      {},
      { macvlan: { mode: 'private' } },
      { macvlan: { master: 'eth1' } },
    ),
    redirectRules: fc.constantFrom<unknown>([rule()], ['80 tcp 203.0.113.25'], 7),
    gatewayIP: word,
  },
  { requiredKeys: ['addresses', 'redirect'] },
);

/** Mostly sound, so that the checks get through to the end. */
const soundSpec = fc.record({
  addresses: fc.array(fc.record({ ip: addressText, gateway: ip }, { requiredKeys: ['ip'] }), {
    minLength: 1,
    maxLength: 2,
  }),
  redirect: fc.record(
    {
      redirectRules: fc.array(
        fc.record({
          destinationIP: ip,
          port: fc.constantFrom(80, 81),
          protocol: fc.constantFrom('TCP', 'UDP'),
        }),
        { maxLength: 2 },
      ),
      fallbackIP: ip,
    },
    { requiredKeys: ['redirectRules'] },
  ),
});

function problemsOf(value: unknown): readonly Problem[] {
  const { reading, problems } = parseRouter(value);
  return [...problems, ...checkRouter(reading), ...checkPlatform(reading, 'unknown')];
}

test('what the checks let pass, the plugin takes', () => {
  let passed = 0;
  fc.assert(
    fc.property(soundSpec, (fields) => {
      const { router, reading } = parseRouter(manifest(fields));
      if (router === undefined || checkRouter(reading).some(({ severity }) => severity === 'error')) return;
      passed += 1;
      expect(parseNetConf(formatNetConf(toNetConf(router))).problems).not.toContainEqual(
        expect.objectContaining({ severity: 'error' }),
      );
    }),
    { numRuns: 2000 },
  );
  expect(passed).toBeGreaterThan(10);
});

test('every fix can be applied, and the problem is gone then', () => {
  fc.assert(
    fc.property(spec, (fields) => {
      const value = manifest(fields);
      const all = problemsOf(value);
      for (const { code, path, message, fixes = [] } of all) {
        for (const fix of fixes.filter(({ lookUp }) => lookUp === undefined)) {
          const after = problemsOf(applyFix(value, fix));
          const same = after.filter((one) => one.code === code && one.message === message);
          const isGone = same.every((one) => JSON.stringify(one.path) !== JSON.stringify(path));
          const before = all.filter((one) => one.code === code && one.message === message);
          // Of two equal entries, the second moves up where the first is removed.
          const isLess = same.length < before.length || after.length < all.length;
          expect(isGone || isLess, `${code}: ${fix.title}`).toBe(true);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('fixes that are safe come to an end, and leave nothing that is safe to fix', () => {
  fc.assert(
    fc.property(spec, (fields) => {
      let value: unknown = manifest(fields);
      for (let round = 0; round < 50; round += 1) {
        const fix = problemsOf(value)
          .flatMap(({ fixes = [] }) => fixes.slice(0, 1))
          .find(({ isSafe }) => isSafe);
        if (fix === undefined) return;
        value = applyFix(value, fix);
      }
      throw new Error('Safe fixes without end');
    }),
  );
});

test('no value makes a check throw', () => {
  fc.assert(fc.property(fc.anything(), (value) => void problemsOf(value)));
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (value, other) => {
      problemsOf(manifest({ redirect: value, addresses: other, networkInterface: value }));
      problemsOf(
        manifest({ redirect: { redirectRules: value, [JSON.stringify(other)]: 1 } }, { name: 'a', value }),
      );
    }),
  );
});
