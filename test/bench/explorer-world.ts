import { parseRouter } from '#core/egress-router/parse.ts';
import { toDeployment } from '#core/manifest/deployment.ts';
import { toNad } from '#core/manifest/nad.ts';
import { configHashAnnotation, networkStatusAnnotation, networksAnnotation } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { documentedNames, namesOfFurther } from '#core/manifest/router-names.ts';
import { toService } from '#core/manifest/service.ts';

/** One router with all that belongs to it, in the size and shape in which an API server has them. */
export interface BenchRouter {
  readonly egressRouter: KubernetesObject;
  readonly nad: KubernetesObject;
  readonly deployment: KubernetesObject;
  readonly pod: KubernetesObject;
  readonly service: KubernetesObject;
}

/** The first router of a namespace has the documented names, the others have their own. */
export function benchRouter(index: number, namespaces: number): BenchRouter {
  const namespace = `team-${index % namespaces}`;
  const isFirst = index < namespaces;
  const name = `egress-${Math.floor(index / namespaces)}`;
  const spec = {
    mode: 'Redirect',
    networkInterface: { macvlan: { mode: 'Bridge' } },
    addresses: [
      { ip: `10.${index >> 8}.${index & 255}.99/24`, gateway: `10.${index >> 8}.${index & 255}.1` },
    ],
    redirect: {
      redirectRules: [8080, 8443, 5432].map((port) => ({
        port,
        protocol: 'TCP',
        destinationIP: '203.0.113.25',
        targetPort: port - 8000 > 0 ? port - 8000 : port,
      })),
    },
  };
  const bare = {
    apiVersion: 'network.operator.openshift.io/v1',
    kind: 'EgressRouter',
    metadata: { name, namespace },
    spec,
  };
  const { router } = parseRouter(bare);
  if (router === undefined) throw new Error('The router of the benchmark has faults.');
  const names = isFirst ? documentedNames : namesOfFurther(name);
  const uid = `router-${index}`;
  const owner = { apiVersion: bare.apiVersion, kind: bare.kind, name, uid, controller: true };
  const made = toDeployment(router, { image: 'registry.example/agent:1', configHash: 'h1', names, owner });
  const replicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: `${names.deployment}-5d9f7c`,
    uid: 'rs',
  };
  return {
    egressRouter: stored({ ...bare, status: { conditions: upConditions } }, uid),
    nad: stored(toNad(router, { names, owner }), `nad-${index}`),
    deployment: stored({ ...made, status: { replicas: 1, readyReplicas: 1 } }, `deployment-${index}`),
    pod: stored(
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: `${replicaSet.name}-x7k2p`,
          namespace,
          labels: { ...made.spec.template.metadata.labels, 'pod-template-hash': '5d9f7c' },
          annotations: {
            [configHashAnnotation]: 'h1',
            [networksAnnotation]: `[{"name":"${names.nad}"}]`,
            [networkStatusAnnotation]: networkStatus(index),
          },
          ownerReferences: [replicaSet],
        },
        spec: {
          ...made.spec.template.spec,
          nodeName: `node-${index % 50}`,
          serviceAccountName: 'default',
          schedulerName: 'default-scheduler',
          tolerations: ['not-ready', 'unreachable'].map((taint) => ({
            key: `node.kubernetes.io/${taint}`,
            operator: 'Exists',
            effect: 'NoExecute',
            tolerationSeconds: 300,
          })),
        },
        status: podStatus(index),
      },
      `pod-${index}`,
    ),
    service: stored(toService(router, { names, owner }), `service-${index}`, {
      clusterIP: `172.30.${index >> 8}.${index & 255}`,
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      sessionAffinity: 'None',
    }),
  };
}

interface Made {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: object;
  readonly spec?: object;
  readonly status?: object;
}

/** As written by somebody: with a version, and the list of who wrote which field. */
function stored(object: Made, uid: string, spec?: object): KubernetesObject {
  const fields = JSON.stringify(object).length;
  const metadata = {
    name: '',
    ...object.metadata,
    uid,
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: '2026-01-01T10:00:00Z',
    managedFields: [
      {
        manager: 'egress-router-operator',
        operation: 'Apply',
        apiVersion: object.apiVersion,
        time: '2026-01-01T10:00:00Z',
        fieldsType: 'FieldsV1',
        // About as long as the object itself, as it is in clusters.
        fieldsV1: {
          'f:spec': Object.fromEntries(
            Array.from({ length: Math.ceil(fields / 40) }, (_, index) => [
              `f:fieldNumber${index}`,
              { '.': {}, 'f:name': {} },
            ]),
          ),
        },
      },
    ],
  };
  return { ...object, metadata, spec: { ...object.spec, ...spec } };
}

const upConditions = [
  { type: 'Available', status: 'True', reason: 'PodReady', message: 'Pod x on node-1 redirects.' },
  { type: 'Progressing', status: 'False', reason: 'Settled', message: 'The pod carries the present spec.' },
  { type: 'Degraded', status: 'False', reason: 'AsExpected', message: '' },
].map((condition) => ({ ...condition, lastTransitionTime: '2026-01-01T10:00:10Z' }));

function networkStatus(index: number): string {
  const ips = [`10.${index >> 8}.${index & 255}.99`];
  return JSON.stringify(
    [
      {
        name: 'ovn-kubernetes',
        interface: 'eth0',
        ips: [`10.128.${index >> 8}.${index & 255}`],
        default: true,
      },
      { name: 'nad', interface: 'net1', ips, mac: '0a:58:00:00:00:01', dns: {} },
    ],
    null,
    4,
  );
}

function podStatus(index: number): object {
  const time = '2026-01-01T10:00:05Z';
  const types = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];
  return {
    phase: 'Running',
    conditions: types.map((type) => ({
      type,
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: time,
    })),
    hostIP: '10.0.0.1',
    podIP: `10.128.${index >> 8}.${index & 255}`,
    podIPs: [{ ip: `10.128.${index >> 8}.${index & 255}` }],
    startTime: time,
    qosClass: 'Burstable',
    containerStatuses: [
      {
        name: 'egress-router-cni-pod',
        state: { running: { startedAt: time } },
        lastState: {},
        ready: true,
        restartCount: 0,
        image: 'registry.example/agent:1',
        imageID: `registry.example/agent@sha256:${'0'.repeat(64)}`,
        containerID: `cri-o://${'0'.repeat(64)}`,
        started: true,
      },
    ],
  };
}
