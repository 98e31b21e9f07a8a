import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import type { Connection } from '#cluster/connect.ts';
import { kinds, type ResourceKind } from '#cluster/kinds.ts';
import { toObject } from '#cluster/objects.ts';
import { egressRouterGroup, egressRouterPlural } from '#core/egress-router/wire.ts';
import { listAt, textAt } from '#core/json-value.ts';
import {
  nadApiVersion,
  nadGroup,
  nadKind,
  nadPlural,
  sandboxOperatorAnnotation,
} from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';

/** What a person finds in the sandbox from the start. */
export const demoNamespace = 'demo';
/** For the samples, which also do where a namespace has room for one router. */
const furtherNamespaces = ['demo-2', 'demo-3'] as const;
export const clientPodName = 'client';
export const clientContainerName = 'client';
export const operatorAccount = { namespace: 'egress-router-tools', name: 'egress-router-operator' } as const;

const fieldManager = 'sandbox';

/**
 * Everything that must be there before an EgressRouter can be deployed: definitions, the operator's permissions, the
 * demo namespace and its client pod. `manifests` holds the files with which the operator is installed on a cluster.
 */
export async function bootstrap(
  connection: Connection,
  manifests: string,
  signal: AbortSignal,
): Promise<void> {
  const objects = [
    ...(await readManifest(join(manifests, 'crd.yaml'))),
    ...(await readManifest(join(manifests, 'namespace.yaml'))),
    ...(await readManifest(join(manifests, 'rbac.yaml'))).map(marked),
    nadDefinition,
    namespaceNamed('kube-node-lease'),
    ...[demoNamespace, ...furtherNamespaces].map(namespaceNamed),
  ];
  // Definitions and namespaces first: the others stand in them.
  for (const object of [...objects].sort((a, b) => rank(a) - rank(b)))
    await apply(connection, object, signal);
  for (const crd of [`${egressRouterPlural}.${egressRouterGroup}`, `${nadPlural}.${nadGroup}`]) {
    await untilEstablished(connection, crd, signal);
  }
}

/** The pod from which a person sends traffic to a Service. Needs the namespace's default service account. */
export async function createClientPod(connection: Connection, signal: AbortSignal): Promise<void> {
  await untilAccount(connection, demoNamespace, signal);
  await apply(connection, clientPod, signal);
}

async function apply(connection: Connection, object: KubernetesObject, signal: AbortSignal): Promise<void> {
  await connection.json({
    verb: 'apply',
    kind: resourceOf(object),
    namespace: object.metadata.namespace,
    name: object.metadata.name,
    query: { fieldManager, force: 'true' },
    contentType: 'application/apply-patch+yaml',
    body: object,
    signal,
  });
}

const pollMs = 100;

async function untilEstablished(connection: Connection, name: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const crd = await connection.json({ verb: 'get', kind: kinds.crd, name, signal });
    const isEstablished = listAt(crd, 'status', 'conditions').some(
      (condition) => textAt(condition, 'type') === 'Established' && textAt(condition, 'status') === 'True',
    );
    if (isEstablished) return;
    await delay(pollMs, undefined, { signal });
  }
}

async function untilAccount(connection: Connection, namespace: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const list = await connection.json({ verb: 'list', kind: resources.ServiceAccount, namespace, signal });
    if (listAt(list, 'items').some((account) => textAt(account, 'metadata', 'name') === 'default')) return;
    await delay(pollMs, undefined, { signal });
  }
}

/** So that the agent is neither installed a second time nor taken from the operator that runs beside. */
function marked(object: KubernetesObject): KubernetesObject {
  if (object.kind !== resources.ClusterRoleBinding.kind) return object;
  const annotations = { ...object.metadata.annotations, [sandboxOperatorAnnotation]: 'a process beside it' };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

async function readManifest(file: string): Promise<readonly KubernetesObject[]> {
  const documents = parseAllDocuments(await readFile(file, 'utf8'));
  return [...documents].map((document) => toObject(document.toJS()));
}

function rank({ kind }: KubernetesObject): number {
  return kind === 'CustomResourceDefinition' ? 0 : kind === 'Namespace' ? 1 : 2;
}

const rbac = 'rbac.authorization.k8s.io/v1';

const resources = {
  ServiceAccount: { apiVersion: 'v1', kind: 'ServiceAccount', plural: 'serviceaccounts', namespaced: true },
  Role: { apiVersion: rbac, kind: 'Role', plural: 'roles', namespaced: true },
  RoleBinding: { apiVersion: rbac, kind: 'RoleBinding', plural: 'rolebindings', namespaced: true },
  ClusterRole: { apiVersion: rbac, kind: 'ClusterRole', plural: 'clusterroles', namespaced: false },
  ClusterRoleBinding: {
    apiVersion: rbac,
    kind: 'ClusterRoleBinding',
    plural: 'clusterrolebindings',
    namespaced: false,
  },
} as const satisfies Record<string, ResourceKind>;

function resourceOf({ apiVersion, kind }: KubernetesObject): ResourceKind {
  const found = [...Object.values(kinds), ...Object.values(resources)].find(
    (resource) => resource.apiVersion === apiVersion && resource.kind === kind,
  );
  if (found === undefined) throw new Error(`the sandbox does not know the kind ${kind} (${apiVersion})`);
  return found;
}

function namespaceNamed(name: string): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

const clientPod: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: clientPodName, namespace: demoNamespace, labels: { app: 'client' } },
  spec: {
    terminationGracePeriodSeconds: 1,
    automountServiceAccountToken: false,
    containers: [{ name: clientContainerName, image: 'sandbox/client' }],
  },
};

/** Multus' own definition, as its specification has it: the configuration is text, for a CNI plugin to judge. */
const nadDefinition: KubernetesObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${nadPlural}.${nadGroup}` },
  spec: {
    group: nadGroup,
    scope: 'Namespaced',
    names: {
      plural: nadPlural,
      singular: 'network-attachment-definition',
      kind: nadKind,
      shortNames: ['net-attach-def'],
    },
    versions: [
      {
        name: nadApiVersion.slice(nadGroup.length + 1),
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            description: 'A network that pods can be attached to besides the cluster network.',
            type: 'object',
            properties: {
              apiVersion: { type: 'string' },
              kind: { type: 'string' },
              metadata: { type: 'object' },
              spec: {
                description: 'How the network is attached.',
                type: 'object',
                properties: {
                  config: { description: 'A CNI configuration in JSON.', type: 'string' },
                },
              },
            },
          },
        },
      },
    ],
  },
};
