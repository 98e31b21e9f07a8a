import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { applyObject } from '#cluster/apply.ts';
import { type Connection, connect } from '#cluster/connect.ts';
import { ClusterError } from '#cluster/errors.ts';
import { kinds, type ResourceKind } from '#cluster/kinds.ts';
import { createObject, getObject, patchObject } from '#cluster/objects.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { at, listAt, textAt } from '#core/json-value.ts';
import { toDeployment } from '#core/manifest/deployment.ts';
import { toNad } from '#core/manifest/nad.ts';
import { configHashAnnotation, networkStatusAnnotation, routerLabel } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { documentedNames, type RouterNames } from '#core/manifest/router-names.ts';
import { formatDestination } from '#core/netconf/format.ts';

/** A namespace of its own on some API server, seen by its administrator. */
export interface World extends AsyncDisposable {
  readonly connection: Connection;
  readonly namespace: string;
  /** The certificate of the API server's authority. */
  readonly ca: string;
  /** A kubeconfig file derived from the administrator's. */
  kubeconfig(change: (config: KubeconfigText) => void): Promise<string>;
  /** As somebody who may only do what `rules` say in this namespace. */
  connectAs(rules: readonly object[], through?: Through): Promise<Connection>;
  /** Of a service account that may do the same. */
  token(rules: readonly object[]): Promise<string>;
}

/** Something that stands in front of the API server, on plain HTTP. */
export interface Through {
  readonly url: string;
  readonly requestTimeoutMs?: number;
}

export interface KubeconfigText {
  readonly clusters: { cluster: Record<string, unknown> }[];
  readonly users: { user: Record<string, unknown> }[];
  readonly contexts: { context: Record<string, unknown> }[];
}

const root = path.join(import.meta.dirname, '../..');
export const signal = AbortSignal.timeout(10 * 60_000);

/** @param kubeconfig of an administrator */
export async function openWorld(kubeconfig: string): Promise<World> {
  const namespace = `ops-${randomBytes(4).toString('hex')}`;
  const folder = await mkdtemp(path.join(tmpdir(), 'ert-operations-'));
  const opened: Connection[] = [];
  const open = (file: string, requestTimeoutMs = 30_000): Connection => {
    const options = { kubeconfigPaths: [file], namespace, allowExec: false, requestTimeoutMs };
    const connection = connect(options);
    opened.push(connection);
    return connection;
  };
  const connection = open(kubeconfig);
  await createObject(connection, kinds.namespace, bare('v1', 'Namespace', namespace), { signal });
  const text = await readFile(kubeconfig, 'utf8');
  const derive: World['kubeconfig'] = async (change) => {
    const config: KubeconfigText = parse(text);
    change(config);
    const file = path.join(folder, randomBytes(4).toString('hex'));
    await writeFile(file, stringify(config));
    return file;
  };
  return {
    connection,
    namespace,
    ca: Buffer.from(textAt(parse(text), ...authorityPath) ?? '', 'base64').toString(),
    kubeconfig: derive,
    token: (rules) => tokenOf(connection, namespace, rules),
    connectAs: async (rules, through) => {
      const token = await tokenOf(connection, namespace, rules);
      const file = await derive(({ users, clusters }) => {
        for (const entry of users) entry.user = { token };
        if (through === undefined) return;
        for (const entry of clusters) entry.cluster = { server: through.url };
      });
      return open(file, through?.requestTimeoutMs);
    },
    [Symbol.asyncDispose]: async () => {
      for (const entry of opened) entry.close();
      await rm(folder, { recursive: true });
    },
  };
}

const authorityPath = ['clusters', 0, 'cluster', 'certificate-authority-data'] as const;

export async function installCrds(kubeconfig: string): Promise<void> {
  const connection = connect({ kubeconfigPaths: [kubeconfig], allowExec: false });
  const crd: KubernetesObject = parse(
    await readFile(path.join(root, 'agent/deploy/manifests/crd.yaml'), 'utf8'),
  );
  for (const object of [crd, nadCrd]) {
    await applyObject(connection, object, { fieldManager: 'test', force: true, signal });
  }
  for (const kind of [kinds.egressRouter, kinds.nad]) {
    await until(() => connection.json({ verb: 'list', kind, signal }).then(() => true, isMissing));
  }
  connection.close();
}

function isMissing(error: unknown): boolean {
  if (ClusterError.is(error, 'crd-missing', 'throttled', 'server-error')) return false;
  throw error;
}

