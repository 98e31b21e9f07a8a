import { expect, test } from 'vitest';
import { clientWithToken } from './api-client.ts';
import { at, listAt } from './api-json.ts';
import { onEachTarget, until } from './api-world.ts';

onEachTarget((world) => {
  const rbac = (plural: string): string => world().path(plural, 'rbac.authorization.k8s.io/v1');

  /** A token of a new service account that may do what the rules say. */
  async function accountWith(name: string, rules: readonly object[]): Promise<string> {
    const { client, namespace, path } = world();
    await client.must(`POST ${path('serviceaccounts')}`, { body: { metadata: { name } } });
    await client.must(`POST ${rbac('roles')}`, { body: { metadata: { name }, rules } });
    await client.must(`POST ${rbac('rolebindings')}`, {
      body: {
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
        subjects: [{ kind: 'ServiceAccount', name, namespace }],
      },
    });
    const made = await client.must(`POST ${path('serviceaccounts')}/${name}/token`, { body: { spec: {} } });
    return String(at(made, 'status', 'token'));
  }

  test('what a role does not grant is refused in the words of RBAC', async () => {
    const { client, namespace, path } = world();
    const token = await accountWith('reader', [
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['one'], verbs: ['get', 'list'] },
    ]);
    const reader = clientWithToken(client, token);
    const who = `User "system:serviceaccount:${namespace}:reader"`;
    const rows = [
      [`GET ${path('pods')}`, 200, undefined],
      [
        `GET ${path('secrets')}`,
        403,
        `secrets is forbidden: ${who} cannot list resource "secrets" in API group "" in the namespace "${namespace}"`,
      ],
      [
        `GET ${path('secrets')}/s`,
        403,
        `secrets "s" is forbidden: ${who} cannot get resource "secrets" in API group "" in the namespace "${namespace}"`,
      ],
      [
        'GET /api/v1/nodes',
        403,
        `nodes is forbidden: ${who} cannot list resource "nodes" in API group "" at the cluster scope`,
      ],
      [
        `GET ${path('deployments', 'apps/v1')}/d/scale`,
        403,
        `deployments.apps "d" is forbidden: ${who} cannot get resource "deployments/scale" in API group "apps" in ` +
          `the namespace "${namespace}"`,
      ],
      [`GET ${path('configmaps')}/one`, 404, 'configmaps "one" not found'],
      [`GET ${path('configmaps')}?fieldSelector=metadata.name%3Done`, 200, undefined],
      [
        `GET ${path('configmaps')}?fieldSelector=metadata.name%3Dtwo`,
        403,
        `configmaps "two" is forbidden: ${who} cannot list resource "configmaps" in API group "" in the namespace "${namespace}"`,
      ],
      [
        `GET ${path('configmaps')}/two`,
        403,
        `configmaps "two" is forbidden: ${who} cannot get resource "configmaps" in API group "" in the namespace "${namespace}"`,
      ],
      ['GET /metrics', 403, `forbidden: ${who} cannot get path "/metrics"`],
      ['GET /version', 200, undefined],
      ['GET /apis', 200, undefined],
    ] as const;
    for (const [request, code, message] of rows) {
      const answer = await reader.send(request);
      expect([request, answer.code, answer.body['message']]).toEqual([request, code, message]);
    }
  });

  test('to apply an object that is not there is to create it', async () => {
    const { client, namespace, path } = world();
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['patch'] }];
    const patcher = clientWithToken(client, await accountWith('patcher', rules));
    const apply = {
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied' } },
    };
    const request = `PATCH ${path('configmaps')}/applied?fieldManager=test`;
    const { code, body } = await patcher.send(request, apply);
    expect([code, body['message']]).toEqual([
      403,
      `configmaps "applied" is forbidden: User "system:serviceaccount:${namespace}:patcher" cannot create resource ` +
        `"configmaps" in API group "" in the namespace "${namespace}"`,
    ]);
    await client.must(`POST ${path('configmaps')}`, { body: apply.body });
    expect((await patcher.send(request, apply)).code).toBe(200);
  });

  test('one may ask what one may do, and who one is', async () => {
    const { client, namespace } = world();
    const token = await accountWith('asker', [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]);
    const asker = clientWithToken(client, token);
    const ask = async (verb: string): Promise<unknown> => {
      const resourceAttributes = { verb, resource: 'pods', namespace };
      const review = await asker.must('POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        body: { spec: { resourceAttributes } },
      });
      return at(review, 'status');
    };
    expect(await ask('get')).toEqual({
      allowed: true,
      reason: `RBAC: allowed by RoleBinding "asker/${namespace}" of Role "asker" to ServiceAccount "asker/${namespace}"`,
    });
    expect(await ask('delete')).toEqual({ allowed: false });
    const self = await asker.must('POST /apis/authentication.k8s.io/v1/selfsubjectreviews', { body: {} });
    expect([
      at(self, 'status', 'userInfo', 'username'),
      listAt(self, 'status', 'userInfo', 'groups'),
    ]).toEqual([
      `system:serviceaccount:${namespace}:asker`,
      ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    ]);
  });

  test('a token that is wrong, or whose account is gone, is no login', async () => {
    const { client, path } = world();
    const token = await accountWith('leaver', []);
    const leaver = clientWithToken(client, token);
    expect((await leaver.send(`GET ${path('pods')}`)).code).toBe(403);
    await client.must(`DELETE ${path('serviceaccounts')}/leaver`);
    await client.must(`POST ${path('serviceaccounts')}`, { body: { metadata: { name: 'leaver' } } });
    // kube-apiserver remembers for ten seconds that a token was good.
    await until(async () => (await leaver.send(`GET ${path('pods')}`)).code === 401);
    for (const nobody of [leaver, clientWithToken(client, 'nonsense')]) {
      const { code, body } = await nobody.send(`GET ${path('pods')}`);
      expect([code, body]).toEqual([
        401,
        {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: 'Unauthorized',
          reason: 'Unauthorized',
          code: 401,
        },
      ]);
    }
  });

  test('without a login one is anonymous', async () => {
    const { client, path, namespace } = world();
    const { code, body } = await clientWithToken(client, undefined).send(`GET ${path('pods')}`);
    expect([code, body['message']]).toEqual([
      403,
      `pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "${namespace}"`,
    ]);
  });

  test('an administrator may act as another', async () => {
    const { client, path, namespace } = world();
    const { body } = await client.send(`GET ${path('pods')}`, { headers: { 'impersonate-user': 'ann' } });
    expect(body['message']).toBe(
      `pods is forbidden: User "ann" cannot list resource "pods" in API group "" in the namespace "${namespace}"`,
    );
  });
});
