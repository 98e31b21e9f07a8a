import { expect, test } from 'vitest';
import { httpFailure } from '#cluster/http-failure.ts';
import { kinds } from '#cluster/kinds.ts';
import type { ApiRequest } from '#cluster/request.ts';

const signal = new AbortController().signal;
const list: ApiRequest = { verb: 'list', kind: kinds.egressRouter, namespace: 'demo', signal };
const apply: ApiRequest = { verb: 'apply', kind: kinds.egressRouter, namespace: 'demo', name: 'a', signal };

function check(request: ApiRequest, status: number, body: unknown, reason: string, message: string) {
  const text = typeof body === 'string' ? body : JSON.stringify({ kind: 'Status', ...Object(body) });
  expect(httpFailure(request, status, text)).toMatchObject({ reason, message });
}

test('an expired login', () => {
  check(
    list,
    401,
    { reason: 'Unauthorized', message: 'Unauthorized' },
    'unauthorized',
    'Cannot list egressrouters in namespace demo: 401. The login is missing, wrong or has expired. Log in to the cluster again, then try again.',
  );
});

test('a right that is lacking', () => {
  check(
    apply,
    403,
    {
      message:
        'egressrouters.network.operator.openshift.io "a" is forbidden: User "eve" cannot create resource "egressrouters" in API group "network.operator.openshift.io" in the namespace "demo"',
    },
    'forbidden',
    'Cannot apply EgressRouter demo/a: 403. You lack "create egressrouters.network.operator.openshift.io" in namespace demo. Ask for a role that grants it, or switch context.',
  );
});

test('an admission plugin that refuses says why itself', () => {
  check(
    apply,
    403,
    { message: 'admission webhook "policy" denied the request: no routers on Fridays' },
    'forbidden',
    'Cannot apply EgressRouter demo/a: 403. admission webhook "policy" denied the request: no routers on Fridays',
  );
});

test('a namespace that is being deleted', () => {
  const cause = { reason: 'NamespaceTerminating', message: 'namespace demo is being terminated' };
  check(
    apply,
    403,
    { reason: 'Forbidden', message: 'a is forbidden: unable to create', details: { causes: [cause] } },
    'terminating',
    'Cannot apply EgressRouter demo/a: namespace "demo" is being deleted and takes nothing new. Wait until it is gone, or use another one.',
  );
});

test('an object that does not exist', () => {
  check(
    apply,
    404,
    { details: { name: 'a', kind: 'egressrouters' } },
    'not-found',
    'Cannot apply EgressRouter demo/a: it does not exist. It may have been deleted, or stand in another namespace.',
  );
});

test('a namespace that does not exist', () => {
  check(
    apply,
    404,
    { details: { name: 'demo', kind: 'namespaces' } },
    'not-found',
    'Cannot apply EgressRouter demo/a: namespace "demo" does not exist. Create it first.',
  );
});

test.each([
  '404 page not found\n',
  { message: 'the server could not find the requested resource', details: {} },
])('a kind that the cluster does not serve: %j', (body) => {
  check(
    list,
    404,
    body,
    'crd-missing',
    'Cannot list egressrouters in namespace demo: this cluster does not serve EgressRouter (network.operator.openshift.io/v1). OKD and OpenShift bring it with their network operator. Elsewhere install the agent: egress-router install. Or switch to a cluster that has it.',
  );
});

test('fields of another manager', () => {
  const causes = [
    { reason: 'FieldManagerConflict', message: 'conflict with "kubectl" using v1', field: '.spec.mode' },
    {
      reason: 'FieldManagerConflict',
      message: 'conflict with "argo" with subresource "x"',
      field: '.spec.redirect',
    },
  ];
  check(
    apply,
    409,
    { reason: 'Conflict', details: { causes } },
    'conflict',
    'Cannot apply EgressRouter demo/a: others manage .spec.mode ("kubectl"), .spec.redirect ("argo"). Agree on one owner, or apply with force to take over.',
  );
  expect(httpFailure(apply, 409, JSON.stringify({ kind: 'Status', details: { causes } })).conflicts).toEqual([
    { manager: 'kubectl', field: '.spec.mode' },
    { manager: 'argo', field: '.spec.redirect' },
  ]);
});

test.each([
  [409, { reason: 'AlreadyExists' }, 'already-exists'],
  [409, { reason: 'Conflict', message: 'modified' }, 'conflict'],
  [410, { reason: 'Expired' }, 'expired'],
  [400, {}, 'invalid'],
  [422, { message: 'spec.mode: Unsupported value' }, 'invalid'],
  [429, {}, 'throttled'],
  [500, {}, 'server-error'],
  [503, '<html>down</html>', 'server-error'],
  [504, {}, 'timed-out'],
])('%d %j is %s', (status, body, reason) => {
  const text = typeof body === 'string' ? body : JSON.stringify({ kind: 'Status', ...body });
  const failure = httpFailure(list, status, text);
  expect(failure.reason).toBe(reason);
  expect(failure.message).not.toMatch(/[<{]|undefined/);
});
