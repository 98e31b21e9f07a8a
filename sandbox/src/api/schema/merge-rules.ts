import type { JsonSchema } from '#core/schema/json-schema.ts';

type ListKind = Pick<JsonSchema, 'x-kubernetes-list-type' | 'x-kubernetes-list-map-keys'>;

/**
 * How the lists of built-in types merge, by `type.field`; a list that is not named here is replaced as a
 * whole. A strategic merge patch takes the first key of a map list as its merge key.
 */
export const listKinds: Readonly<Record<string, ListKind>> = {
  'V1ObjectMeta.finalizers': set(),
  'V1ObjectMeta.ownerReferences': map('uid'),
  'V1PodSpec.containers': map('name'),
  'V1PodSpec.initContainers': map('name'),
  'V1PodSpec.ephemeralContainers': map('name'),
  'V1PodSpec.volumes': map('name'),
  'V1PodSpec.imagePullSecrets': map('name'),
  'V1PodSpec.hostAliases': map('ip'),
  'V1PodSpec.readinessGates': {},
  'V1PodSpec.resourceClaims': map('name'),
  'V1PodSpec.schedulingGates': map('name'),
  'V1PodSpec.topologySpreadConstraints': map('topologyKey', 'whenUnsatisfiable'),
  'V1Container.env': map('name'),
  'V1Container.ports': map('containerPort', 'protocol'),
  'V1Container.volumeMounts': map('mountPath'),
  'V1Container.volumeDevices': map('devicePath'),
  'V1EphemeralContainer.env': map('name'),
  'V1EphemeralContainer.ports': map('containerPort', 'protocol'),
  'V1EphemeralContainer.volumeMounts': map('mountPath'),
  'V1ResourceRequirements.claims': map('name'),
  'V1PodStatus.conditions': map('type'),
  'V1PodStatus.podIPs': map('ip'),
  'V1ServiceSpec.ports': map('port', 'protocol'),
  'V1ServiceStatus.conditions': map('type'),
  'V1ServiceAccount.secrets': map('name'),
  'V1NodeSpec.podCIDRs': set(),
  'V1NodeStatus.addresses': map('type'),
  'V1NodeStatus.conditions': map('type'),
  'V1NamespaceStatus.conditions': map('type'),
  'V1DeploymentStatus.conditions': map('type'),
  'V1ReplicaSetStatus.conditions': map('type'),
  'V1DaemonSetStatus.conditions': map('type'),
  'V1CustomResourceDefinitionStatus.conditions': map('type'),
};

/** Keys of map lists that have a value where they are left out. */
export const keyDefaults: Readonly<Record<string, string>> = {
  'V1ContainerPort.protocol': 'TCP',
  'V1ServicePort.protocol': 'TCP',
};

/** Objects that have one owner as a whole, wherever they stand. */
export const atomicTypes: ReadonlySet<string> = new Set([
  'V1LabelSelector',
  'V1NodeSelector',
  'V1NodeSelectorTerm',
  'V1ObjectReference',
  'V1LocalObjectReference',
  'V1TypedLocalObjectReference',
  'V1ConfigMapKeySelector',
  'V1SecretKeySelector',
  'V1ObjectFieldSelector',
  'V1ResourceFieldSelector',
  'V1SecretReference',
  'V1OwnerReference',
  'V1RoleRef',
  'RbacV1Subject',
  'V1FileKeySelector',
]);

export const atomicMaps: ReadonlySet<string> = new Set(['V1ServiceSpec.selector', 'V1PodSpec.nodeSelector']);

function map(...keys: readonly string[]): ListKind {
  return { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys };
}

function set(): ListKind {
  return { 'x-kubernetes-list-type': 'set' };
}
