import { expect, test } from 'vitest';
import { parseRouter } from '#core/egress-router/parse.ts';
import { toService } from '#core/manifest/service.ts';
import {
  firstFamilyText,
  servedFamilies,
  servesNone,
  unservedFamilies,
} from '#core/manifest/service-families.ts';
import { manifest, rule } from '../egress-router/manifests.ts';

const addresses = [
  { ip: '192.168.12.99/24', gateway: '192.168.12.1' },
  { ip: 'fd00:12::99/64', gateway: 'fd00:12::1' },
];
const six = rule({ port: 8080, destinationIP: '2001:db8:c0de::25' });
const four = rule({ port: 8443 });

function routerOf(redirect: object) {
  const { router } = parseRouter(manifest({ addresses, redirect }));
  if (router === undefined) throw new Error('The router has faults.');
  return router;
}

/** What the Service says of its families, where there is none yet and where there is one of them. */
function check(redirect: object, fresh: object, present: readonly string[] = [], then: object = {}): void {
  const familiesOf = (service?: object): object => {
    const spec: object = toService(routerOf(redirect), { present: service }).spec;
    return Object.fromEntries(Object.entries(spec).filter(([key]) => key.startsWith('ipFamil')));
  };
  expect(familiesOf()).toEqual(fresh);
  if (present.length > 0) expect(familiesOf({ spec: { ipFamilies: present } })).toEqual(then);
}

const both = { ipFamilyPolicy: 'PreferDualStack' };
const only6 = { ipFamilies: ['IPv6'] };

test('a Service has the families in which the router leads on', () => {
  check({ redirectRules: [four] }, {}, ['IPv4'], {});
  check({ redirectRules: [six] }, only6, ['IPv6'], only6);
  check({ redirectRules: [four, six] }, both, ['IPv4'], both);
  check({ redirectRules: [four], fallbackIP: '2001:db8::1' }, both);
  check({ fallbackIP: '2001:db8::1' }, only6);
});

test('its first family stays, and the other one comes beside it', () => {
  check({ redirectRules: [six] }, only6, ['IPv4'], both);
  check({ redirectRules: [six] }, only6, ['IPv4', 'IPv6'], both);
  check({ redirectRules: [six] }, only6, ['IPv6', 'IPv4'], both);
  check({ redirectRules: [four] }, {}, ['IPv6'], both);
});

test('the second family is given back, unless somebody demands both, and the first one is told of', () => {
  const present = (policy: string, ...ipFamilies: readonly string[]) => ({
    spec: { ipFamilyPolicy: policy, ipFamilies },
  });
  const preferred = [
    present('PreferDualStack', 'IPv4', 'IPv6'),
    present('PreferDualStack', 'IPv6', 'IPv4'),
  ] as const;
  const [router4, router6] = [routerOf({ redirectRules: [four] }), routerOf({ redirectRules: [six] })];
  expect(toService(router4, { present: preferred[0] }).spec).toMatchObject({
    ipFamilyPolicy: 'SingleStack',
    ipFamilies: ['IPv4'],
  });
  expect(toService(router6, { present: preferred[1] }).spec).toMatchObject({
    ipFamilyPolicy: 'SingleStack',
    ipFamilies: ['IPv6'],
  });
  expect(toService(router6, { present: preferred[0] }).spec).toMatchObject(both);
  expect(toService(router4, { present: preferred[1] }).spec).toMatchObject(both);
  expect(toService(router4, { present: present('SingleStack', 'IPv4') }).spec).not.toHaveProperty(
    'ipFamilyPolicy',
  );
  const demanded = present('RequireDualStack', 'IPv4', 'IPv6');
  expect(toService(router4, { present: demanded }).spec).not.toHaveProperty('ipFamilyPolicy');
  expect(firstFamilyText(router6, preferred[0])).toMatch(/^Clients are refused at the IPv4 address/);
  for (const [router, service] of [
    [router6, preferred[1]],
    [router6, demanded],
    [router4, preferred[0]],
    [router4, preferred[1]],
    [routerOf({ redirectRules: [four, six] }), preferred[0]],
  ] as const) {
    expect(firstFamilyText(router, service)).toBeUndefined();
  }
});

test('the families that a Service lacks', () => {
  const router = routerOf({ redirectRules: [four, six] });
  const service = (...ipFamilies: readonly string[]) => ({ spec: { ipFamilies } });
  expect(servedFamilies(router)).toEqual(['IPv4', 'IPv6']);
  expect(unservedFamilies(router, service('IPv4'))).toEqual(['IPv6']);
  expect(unservedFamilies(router, service('IPv6', 'IPv4'))).toEqual([]);
  expect(unservedFamilies(router, {})).toEqual([]);
  expect(servesNone(router, service('IPv4'))).toBe(false);
  expect(servesNone(routerOf({ redirectRules: [six] }), service('IPv4'))).toBe(true);
  expect(servesNone(routerOf({ redirectRules: [six] }), undefined)).toBe(false);
});
