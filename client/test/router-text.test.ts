import { expect, test } from 'vitest';
import {
  holdsOnlyRouters,
  holdsRouterLine,
  isBeginning,
  mayConcernEgressRouters,
  mentionsEgressRouter,
} from '#client/router-text.ts';

test.each([
  ['kind: EgressRouter', true, true],
  ['{"kind":"EgressRouter"}', true, true],
  ['apiVersion: network.operator.openshift.io/v1\nkind: ', true, true],
  ['    app: egress-router-cni', false, true],
  [`spec: { config: '{"type":"egress-router"}' }`, false, true],
  ['pod.network.openshift.io/assign-macvlan: "true"', false, true],
  ['- name: EGRESS_DESTINATION', false, true],
  ['kind: ConfigMap', false, false],
  ['', false, false],
])('%j mentions an egress router: %s; may concern one: %s', (text, mentions, concerns) => {
  expect(mentionsEgressRouter(text)).toBe(mentions);
  expect(mayConcernEgressRouters(text)).toBe(concerns);
});

const router = 'apiVersion: network.operator.openshift.io/v1\nkind: EgressRouter\n';

test.each([
  [router, true],
  [
    `# two of them\n---\n${router}---\n${router.replace('EgressRouter', '"EgressRouter" # the second')}`,
    true,
  ],
  [`---\r\n${router.replaceAll('\n', '\r\n')}`, true],
  [`${router}---\nkind: Service\n`, false],
  ['# nothing yet\n', false],
  ['', false],
  ['kind: EgressRouter\n', false],
])('%j holds nothing but routers: %s', (text, expected) => {
  expect(holdsOnlyRouters(text)).toBe(expected);
});

test.each([
  [`# of the web team\n${router.replaceAll('\n', '\r\n')}`, true],
  ['apiVersion: v1\nkind: Service\n---\nkind: "EgressRouter" # and more\n', true],
  // A role, a definition of the resource, a text in a ConfigMap.
  ['kind: ClusterRole\nmetadata: {name: for-EgressRouter}\n', false],
  ['kind: CustomResourceDefinition\nspec:\n  names:\n    kind: EgressRouter\n', false],
  ['kind: ConfigMap\ndata:\n  router.yaml: |\n    kind: EgressRouter\n', false],
  ['kind: EgressRouterClass\n', false],
  // Here the server is asked.
  ['{"kind": "EgressRouter"}', false],
])('%j holds a router by one of its lines: %s', (text, expected) => {
  expect(holdsRouterLine(text)).toBe(expected);
});

test.each([
  ['', true],
  ['# of the web team\n---\n\n', true],
  ['egr', true],
  ['Egress-Router-Service', true],
  ['- name: play', false],
  ['n', false],
  ['e: 1', false],
  ['egr\negr', false],
])('%j may become one of our manifests: %s', (text, expected) => {
  expect(isBeginning(text)).toBe(expected);
});
