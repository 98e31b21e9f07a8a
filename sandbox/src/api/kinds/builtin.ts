import type { JsonObject } from '#core/schema/json-schema.ts';
import { policyBehavior, policyBindingBehavior } from '../admission/policy.ts';
import type { Behavior, Column, Resource, ScalePaths } from '../resource.ts';
import { tableOf } from '../resource.ts';
import type { BuiltinSchemas } from '../schema/builtin-schema.ts';
import * as columns from './columns.ts';
import { crdBehavior } from './crd.ts';
import { coreEventBehavior, eventsEventBehavior } from './event.ts';
import { namespaceBehavior } from './namespace.ts';
import { podBehavior } from './pod.ts';
import { serviceBehavior } from './service.ts';
import {
  bindingBehavior,
  configMapBehavior,
  endpointSliceBehavior,
  nodeBehavior,
  plainBehavior,
  secretBehavior,
  serviceAccountBehavior,
} from './small.ts';
import { daemonSetBehavior, deploymentBehavior, replicaSetBehavior } from './workloads.ts';

interface Row {
  readonly type: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly isClusterWide?: true;
  readonly hasStatus?: true;
  readonly scale?: ScalePaths;
  readonly subresources?: readonly string[];
  readonly columns?: readonly Column[];
  readonly behavior?: Behavior;
  readonly seed?: JsonObject;
  /** Where the objects are kept, when another resource shows the same ones. */
  readonly table?: string;
}

/** The kinds that are there without any CRD. */
export function builtinResources(schemas: BuiltinSchemas): readonly Resource[] {
  return groups.flatMap(({ group, version, rows }) =>
    rows.map((row) => ({
      group,
      version,
      plural: row.plural,
      singular: row.kind.toLowerCase(),
      kind: row.kind,
      listKind: `${row.kind}List`,
      shortNames: row.shortNames ?? [],
      categories: row.categories ?? [],
      isNamespaced: row.isClusterWide !== true,
      isCustom: false,
      table: row.table ?? tableOf(group, row.plural),
      schema: schemas.schemaOf(row.type),
      hasStatus: row.hasStatus === true,
      ...(row.scale === undefined ? {} : { scale: row.scale }),
      subresources: row.subresources ?? [],
      columns: row.columns ?? columns.agedColumns,
      behavior: row.behavior ?? plainBehavior,
      ...(row.seed === undefined ? {} : { seed: row.seed }),
    })),
  );
}

const templateSeed: JsonObject = { metadata: {}, spec: { containers: null } };

const replicas: ScalePaths = {
  specReplicas: ['spec', 'replicas'],
  statusReplicas: ['status', 'replicas'],
  selector: ['spec', 'selector'],
};

const core: readonly Row[] = [
  {
    type: 'V1Namespace',
    kind: 'Namespace',
    plural: 'namespaces',
    shortNames: ['ns'],
    isClusterWide: true,
    hasStatus: true,
    subresources: ['finalize'],
    columns: columns.namespaceColumns,
    behavior: namespaceBehavior,
    seed: { spec: {}, status: {} },
  },
  {
    type: 'V1Pod',
    kind: 'Pod',
    plural: 'pods',
    shortNames: ['po'],
    categories: ['all'],
    hasStatus: true,
    subresources: ['binding', 'eviction', 'exec', 'log', 'attach', 'portforward'],
    columns: columns.podColumns,
    behavior: podBehavior,
    seed: { spec: { containers: null }, status: {} },
  },
  {
    type: 'V1Service',
    kind: 'Service',
    plural: 'services',
    shortNames: ['svc'],
    categories: ['all'],
    hasStatus: true,
    columns: columns.serviceColumns,
    behavior: serviceBehavior,
    seed: { spec: {}, status: { loadBalancer: {} } },
  },
  {
    type: 'V1Endpoints',
    kind: 'Endpoints',
    plural: 'endpoints',
    shortNames: ['ep'],
    columns: columns.endpointsColumns,
  },
  {
    type: 'CoreV1Event',
    kind: 'Event',
    plural: 'events',
    shortNames: ['ev'],
    columns: columns.eventColumns,
    behavior: coreEventBehavior,
    seed: { involvedObject: {}, source: {} },
  },
  {
    type: 'V1ConfigMap',
    kind: 'ConfigMap',
    plural: 'configmaps',
    shortNames: ['cm'],
    columns: columns.configMapColumns,
    behavior: configMapBehavior,
  },
  {
    type: 'V1Secret',
    kind: 'Secret',
    plural: 'secrets',
    columns: columns.secretColumns,
    behavior: secretBehavior,
  },
  {
    type: 'V1ServiceAccount',
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    shortNames: ['sa'],
    subresources: ['token'],
    columns: columns.serviceAccountColumns,
    behavior: serviceAccountBehavior,
  },
  {
    type: 'V1Node',
    kind: 'Node',
    plural: 'nodes',
    shortNames: ['no'],
    isClusterWide: true,
    hasStatus: true,
    columns: columns.nodeColumns,
    behavior: nodeBehavior,
    seed: { spec: {}, status: { daemonEndpoints: { kubeletEndpoint: {} }, nodeInfo: {} } },
  },
];

