import { groupOf, kinds, type ResourceKind } from '#cluster/kinds.ts';
import { cnoClusterOperator } from '#core/manifest/names.ts';

export interface Permission {
  readonly kind: ResourceKind;
  readonly subresource?: 'status';
  readonly verbs: readonly string[];
  readonly resourceName?: string;
}

/** Exactly what the operator asks of the API. Server-side apply of a new object needs `create` beside `patch`. */
export const permissions: readonly Permission[] = [
  { kind: kinds.egressRouter, verbs: ['get', 'list', 'watch'] },
  { kind: kinds.egressRouter, subresource: 'status', verbs: ['patch'] },
  ...[kinds.nad, kinds.configMap, kinds.deployment].map((kind) => ({
    kind,
    verbs: ['get', 'list', 'watch', 'create', 'patch'],
  })),
  { kind: kinds.pod, verbs: ['list', 'watch'] },
  { kind: kinds.event, verbs: ['list', 'watch'] },
  { kind: kinds.clusterOperator, verbs: ['get'], resourceName: cnoClusterOperator.name },
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
