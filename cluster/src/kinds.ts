import { egressRouterApiVersion, egressRouterKind, egressRouterPlural } from '#core/egress-router/wire.ts';
import { nadApiVersion, nadKind, nadPlural } from '#core/manifest/names.ts';
import { ClusterError } from './errors.ts';

/** Enough of a resource to make its URLs without asking the API server first. */
export interface ResourceKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Every kind this project reads or writes. */
export const kinds = {
  egressRouter: namespaced(egressRouterApiVersion, egressRouterKind, egressRouterPlural),
  nad: namespaced(nadApiVersion, nadKind, nadPlural),
  deployment: namespaced('apps/v1', 'Deployment', 'deployments'),
  replicaSet: namespaced('apps/v1', 'ReplicaSet', 'replicasets'),
  daemonSet: namespaced('apps/v1', 'DaemonSet', 'daemonsets'),
  deploymentConfig: namespaced('apps.openshift.io/v1', 'DeploymentConfig', 'deploymentconfigs'),
  replicationController: namespaced('v1', 'ReplicationController', 'replicationcontrollers'),
  pod: namespaced('v1', 'Pod', 'pods'),
  service: namespaced('v1', 'Service', 'services'),
  endpointSlice: namespaced('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices'),
  event: namespaced('v1', 'Event', 'events'),
  configMap: namespaced('v1', 'ConfigMap', 'configmaps'),
  persistentVolumeClaim: namespaced('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  lease: namespaced('coordination.k8s.io/v1', 'Lease', 'leases'),
  serviceAccount: namespaced('v1', 'ServiceAccount', 'serviceaccounts'),
  role: namespaced('rbac.authorization.k8s.io/v1', 'Role', 'roles'),
  roleBinding: namespaced('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  clusterRole: clusterWide('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles'),
  clusterRoleBinding: clusterWide(
    'rbac.authorization.k8s.io/v1',
    'ClusterRoleBinding',
    'clusterrolebindings',
  ),
  admissionPolicy: clusterWide(
    'admissionregistration.k8s.io/v1',
    'ValidatingAdmissionPolicy',
    'validatingadmissionpolicies',
  ),
  admissionPolicyBinding: clusterWide(
    'admissionregistration.k8s.io/v1',
    'ValidatingAdmissionPolicyBinding',
    'validatingadmissionpolicybindings',
  ),
  namespace: clusterWide('v1', 'Namespace', 'namespaces'),
  node: clusterWide('v1', 'Node', 'nodes'),
  crd: clusterWide('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions'),
  networkConfig: clusterWide('config.openshift.io/v1', 'Network', 'networks'),
  infrastructure: clusterWide('config.openshift.io/v1', 'Infrastructure', 'infrastructures'),
  serviceCidr: clusterWide('networking.k8s.io/v1', 'ServiceCIDR', 'servicecidrs'),
  nodeNetworkState: clusterWide('nmstate.io/v1beta1', 'NodeNetworkState', 'nodenetworkstates'),
  /** OpenShift's: everybody may list those that they may see. */
  project: clusterWide('project.openshift.io/v1', 'Project', 'projects'),
  clusterOperator: clusterWide('config.openshift.io/v1', 'ClusterOperator', 'clusteroperators'),
  machineConfig: clusterWide('machineconfiguration.openshift.io/v1', 'MachineConfig', 'machineconfigs'),
  sccReview: namespaced(
    'security.openshift.io/v1',
    'PodSecurityPolicySubjectReview',
    'podsecuritypolicysubjectreviews',
  ),
  selfSubjectAccessReview: clusterWide(
    'authorization.k8s.io/v1',
    'SelfSubjectAccessReview',
    'selfsubjectaccessreviews',
  ),
} as const satisfies Record<string, ResourceKind>;

/** @returns undefined for a kind that is not in `kinds`. */
export function findKind(apiVersion: string, kind: string): ResourceKind | undefined {
  return Object.values(kinds).find((entry) => entry.apiVersion === apiVersion && entry.kind === kind);
}

/** `''` for the core group. */
export function groupOf(kind: ResourceKind): string {
  const slash = kind.apiVersion.indexOf('/');
  return slash < 0 ? '' : kind.apiVersion.slice(0, slash);
}

/** `egressrouters.network.operator.openshift.io`, `pods`: what RBAC and error messages call it. */
export function qualifiedPlural(kind: ResourceKind): string {
  const group = groupOf(kind);
  return group === '' ? kind.plural : `${kind.plural}.${group}`;
}

/**
 * Every part is escaped: names may come from people.
 *
 * @throws ClusterError `invalid` for a part that would vanish from the path, and so name something else
 */
export function pathOf(
  kind: ResourceKind,
  at: {
    readonly namespace?: string | undefined;
    readonly name?: string | undefined;
    readonly subresource?: string | undefined;
  },
): string {
  const parts = [groupOf(kind) === '' ? 'api' : 'apis', ...kind.apiVersion.split('/')];
  if (kind.namespaced && at.namespace !== undefined) parts.push('namespaces', at.namespace);
  parts.push(kind.plural);
  if (at.name !== undefined) parts.push(at.name);
  if (at.subresource !== undefined) parts.push(at.subresource);
  if (parts.some((part) => /^\.{0,2}$/.test(part))) {
    const message = `"${at.name ?? ''}" in namespace "${at.namespace ?? ''}" cannot be the name of a ${kind.kind}. Use lower-case letters, digits and "-".`;
    throw new ClusterError({ reason: 'invalid', message });
  }
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

function namespaced(apiVersion: string, kind: string, plural: string): ResourceKind {
  return { apiVersion, kind, plural, namespaced: true };
}

function clusterWide(apiVersion: string, kind: string, plural: string): ResourceKind {
  return { apiVersion, kind, plural, namespaced: false };
}
