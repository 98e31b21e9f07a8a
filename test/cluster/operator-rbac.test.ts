import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { kinds, type ResourceKind } from '#cluster/kinds.ts';
import { createObject, deleteObject, listObjects, patchObject } from '#cluster/objects.ts';
import { at, listAt, numberAt, textAt } from '#core/json-value.ts';
import { configMapName, nadName, operatorLeaseName } from '#core/manifest/names.ts';
import { installCrds, openWorld, router, rule, signal, until, type World } from './operations-world.ts';
import { conditionsOf, find, type RunningOperator, startProgram } from './operator-process.ts';
import { availableTargets, startTarget, type Target } from './target.ts';

// The roles that the operator is shipped with are enough, and not one verb of them is too much: without it, the API
// server refuses something that the operator asks for.

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

interface Grant {
  readonly role: 'ClusterRole' | 'Role';
  readonly rule: Rule;
}

const shipped = path.join(import.meta.dirname, '../../agent/deploy/manifests/rbac.yaml');
const grants: readonly Grant[] = parseAllDocuments(await readFile(shipped, 'utf8')).flatMap((document) => {
  const role: { readonly kind: string; readonly rules?: readonly Rule[] } = document.toJS();
  const { kind, rules = [] } = role;
  return kind === 'ClusterRole' || kind === 'Role' ? rules.map((rule) => ({ role: kind, rule })) : [];
});

describe.each(availableTargets())('the roles of the operator on the %s API', (kind) => {
  let target: Target;

  beforeAll(async () => {
    target = await startTarget(kind);
    await installCrds(target.kubeconfig);
  });

  afterAll(() => target?.close());

  test('are enough for all that it does', async () => {
    expect(grants.length).toBeGreaterThan(0);
    await using trial = await startTrial(target.kubeconfig, grants);
    expect(await refusalIn(trial)).toBeUndefined();
  });

  test.each(
    grants.map((grant) => ({ grant, what: `${grant.rule.resources.join(', ')} in the ${grant.role}` })),
  )('grant no verb on $what that it could do without', async ({ grant }) => {
    const needless = grant.rule.verbs.map(async (verb) => {
      const verbs = grant.rule.verbs.filter((other) => other !== verb);
      const others = grants.filter((other) => other !== grant);
      const left = verbs.length === 0 ? others : [...others, { ...grant, rule: { ...grant.rule, verbs } }];
      await using trial = await startTrial(target.kubeconfig, left);
      return (await refusalIn(trial)) === undefined ? [verb] : [];
    });
    expect((await Promise.all(needless)).flat()).toEqual([]);
  });
});

interface Trial extends AsyncDisposable {
  readonly world: World;
  readonly operator: RunningOperator;
}

/** Starts the operator for a namespace, as an account of its own with these rights. */
async function startTrial(kubeconfig: string, granted: readonly Grant[]): Promise<Trial> {
  const world = await openWorld(kubeconfig);
  const token = await makeAccount(world, granted);
  const { namespace } = world;
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'operator-1' },
    spec: {
      serviceAccountName: account,
      automountServiceAccountToken: false,
      containers: [{ name: 'operator', image: 'registry.example/agent:1' }],
    },
  };
  await createObject(world.connection, kinds.pod, pod, { namespace, signal });
  const login = await world.kubeconfig(({ users }) => {
    for (const entry of users) entry.user = { token };
  });
  const here = ['--kubeconfig', login, '--namespace', namespace];
  const args = [...here, '--health-port=0', '--ask-pods=false', '--lease-duration=6'];
  const operator = startProgram(args, { POD_NAMESPACE: namespace, POD_NAME: 'operator-1' });
  return {
    world,
    operator,
    [Symbol.asyncDispose]: async () => {
      operator.kill();
      await world[Symbol.asyncDispose]();
    },
  };
}

const account = 'operator';
const group = 'rbac.authorization.k8s.io';
const kindOf = (kind: string, plural: string, namespaced = true): ResourceKind => ({
  apiVersion: `${group}/v1`,
  kind,
  plural,
  namespaced,
});
const accounts: ResourceKind = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  namespaced: true,
};

/** @returns a token, once the API server knows what it is good for */
async function makeAccount({ connection, namespace }: World, granted: readonly Grant[]): Promise<string> {
  const name = `${namespace}-operator`;
  const metadata = { name };
  const body = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account } };
  await createObject(connection, accounts, body, { namespace, signal });
  const subjects = [{ kind: 'ServiceAccount', name: account, namespace }];
  for (const [role, roles, binding] of [
    [
      'ClusterRole',
      kindOf('ClusterRole', 'clusterroles', false),
      kindOf('ClusterRoleBinding', 'clusterrolebindings', false),
    ],
    ['Role', kindOf('Role', 'roles'), kindOf('RoleBinding', 'rolebindings')],
  ] as const) {
    const rules = granted.filter((grant) => grant.role === role).map((grant) => grant.rule);
    const place = roles.namespaced ? { namespace, signal } : { signal };
    const head = { apiVersion: `${group}/v1`, metadata };
    await createObject(connection, roles, { ...head, kind: roles.kind, rules: named(rules) }, place);
    const roleRef = { apiGroup: group, kind: roles.kind, name };
    await createObject(connection, binding, { ...head, kind: binding.kind, roleRef, subjects }, place);
    const [first] = rules;
    const isAllowed = async () => first === undefined || (await mayUse({ connection, namespace }, first));
    await until(isAllowed);
  }
  const answer = await connection.json({
    verb: 'create',
    kind: accounts,
    namespace,
    name: account,
    subresource: 'token',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: {}, spec: {} },
    signal,
  });
  return textAt(answer, 'status', 'token') ?? '';
}

