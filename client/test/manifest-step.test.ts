import { expect, test } from 'vitest';
import { isInStep } from '#client/manifest-step.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';

const rule = { destinationIP: '203.0.113.25', port: 80, protocol: 'TCP' };
const spec = {
  addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
  networkInterface: { macvlan: { mode: 'Bridge', master: 'enp1s0' } },
  redirect: { redirectRules: [rule], fallbackIP: '203.0.113.26' },
};

/** All but what somebody else has set, as the API server notes it. */
const noted = {
  'f:addresses': {},
  'f:networkInterface': { 'f:macvlan': { 'f:mode': {}, 'f:master': {} } },
  'f:redirect': { 'f:redirectRules': {} },
};

function router(own: unknown, fields?: unknown): KubernetesObject {
  const managedFields = [
    { manager: 'egress-router-tools', operation: 'Apply', fieldsV1: { 'f:spec': fields } },
  ];
  const metadata = { name: 'a', namespace: 'demo', ...(fields === undefined ? {} : { managedFields }) };
  return { apiVersion: 'network.operator.openshift.io/v1', kind: 'EgressRouter', metadata, spec: own };
}

const live = router({ ...spec, mode: 'Redirect' }, noted);

test.each<[string, unknown, boolean]>([
  ['the same, without the default', spec, true],
  ['the default written out', { ...spec, mode: 'Redirect' }, true],
  ['without what somebody else has set', { ...spec, redirect: { redirectRules: [rule] } }, true],
  ['another value for it', { ...spec, redirect: { ...spec.redirect, fallbackIP: '203.0.113.27' } }, false],
  ['without what was applied with it', { ...spec, networkInterface: { macvlan: { mode: 'Bridge' } } }, false],
  ['without a list that was applied with it', { ...spec, redirect: { fallbackIP: '203.0.113.26' } }, false],
  ['another entry of a list', { ...spec, redirect: { ...spec.redirect, redirectRules: [] } }, false],
  ['a field more', { ...spec, redirect: { ...spec.redirect, more: 1 } }, false],
  ['another kind of value', { ...spec, redirect: 'none' }, false],
])('a manifest with %s', (_, own, expected) => {
  expect(isInStep(router(own), live)).toBe(expected);
});

test('of a router that was applied by other means, what the manifest does not say is left as it is', () => {
  expect(isInStep(router({ addresses: spec.addresses }), router(spec))).toBe(true);
  expect(isInStep(router(spec), router({ addresses: spec.addresses }))).toBe(false);
});
