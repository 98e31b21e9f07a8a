import { kinds, type ResourceKind } from '#cluster/kinds.ts';
import { listAt, textAt } from '#core/json-value.ts';
import type { Stored } from '../objects.ts';

/** Built-in kinds that may own, or be owned; Events and reviews belong to nobody. */
const builtIn: readonly ResourceKind[] = [
  kinds.deployment,
  kinds.daemonSet,
  kinds.replicaSet,
  kinds.pod,
  kinds.service,
  kinds.endpointSlice,
  kinds.configMap,
  kinds.lease,
  { apiVersion: 'v1', kind: 'Endpoints', plural: 'endpoints', namespaced: true },
  { apiVersion: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true },
  { apiVersion: 'v1', kind: 'ServiceAccount', plural: 'serviceaccounts', namespaced: true },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', plural: 'roles', namespaced: true },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    plural: 'rolebindings',
    namespaced: true,
  },
];

/** Goes away with its namespace, though nothing owns it. */
const event: ResourceKind = kinds.event;

/** The kinds whose objects have owners: built in, or defined by these CustomResourceDefinitions. */
export function ownableKinds(crds: readonly Stored[]): readonly ResourceKind[] {
  return [...builtIn, ...crds.flatMap(kindOfCrd)];
}

/** The kinds that a namespace must be empty of before it can go. */
export function namespacedKinds(crds: readonly Stored[]): readonly ResourceKind[] {
  return [...ownableKinds(crds).filter((kind) => kind.namespaced), event];
}

export function kindOfCrd(crd: Stored): readonly ResourceKind[] {
  const version = listAt(crd, 'spec', 'versions').find((entry) => isServed(entry));
  const name = textAt(version, 'name');
  const group = textAt(crd, 'spec', 'group');
  const kind = textAt(crd, 'spec', 'names', 'kind');
  const plural = textAt(crd, 'spec', 'names', 'plural');
  const isEstablished = listAt(crd, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === 'Established' && textAt(condition, 'status') === 'True',
  );
  if (
    !isEstablished ||
    name === undefined ||
    group === undefined ||
    kind === undefined ||
    plural === undefined
  ) {
    return [];
  }
  return [
    {
      apiVersion: `${group}/${name}`,
      kind,
      plural,
      namespaced: textAt(crd, 'spec', 'scope') === 'Namespaced',
    },
  ];
}

function isServed(version: unknown): boolean {
  return typeof version === 'object' && version !== null && 'served' in version && version.served === true;
}