function named(rules: readonly Rule[]): readonly object[] {
  return rules.map((one) => ({ ...one }));
}

async function mayUse(
  { connection, namespace }: Pick<World, 'connection' | 'namespace'>,
  { apiGroups: [ofGroup], resources: [whole = ''], resourceNames: [name] = [], verbs: [verb] }: Rule,
): Promise<boolean> {
  const [resource, subresource] = whole.split('/');
  const resourceAttributes = { namespace, group: ofGroup, resource, subresource, name, verb };
  const answer = await connection.json({
    verb: 'create',
    kind: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      plural: 'subjectaccessreviews',
      namespaced: false,
    },
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user: `system:serviceaccount:${namespace}:${account}`, resourceAttributes },
    },
    signal,
  });
  return at(answer, 'status', 'allowed') === true;
}

/** Has the operator do all that it can, until it is refused something. */
async function refusalIn({ world, operator }: Trial): Promise<string | undefined> {
  let refusal: string | undefined;
  for (const { act, isDone } of stepsOf(world)) {
    await act();
    await until(async () => {
      refusal = await readRefusal(operator);
      return refusal !== undefined || (await isDone());
    });
    if (refusal !== undefined) return refusal;
  }
  // The Lease is renewed every few seconds.
  await until(async () => {
    refusal = await readRefusal(operator);
    return refusal !== undefined || (await isRenewed(world));
  });
  return refusal;
}

async function isRenewed(world: World): Promise<boolean> {
  const lease = await find(world, kinds.lease, operatorLeaseName);
  return textAt(lease, 'spec', 'renewTime') !== textAt(lease, 'spec', 'acquireTime');
}

async function readRefusal(operator: RunningOperator): Promise<string | undefined> {
  const ofMetrics = /^\S*api_requests_total\{[^}]*code="403"\} .*$/m.exec(await readMetrics(operator))?.[0];
  return ofMetrics ?? /^.*Cannot read pod .*$/m.exec(operator.log())?.[0];
}

async function readMetrics(operator: RunningOperator): Promise<string> {
  const port = /health on port ([0-9]+)/.exec(operator.log())?.[1];
  return port === undefined ? '' : (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}

interface Step {
  readonly act: () => Promise<unknown>;
  readonly isDone: () => Promise<boolean>;
}

function stepsOf(world: World): readonly Step[] {
  const { connection, namespace } = world;
  const place = { namespace, name: 'partner' };
  const edit = (patch: object) => patchObject(connection, kinds.egressRouter, place, { ...patch }, signal);
  const expose = (value: string | null) => ({
    metadata: { annotations: { 'egress-router-tools/expose': value } },
  });
  const services = async () =>
    (await listObjects(connection, kinds.service, { namespace, signal })).objects.length;
  const isSettled = async () =>
    (await conditionsOf(world, 'partner')).includes('Degraded=False AsExpected') ||
    (await conditionsOf(world, 'partner')).includes('Progressing=True PodStarting');
  const isInvalid = async () => (await conditionsOf(world, 'partner')).includes('Degraded=True InvalidSpec');
  const gateway = (ip: string) => ({ spec: { addresses: [{ ip: '192.168.12.99/24', gateway: ip }] } });
  const wrong = { act: () => edit(gateway('10.0.0.1')), isDone: isInvalid };
  return [
    {
      act: async () => {
        const { metadata, ...rest } = router('partner');
        const object = { ...rest, metadata: { ...metadata, ...expose('true').metadata } };
        await createObject(connection, kinds.egressRouter, object, { namespace, signal });
      },
      isDone: async () => (await services()) === 1 && (await isSettled()),
    },
    {
      act: () => edit({ spec: { redirect: { redirectRules: [rule(9090)] } } }),
      isDone: async () =>
        (textAt(await find(world, kinds.nad, nadName), 'spec', 'config') ?? '').includes('9090 TCP'),
    },
    { act: () => edit(expose(null)), isDone: async () => (await services()) === 0 },
    wrong,
    { act: () => edit(gateway('192.168.12.1')), isDone: async () => !(await isInvalid()) },
    {
      ...wrong,
      isDone: async () => {
        const { objects } = await listObjects(connection, kinds.event, { namespace, signal });
        return objects.some((event) => (numberAt(event, 'count') ?? 0) > 1);
      },
    },
    {
      // What is left of a router that has gone makes the operator ask for it once more.
      act: async () => {
        await deleteObject(connection, kinds.egressRouter, place, { signal });
        await until(async () => (await find(world, kinds.egressRouter, 'partner')) === undefined);
        const reconciled = await find(world, kinds.configMap, configMapName);
        expect(listAt(reconciled, 'metadata', 'ownerReferences')).toHaveLength(1);
        await deleteObject(connection, kinds.configMap, { namespace, name: configMapName }, { signal });
      },
      isDone: async () => true,
    },
  ];
}
