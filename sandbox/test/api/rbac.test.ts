import { expect, test } from 'vitest';
import { type Attributes, authorize, covers, describe, type Rule } from '#sandbox/api/auth/rbac.ts';
import { Store } from '#sandbox/api/store.ts';

const rule = (part: Partial<Rule>): Rule => ({
  verbs: ['get'],
  apiGroups: [''],
  resources: ['pods'],
  resourceNames: [],
  nonResourceURLs: [],
  ...part,
});
const getPod: Attributes = {
  kind: 'resource',
  verb: 'get',
  group: '',
  resource: 'pods',
  namespace: 'n',
  name: 'p',
};

test.each([
  ['the verb, group and resource', rule({}), getPod, true],
  ['another verb', rule({ verbs: ['list'] }), getPod, false],
  ['every verb', rule({ verbs: ['*'] }), getPod, true],
  ['another group', rule({ apiGroups: ['apps'] }), getPod, false],
  ['the name', rule({ resourceNames: ['p'] }), getPod, true],
  ['another name', rule({ resourceNames: ['q'] }), getPod, false],
  ['a list, where names are given', rule({ resourceNames: ['p'], verbs: ['*'] }), list(), false],
  ['a subresource is not its resource', rule({}), { ...getPod, subresource: 'log' }, false],
  ['a subresource', rule({ resources: ['pods/log'] }), { ...getPod, subresource: 'log' }, true],
  ['a subresource of any', rule({ resources: ['*/log'] }), { ...getPod, subresource: 'log' }, true],
  ['a path', rule({ nonResourceURLs: ['/api/*'] }), path('/api/v1'), true],
  ['another path', rule({ nonResourceURLs: ['/api'] }), path('/api/v1'), false],
] as const)('%s', (_name, given, asked, expected) => expect(covers(given, asked)).toBe(expected));

function list(): Attributes {
  return { kind: 'resource', verb: 'list', group: '', resource: 'pods', namespace: 'n' };
}

function path(text: string): Attributes {
  return { kind: 'path', verb: 'get', path: text };
}

test.each([
  [getPod, 'cannot get resource "pods" in API group "" in the namespace "n"'],
  [
    { kind: 'resource', verb: 'create', group: 'apps', resource: 'deployments', subresource: 'scale' },
    'cannot create resource "deployments/scale" in API group "apps" at the cluster scope',
  ],
  [path('/metrics'), 'cannot get path "/metrics"'],
] as const)('%j is refused in these words', (asked, words) => expect(describe(asked)).toBe(words));

test('a RoleBinding grants a ClusterRole in its own namespace only', () => {
  const store = new Store(100);
  const rules = [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }];
  store.put('clusterroles.rbac.authorization.k8s.io', { metadata: { name: 'reader' }, rules });
  store.put('rolebindings.rbac.authorization.k8s.io', {
    metadata: { name: 'b', namespace: 'n' },
    roleRef: { kind: 'ClusterRole', name: 'reader' },
    subjects: [{ kind: 'Group', name: 'people' }],
  });
  const ann = { name: 'ann', groups: ['people'] };
  expect(authorize(ann, getPod, store)).toEqual({
    isAllowed: true,
    reason: 'RBAC: allowed by RoleBinding "b/n" of ClusterRole "reader" to Group "people"',
  });
  expect(authorize(ann, { ...getPod, namespace: 'other' }, store)).toEqual({ isAllowed: false, reason: '' });
});

test('a binding to a role that is not there is told', () => {
  const store = new Store(100);
  store.put('clusterrolebindings.rbac.authorization.k8s.io', {
    metadata: { name: 'b' },
    roleRef: { kind: 'ClusterRole', name: 'gone' },
    subjects: [{ kind: 'User', name: 'ann' }],
  });
  expect(authorize({ name: 'ann', groups: [] }, getPod, store)).toEqual({
    isAllowed: false,
    reason: 'RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found',
  });
});
