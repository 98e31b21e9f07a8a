import { groupOf, kinds, type ResourceKind } from '#cluster/kinds.ts';
import { cnoClusterOperator, operatorLeaseName } from '#core/manifest/names.ts';

export interface Permission {
  readonly kind: ResourceKind;
  readonly subresource?: 'status';
  readonly verbs: readonly string[];
  readonly resourceName?: string;
}

/**
 * Exactly what the operator asks of the API. Server-side apply of a new object needs `create` beside `patch`.
 * What it makes is named after routers, which a role cannot tell from other names: a policy of admission holds its
 * account to names that begin as those of routers do.
 */
export const permissions: readonly Permission[] = [
  { kind: kinds.egressRouter, verbs: ['get', 'list', 'watch'] },
  { kind: kinds.egressRouter, subresource: 'status', verbs: ['patch'] },
  ...[kinds.nad, kinds.configMap, kinds.deployment].map((kind) => ({
    kind,
    verbs: ['get', 'list', 'watch', 'create', 'patch'],
  })),
  { kind: kinds.service, verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'] },
  { kind: kinds.pod, verbs: ['list', 'watch'] },
  { kind: kinds.event, verbs: ['list', 'watch', 'create', 'patch'] },
  { kind: kinds.clusterOperator, verbs: ['get'], resourceName: cnoClusterOperator.name },
];

/** In the namespace of the operator. A role cannot name what is to be created by POST. */
export const ownPermissions: readonly Permission[] = [
  { kind: kinds.lease, verbs: ['create'] },
  { kind: kinds.lease, verbs: ['get', 'update'], resourceName: operatorLeaseName },
  // Its own, for the image that it runs.
  { kind: kinds.pod, verbs: ['get'] },
];

/** The same as rules of an RBAC role. */
export function toPolicyRules(list: readonly Permission[]) {
  return list.map(({ kind, subresource, verbs, resourceName }) => ({
    apiGroups: [groupOf(kind)],
    resources: [subresource === undefined ? kind.plural : `${kind.plural}/${subresource}`],
    ...(resourceName === undefined ? {} : { resourceNames: [resourceName] }),
    verbs,
  }));
}
