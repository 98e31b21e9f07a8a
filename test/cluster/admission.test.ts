import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { operatorPolicies, routerPolicies } from '#core/admission/policies.ts';
import { raisedRules } from '#core/admission/router-rules.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { admissionCases } from '../../language/test/rows/admission-cases.ts';
import { type ApiClient, clientWithToken } from './api-client.ts';
import { type ApiWorld, onEachTarget, until } from './api-world.ts';

const routers = 'network.operator.openshift.io/v1';

onEachTarget((world) => {
  beforeAll(() => installPolicies(world()));

  test.each(admissionCases())('$name: the API server judges as the editor does', async ({ manifest }) => {
    const { told, isJudged } = await judge(world(), manifest);
    if (!isJudged) return;
    const raised = raisedRules(manifest);
    const refused = raised.find(({ severity }) => severity === 'error');
    // A refusal names the first rule that is broken.
    const expected = refused === undefined ? raised : [refused];
    expect(told).toEqual(expected.map(({ code, severity }) => `${code} ${severity}`));
  });

  test('what it says names the place and the value', async () => {
    const { client, path } = world();
    const say = async (spec: object): Promise<string> => {
      const body = { apiVersion: routers, kind: 'EgressRouter', metadata: { name: 'judged' }, spec };
      const url = `POST ${path('egressrouters', routers)}?dryRun=All`;
      const { body: answer, headers } = await client.send(url, { body });
      return `${JSON.stringify(answer['message'] ?? '')}${String(headers['warning'] ?? '')}`;
    };
    const [address, port] = ['192.168.12.99/24', { port: 80, protocol: 'TCP' }];
    const redirect = { redirectRules: [{ ...port, destinationIP: '203.0.113.25' }] };
    const twice = { redirectRules: [...redirect.redirectRules, { ...port, destinationIP: '203.0.113.26' }] };
    const own = {
      redirectRules: [...redirect.redirectRules, { ...port, port: 81, destinationIP: '192.168.12.99' }],
    };
    expect(await say({ addresses: [{ ip: address }, { ip: '192.168.12.7' }], redirect })).toContain(
      'spec.addresses[1].ip \\"192.168.12.7\\": An address lacks',
    );
    expect(await say({ addresses: [{ ip: address, gateway: '192.168.13.1' }], redirect })).toContain(
      'spec.addresses[0].gateway \\"192.168.13.1\\": A gateway is outside',
    );
    expect(await say({ addresses: [{ ip: address }], redirect: twice })).toContain(
      'spec.redirect.redirectRules, port 80/TCP: Two rules',
    );
    expect(await say({ addresses: [{ ip: address }], redirect: own })).toMatch(
      /spec\.redirect\.redirectRules\[1\]\.destinationIP \\?"192\.168\.12\.99\\?": A destination is the router's own/,
    );
  });

  test('a router as large as they come is judged, not given up on', async () => {
    const rule = (index: number) => ({ port: index + 1, protocol: 'TCP', destinationIP: '203.0.113.25' });
    const router = (count: number, last: object = {}) => ({
      apiVersion: routers,
      kind: 'EgressRouter',
      spec: {
        addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
        redirect: {
          redirectRules: [
            ...Array.from({ length: count }, (_, index) => rule(index)),
            { ...rule(0), ...last },
          ],
        },
      },
    });
    const other = { destinationIP: '203.0.113.26' };
    expect(await judge(world(), router(127, other))).toEqual({
      told: ['duplicate-rule error'],
      isJudged: true,
    });
    expect(await judge(world(), router(127, { port: 9_999 }))).toEqual({ told: [], isJudged: true });
    expect(await judge(world(), router(2_000, { port: 9_999 }))).toEqual({ told: [], isJudged: true });
  });

  test('a faulty router from before the policy can be labeled, but not changed', async () => {
    const { client, path } = world();
    const url = path('egressrouters', routers);
    const policies = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/egress-routers';
    const binding = await client.must(`GET ${policies}`);
    await client.must(`DELETE ${policies}`);
    const faulty = {
      apiVersion: routers,
      kind: 'EgressRouter',
      metadata: { name: 'older' },
      spec: { addresses: [], redirect: { fallbackIP: '203.0.113.25' } },
    };
    await until(async () => (await client.send(`POST ${url}`, { body: faulty })).code === 201);
    const { resourceVersion: _, uid: __, ...metadata } = asObject(binding['metadata']);
    await client.must(`POST ${policies.replace(/\/[^/]*$/, '')}`, { body: { ...binding, metadata } });
    await until(async () => (await judge(world(), faulty)).told.includes('no-address error'));
    const patch = async (body: object) =>
      (await client.send(`PATCH ${url}/older`, { body, type: 'application/merge-patch+json' })).code;
    expect([
      await patch({ metadata: { labels: { team: 'web' } } }),
      await patch({ spec: { redirect: { fallbackIP: '203.0.113.26' } } }),
    ]).toEqual([200, 422]);
  });

  test("the operator's account writes its own objects only", async () => {
    const { client, namespace, path } = world();
    const account = `/api/v1/namespaces/${namespace}/serviceaccounts`;
    await client.must(`POST ${account}`, { body: { metadata: { name: 'egress-router-operator' } } });
    await client.must('POST /apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      body: {
        metadata: { name: `all-${namespace}` },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ kind: 'ServiceAccount', name: 'egress-router-operator', namespace }],
      },
    });
    const { status } = await client.must(`POST ${account}/egress-router-operator/token`, {
      body: { spec: {} },
    });
    const operator = clientWithToken(client, String(asObject(status)['token']));
    const owner = {
      apiVersion: routers,
      kind: 'EgressRouter',
      name: 'r',
      uid: '0b0c1a34-6c9e-4a0e-9d2c-2f6f1b1f3c11',
      controller: true,
    };
    const post = async (by: ApiClient, plural: string, metadata: object) => {
      const spec = plural === 'services' ? { spec: { ports: [{ port: 80 }] } } : {};
      return (await by.send(`POST ${path(plural)}?dryRun=All`, { body: { metadata, ...spec } })).code;
    };
    await until(async () => (await post(operator, 'configmaps', { name: 'other' })) === 422);
    expect([
      await post(operator, 'configmaps', { name: 'egress-router-cni-config' }),
      await post(operator, 'services', { name: 'web' }),
      await post(operator, 'services', { name: 'web', ownerReferences: [owner] }),
      await post(client, 'configmaps', { name: 'other' }),
    ]).toEqual([201, 422, 201, 201]);
  });
});