const accounts: ResourceKind = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  namespaced: true,
};
const rbac = 'rbac.authorization.k8s.io/v1';
const roles: ResourceKind = { apiVersion: rbac, kind: 'Role', plural: 'roles', namespaced: true };
const roleBindings: ResourceKind = {
  apiVersion: rbac,
  kind: 'RoleBinding',
  plural: 'rolebindings',
  namespaced: true,
};

async function tokenOf(connection: Connection, namespace: string, rules: readonly object[]): Promise<string> {
  const name = `user-${randomBytes(3).toString('hex')}`;
  const options = { namespace, signal };
  await createObject(connection, accounts, bare('v1', 'ServiceAccount', name), options);
  await createObject(connection, roles, { ...bare(rbac, 'Role', name), rules }, options);
  const binding = {
    ...bare(rbac, 'RoleBinding', name),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  };
  await createObject(connection, roleBindings, binding, options);
  const body = { ...bare('authentication.k8s.io/v1', 'TokenRequest', name), spec: {} };
  const request = {
    verb: 'create',
    kind: accounts,
    namespace,
    name,
    subresource: 'token',
    body,
    signal,
  } as const;
  return textAt(await connection.json(request), 'status', 'token') ?? '';
}

export function router(name: string, ip = '192.168.12.99/24', rules: readonly object[] = [rule(8080)]) {
  return {
    apiVersion: 'network.operator.openshift.io/v1',
    kind: 'EgressRouter',
    metadata: { name },
    spec: {
      mode: 'Redirect',
      networkInterface: { macvlan: { mode: 'Bridge' } },
      addresses: [{ ip, gateway: '192.168.12.1' }],
      redirect: { redirectRules: rules },
    },
  };
}

export function rule(port: number): object {
  return { destinationIP: '203.0.113.25', port, protocol: 'TCP', targetPort: 80 };
}

/**
 * What operator, controllers and node do after a deploy, by hand and step by step: this ring is about what a person
 * is told of each step. With the real ones the same is told in the end-to-end ring.
 */
