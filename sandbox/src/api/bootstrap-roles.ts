import type { JsonObject } from '#core/schema/json-schema.ts';

const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };

/** The roles that every cluster has and that this one can need. */
export const bootstrapRoles: readonly { readonly plural: string; readonly object: JsonObject }[] = [
  role('cluster-admin', [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['*'] },
  ]),
  role('system:discovery', [
    {
      nonResourceURLs: [
        '/api',
        '/api/*',
        '/apis',
        '/apis/*',
        '/healthz',
        '/livez',
        '/openapi',
        '/openapi/*',
        '/readyz',
        '/version',
        '/version/',
      ],
      verbs: ['get'],
    },
  ]),
  role('system:public-info-viewer', [
    { nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'], verbs: ['get'] },
  ]),
  role('system:basic-user', [
    {
      apiGroups: ['authorization.k8s.io'],
      resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
      verbs: ['create'],
    },
    { apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'], verbs: ['create'] },
  ]),
  role('admin', [
    ...namespaceRules(['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']),
    { apiGroups: [''], resources: ['secrets', 'pods/exec', 'pods/attach', 'pods/portforward'], verbs: ['*'] },
    { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'], verbs: ['*'] },
  ]),
  role('edit', [
    ...namespaceRules(['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']),
    { apiGroups: [''], resources: ['secrets', 'pods/exec', 'pods/attach', 'pods/portforward'], verbs: ['*'] },
  ]),
  role('view', namespaceRules(['get', 'list', 'watch'])),
  binding('cluster-admin', ['system:masters']),
  binding('system:discovery', ['system:authenticated']),
  binding('system:basic-user', ['system:authenticated']),
  binding('system:public-info-viewer', ['system:authenticated', 'system:unauthenticated']),
];

function namespaceRules(verbs: readonly string[]): readonly JsonObject[] {
  const readable = ['get', 'list', 'watch'];
  return [
    { apiGroups: [''], resources: ['pods', 'services', 'configmaps', 'serviceaccounts', 'endpoints'], verbs },
    { apiGroups: [''], resources: ['events', 'namespaces', 'pods/log', 'pods/status'], verbs: readable },
    {
      apiGroups: ['apps'],
      resources: ['deployments', 'deployments/scale', 'replicasets', 'daemonsets'],
      verbs,
    },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: readable },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs },
  ];
}

function role(
  name: string,
  rules: readonly JsonObject[],
): { readonly plural: string; readonly object: JsonObject } {
  return { plural: 'clusterroles', object: { metadata: { name, labels }, rules } };
}

function binding(
  name: string,
  groups: readonly string[],
): { readonly plural: string; readonly object: JsonObject } {
  const apiGroup = 'rbac.authorization.k8s.io';
  return {
    plural: 'clusterrolebindings',
    object: {
      metadata: { name, labels },
      roleRef: { apiGroup, kind: 'ClusterRole', name },
      subjects: groups.map((group) => ({ apiGroup, kind: 'Group', name: group })),
    },
  };
}