/** What the server says to a router, without keeping it. */
async function judge(
  { client, path, namespace }: ApiWorld,
  manifest: unknown,
): Promise<{ readonly told: readonly string[]; readonly isJudged: boolean }> {
  const body = { ...asObject(manifest), metadata: { name: 'judged', namespace } };
  const {
    code,
    body: answer,
    headers,
  } = await client.send(`POST ${path('egressrouters', routers)}?dryRun=All`, {
    body,
  });
  const message = typeof answer['message'] === 'string' ? answer['message'] : '';
  const isRefused = message.includes("ValidatingAdmissionPolicy 'egress-routers'");
  // What the schema refuses reaches no policy.
  const isJudged = code === 201 || isRefused;
  const warnings = isRefused ? [] : codesIn(String(headers['warning'] ?? ''));
  const errors = isRefused ? codesIn(message) : [];
  return {
    isJudged,
    told: [...errors.map((one) => `${one} error`), ...warnings.map((one) => `${one} warning`)],
  };
}

function codesIn(text: string): readonly string[] {
  return [...text.matchAll(/\(([a-z-]+)\)/g)].map(([, code = '']) => code);
}

async function installPolicies(world: ApiWorld): Promise<void> {
  const { client } = world;
  const crd: unknown = parse(await readFile('agent/deploy/manifests/crd.yaml', 'utf8'));
  await client.must('POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions', { body: crd });
  for (const policy of [...routerPolicies(), ...operatorPolicies()]) {
    const plural = policy.kind === 'ValidatingAdmissionPolicy' ? 'policies' : 'policybindings';
    await client.must(`POST /apis/admissionregistration.k8s.io/v1/validatingadmission${plural}`, {
      body: policy,
    });
  }
  const empty = { apiVersion: routers, kind: 'EgressRouter', spec: { addresses: [], redirect: {} } };
  // A server takes up policies a moment after it has them, and the two one after the other.
  await until(async () => (await judge(world, empty)).told.includes('no-address error'));
  await until(async () => {
    const idle = { ...empty, spec: { addresses: [{ ip: '192.168.12.99/24' }], redirect: {} } };
    return (await judge(world, idle)).told.includes('nothing-to-redirect warning');
  });
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