export const actAs = {
  async operator(
    { connection, namespace }: World,
    name: string,
    configHash: string,
    names: RouterNames = documentedNames,
  ): Promise<void> {
    const live = await getObject(connection, kinds.egressRouter, { namespace, name }, signal);
    const parsed = parseRouter(live).router;
    if (parsed === undefined) throw new Error('The stored router has faults.');
    const { apiVersion, kind, metadata } = live;
    const owner = { apiVersion, kind, name, uid: metadata.uid ?? '', controller: true };
    const options = { fieldManager: 'egress-router-operator', force: true, signal };
    await applyObject(connection, toNad(parsed, { owner, names }), options);
    const deployment = toDeployment(parsed, { image: 'agent', configHash, owner, names });
    await applyObject(connection, deployment, options);
  },

  /** As the Cluster Network Operator does, which changes the NAD and leaves the pod as it is. */
  async cno({ connection, namespace }: World, name: string): Promise<void> {
    const live = await getObject(connection, kinds.egressRouter, { namespace, name }, signal);
    const parsed = parseRouter(live).router;
    if (parsed === undefined) throw new Error('The stored router has faults.');
    const { apiVersion, kind, metadata } = live;
    const owner = { apiVersion, kind, name, uid: metadata.uid ?? '', controller: true };
    const ip = {
      addresses: parsed.addresses.slice(0, 1).map(({ address }) => address),
      destinations: parsed.rules.map(formatDestination),
      gateway: parsed.addresses[0]?.gateway,
    };
    const config = { cniVersion: '0.4.0', type: 'egress-router', name: documentedNames.nad, ip };
    const options = { fieldManager: 'cluster-network-operator', force: true, signal };
    await applyObject(
      connection,
      { ...toNad(parsed, { owner }), spec: { config: JSON.stringify(config) } },
      options,
    );
    const labels = { app: documentedNames.app };
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: documentedNames.deployment, namespace, labels, ownerReferences: [owner] },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'sleeps' }] } },
      },
    };
    await applyObject(connection, deployment, options);
  },

  async conditions(
    { connection, namespace }: World,
    name: string,
    degraded?: string,
    rulesPending?: string,
  ): Promise<void> {
    const lastTransitionTime = '2026-01-01T00:00:00Z';
    const conditions = [
      {
        type: 'Degraded',
        status: degraded === undefined ? 'False' : 'True',
        reason: degraded === undefined ? 'AsExpected' : 'PodSandboxFailed',
        message: degraded ?? '',
        lastTransitionTime,
      },
      {
        type: 'Progressing',
        status: rulesPending === undefined ? 'False' : 'True',
        reason: rulesPending === undefined ? 'Settled' : 'RulesPending',
        message: rulesPending ?? '',
        lastTransitionTime,
      },
    ];
    const { apiVersion, kind } = kinds.egressRouter;
    const object = { apiVersion, kind, metadata: { name, namespace }, status: { conditions } };
    const options = {
      fieldManager: 'egress-router-operator',
      subresource: 'status',
      force: true,
      signal,
    } as const;
    await applyObject(connection, object, options);
  },

  async replicaSet(
    { connection, namespace }: World,
    configHash: string,
    names: RouterNames = documentedNames,
  ): Promise<KubernetesObject> {
    const place = { namespace, name: names.deployment };
    const deployment = await getObject(connection, kinds.deployment, place, signal);
    // A pod is refused without it, and what makes it does not run here.
    const account = createObject(connection, accounts, bare('v1', 'ServiceAccount', 'default'), {
      namespace,
      signal,
    });
    await account.catch((error: unknown) => {
      if (!ClusterError.is(error, 'already-exists')) throw error;
    });
    const podSpec = at(deployment, 'spec', 'template', 'spec');
    const router = textAt(deployment, 'metadata', 'labels', routerLabel) ?? '';
    const labels = { app: names.app, [routerLabel]: router };
    const ownerOf = ({ apiVersion, kind, metadata: { name, uid = '' } }: KubernetesObject) => [
      { apiVersion, kind, name, uid, controller: true },
    ];
    const name = `${names.deployment}-${configHash}`;
    const replicaSet = await createObject(
      connection,
      kinds.replicaSet,
      {
        ...bare('apps/v1', 'ReplicaSet', name),
        metadata: { name, labels, ownerReferences: ownerOf(deployment) },
        spec: {
          replicas: 0,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: podSpec },
        },
      },
      { namespace, signal },
    );
    return createObject(
      connection,
      kinds.pod,
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: `${name}-x`,
          labels,
          annotations: { [configHashAnnotation]: configHash },
          ownerReferences: ownerOf(replicaSet),
        },
        spec: { containers: [{ name: 'c', image: 'agent' }], automountServiceAccountToken: false },
      },
      { namespace, signal },
    );
  },

  async multus({ connection, namespace }: World, pod: KubernetesObject, ip: string): Promise<void> {
    const status = JSON.stringify([{ name: 'n', interface: 'net1', ips: [ip], mac: '0a:58:c0:a8:0c:63' }]);
    const metadata = { annotations: { [networkStatusAnnotation]: status } };
    await patchObject(connection, kinds.pod, { namespace, name: pod.metadata.name }, { metadata }, signal);
  },

  async kubelet({ connection, namespace }: World, pod: KubernetesObject): Promise<void> {
    const conditions = [{ type: 'Ready', status: 'True' }];
    const place = { namespace, name: pod.metadata.name, subresource: 'status' } as const;
    const running = { startedAt: '2026-01-01T00:00:00Z' };
    const containerStatuses = listAt(pod, 'spec', 'containers').map((container) => {
      const image = textAt(container, 'image');
      const state = { running };
      return { name: textAt(container, 'name'), image, imageID: '', ready: true, restartCount: 0, state };
    });
    const status = { phase: 'Running', conditions, containerStatuses };
    await patchObject(connection, kinds.pod, place, { status }, signal);
  },

  async cniFailure({ connection, namespace }: World, pod: KubernetesObject, message: string): Promise<void> {
    const { name, uid } = pod.metadata;
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.1`, namespace },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name, uid },
      type: 'Warning',
      reason: 'FailedCreatePodSandBox',
      message,
      lastTimestamp: '2026-01-01T00:00:00Z',
    };
    await createObject(connection, kinds.event, event, { namespace, signal });
  },
};

/** Polls, for at most 20 s. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Not within 20 s: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function bare(apiVersion: string, kind: string, name: string): KubernetesObject {
  return { apiVersion, kind, metadata: { name } };
}

const nadCrd: KubernetesObject = {
  apiVersion: kinds.crd.apiVersion,
  kind: kinds.crd.kind,
  metadata: { name: `${kinds.nad.plural}.k8s.cni.cncf.io` },
  spec: {
    group: 'k8s.cni.cncf.io',
    scope: 'Namespaced',
    names: { plural: kinds.nad.plural, singular: 'network-attachment-definition', kind: kinds.nad.kind },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { config: { type: 'string' } } } },
          },
        },
      },
    ],
  },
};