const apps: readonly Row[] = [
  {
    type: 'V1Deployment',
    kind: 'Deployment',
    plural: 'deployments',
    shortNames: ['deploy'],
    categories: ['all'],
    hasStatus: true,
    scale: replicas,
    columns: columns.deploymentColumns,
    behavior: deploymentBehavior,
    seed: { spec: { strategy: {}, template: templateSeed }, status: {} },
  },
  {
    type: 'V1ReplicaSet',
    kind: 'ReplicaSet',
    plural: 'replicasets',
    shortNames: ['rs'],
    categories: ['all'],
    hasStatus: true,
    scale: replicas,
    columns: columns.replicaSetColumns,
    behavior: replicaSetBehavior,
    seed: { spec: { template: templateSeed }, status: {} },
  },
  {
    type: 'V1DaemonSet',
    kind: 'DaemonSet',
    plural: 'daemonsets',
    shortNames: ['ds'],
    categories: ['all'],
    hasStatus: true,
    columns: columns.daemonSetColumns,
    behavior: daemonSetBehavior,
    seed: { spec: { updateStrategy: {}, template: templateSeed }, status: {} },
  },
];

const rbac: readonly Row[] = [
  { type: 'V1Role', kind: 'Role', plural: 'roles', columns: columns.plainColumns },
  {
    type: 'V1ClusterRole',
    kind: 'ClusterRole',
    plural: 'clusterroles',
    isClusterWide: true,
    columns: columns.plainColumns,
  },
  {
    type: 'V1RoleBinding',
    kind: 'RoleBinding',
    plural: 'rolebindings',
    columns: columns.bindingColumns,
    behavior: bindingBehavior,
  },
  {
    type: 'V1ClusterRoleBinding',
    kind: 'ClusterRoleBinding',
    plural: 'clusterrolebindings',
    isClusterWide: true,
    columns: columns.bindingColumns,
    behavior: bindingBehavior,
  },
];

const groups: readonly { readonly group: string; readonly version: string; readonly rows: readonly Row[] }[] =
  [
    { group: '', version: 'v1', rows: core },
    { group: 'apps', version: 'v1', rows: apps },
    {
      group: 'events.k8s.io',
      version: 'v1',
      rows: [
        {
          type: 'EventsV1Event',
          kind: 'Event',
          plural: 'events',
          shortNames: ['ev'],
          columns: columns.eventColumns,
          behavior: eventsEventBehavior,
          seed: { regarding: {}, deprecatedSource: {} },
          table: 'events',
        },
      ],
    },
    {
      group: 'rbac.authorization.k8s.io',
      version: 'v1',
      rows: rbac,
    },
    {
      group: 'discovery.k8s.io',
      version: 'v1',
      rows: [
        {
          type: 'V1EndpointSlice',
          kind: 'EndpointSlice',
          plural: 'endpointslices',
          columns: columns.endpointSliceColumns,
          behavior: endpointSliceBehavior,
        },
      ],
    },
    {
      group: 'coordination.k8s.io',
      version: 'v1',
      rows: [
        {
          type: 'V1Lease',
          kind: 'Lease',
          plural: 'leases',
          columns: columns.leaseColumns,
          seed: { spec: {} },
        },
      ],
    },
    {
      group: 'admissionregistration.k8s.io',
      version: 'v1',
      rows: [
        {
          type: 'V1ValidatingAdmissionPolicy',
          kind: 'ValidatingAdmissionPolicy',
          plural: 'validatingadmissionpolicies',
          isClusterWide: true,
          hasStatus: true,
          behavior: policyBehavior,
          seed: { spec: {}, status: {} },
        },
        {
          type: 'V1ValidatingAdmissionPolicyBinding',
          kind: 'ValidatingAdmissionPolicyBinding',
          plural: 'validatingadmissionpolicybindings',
          isClusterWide: true,
          behavior: policyBindingBehavior,
          seed: { spec: {} },
        },
      ],
    },
    {
      group: 'apiextensions.k8s.io',
      version: 'v1',
      rows: [
        {
          type: 'V1CustomResourceDefinition',
          kind: 'CustomResourceDefinition',
          plural: 'customresourcedefinitions',
          shortNames: ['crd', 'crds'],
          categories: ['api-extensions'],
          isClusterWide: true,
          hasStatus: true,
          columns: columns.plainColumns,
          behavior: crdBehavior,
          seed: { spec: { names: {}, versions: null }, status: {} },
        },
      ],
    },
  ];
