import { toKept } from '#cluster/kept-fields.ts';
import { Store, type WatchedKind } from '#cluster/store.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { toDeployment } from '#core/manifest/deployment.ts';
import { toNad } from '#core/manifest/nad.ts';
import { configHashAnnotation, networkStatusAnnotation, networksAnnotation } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';

const namespace = 'demo';

export function router(more: Readonly<Record<string, unknown>> = {}, meta: object = {}) {
  return {
    apiVersion: 'network.operator.openshift.io/v1',
    kind: 'EgressRouter',
    metadata: { name: 'egress-a', namespace, uid: 'u-router', ...meta },
    spec: {
      mode: 'Redirect',
      networkInterface: { macvlan: { mode: 'Bridge' } },
      addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
      redirect: {
        redirectRules: [{ destinationIP: '203.0.113.25', port: 8080, protocol: 'TCP', targetPort: 80 }],
      },
    },
    ...more,
  };
}

export function conditions(states: Readonly<Record<string, readonly [string, string, string]>>) {
  return {
    status: {
      conditions: Object.entries(states).map(([type, [status, reason, message]]) => ({
        type,
        status,
        reason,
        message,
        lastTransitionTime: null,
      })),
    },
  };
}

const owner = {
  apiVersion: 'network.operator.openshift.io/v1',
  kind: 'EgressRouter',
  name: 'egress-a',
  uid: 'u-router',
  controller: true,
};

/** What our operator makes of `router()`. */
export function nad(of: KubernetesObject = router()): KubernetesObject {
  const parsed = parseRouter(of).router;
  if (parsed === undefined) throw new Error('The router of this test has faults.');
  return withUid(toNad(parsed, { owner }), 'u-nad');
}

export function deployment(configHash = 'h1'): KubernetesObject {
  const parsed = parseRouter(router()).router;
  if (parsed === undefined) throw new Error('The router of this test has faults.');
  return withUid(toDeployment(parsed, { image: 'agent', configHash, owner }), 'u-deployment');
}

/** What the Cluster Network Operator makes of `router()`; `changedAt` is when it wrote the rules last. */
export function ofCno(changedAt: string): readonly [nad: KubernetesObject, deployment: KubernetesObject] {
  const { spec, ...object } = nad();
  const { template, ...rest } = fieldsOf(deployment()['spec']);
  const { metadata } = fieldsOf(template);
  const { annotations: _, ...labeled } = fieldsOf(metadata);
  const conf = {
    cniVersion: '0.4.0',
    type: 'egress-router',
    name: 'egress-router-cni-nad',
    ip: {
      addresses: ['192.168.12.99/24'],
      destinations: ['8080 TCP 203.0.113.25 80'],
      gateway: '192.168.12.1',
    },
    log_level: 'debug',
  };
  const managedFields = [
    {
      manager: 'somebody',
      operation: 'Update',
      time: '2030-01-01T00:00:00Z',
      fieldsV1: { 'f:metadata': {} },
    },
    { manager: 'network-operator', operation: 'Update', time: changedAt, fieldsV1: { 'f:spec': {} } },
  ];
  return [
    {
      ...object,
      metadata: { ...object.metadata, generation: 2, ...fieldsOf({ managedFields }) },
      spec: { ...fieldsOf(spec), config: JSON.stringify(conf) },
    },
    {
      ...deployment(),
      spec: {
        ...rest,
        strategy: { type: 'RollingUpdate' },
        template: { ...fieldsOf(template), metadata: labeled },
      },
    },
  ];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isJsonObject(value) ? value : {};
}

export function pod(
  state: 'pending' | 'attached' | 'ready',
  more: { readonly annotations?: object; readonly configHash?: string; readonly name?: string } = {},
): KubernetesObject {
  const status = JSON.stringify([
    { name: 'cluster', interface: 'eth0', ips: ['10.128.0.5'], default: true },
    {
      name: 'demo/egress-router-cni-nad',
      interface: 'net1',
      ips: ['192.168.12.99'],
      mac: '0a:58:00:00:00:01',
    },
  ]);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: more.name ?? 'egress-router-cni-deployment-5d9-x',
      namespace,
      uid: 'u-pod',
      labels: { app: 'egress-router-cni' },
      annotations: {
        [configHashAnnotation]: more.configHash ?? 'h1',
        [networksAnnotation]: '[{"name":"egress-router-cni-nad"}]',
        ...(state === 'pending' ? {} : { [networkStatusAnnotation]: status }),
        ...more.annotations,
      },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'egress-router-cni-deployment-5d9', uid: 'u-rs' },
      ],
    },
    spec: { nodeName: 'node-1' },
    status: {
      phase: state === 'pending' ? 'Pending' : 'Running',
      startTime: '2026-01-01T10:00:00Z',
      conditions: [
        { type: 'Ready', status: state === 'ready' ? 'True' : 'False' },
        { type: 'PodReadyToStartContainers', status: 'True', lastTransitionTime: '2026-01-01T10:00:05Z' },
      ],
      ...(state === 'pending'
        ? {}
        : { podIP: '10.128.0.5', containerStatuses: [{ state: { running: {} } }] }),
    },
  };
}

export function event(reason: string, message: string, uid = 'u-pod', more: object = {}): KubernetesObject {
  const name = `event-${reason}-${uid}-${message.length}`;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace, uid: `u-${name}` },
    involvedObject: { kind: 'Pod', name: 'egress-router-cni-deployment-5d9-x', uid },
    type: 'Warning',
    reason,
    message,
    lastTimestamp: '2026-01-01T00:00:00Z',
    ...more,
  };
}

export function service(selector: object, name = 'egress-a'): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, uid: `u-${name}` },
    spec: {
      type: 'ClusterIP',
      clusterIP: '172.30.0.9',
      selector,
      ports: [{ name: 'tcp-8080', protocol: 'TCP', port: 8080 }],
    },
  };
}

/** @param hidden what the user may not read in the namespace */
export function storeOf(objects: readonly KubernetesObject[], hidden: readonly WatchedKind[] = []): Store {
  const store = new Store();
  for (const of of hidden) store.apply(of, { kind: 'hidden' }, namespace);
  for (const object of objects) {
    const kept = toKept(watchedAs(object), object);
    if (kept !== undefined) store.apply(watchedAs(object), { kind: 'put', object: kept });
  }
  return store;
}

export function watchedAs({ kind, metadata }: KubernetesObject): WatchedKind {
  const isDocumented = metadata.labels?.['app'] === 'egress-router-cni';
  const names: Readonly<Record<string, WatchedKind>> = {
    EgressRouter: 'egressRouter',
    NetworkAttachmentDefinition: 'nad',
    Deployment: isDocumented ? 'deployment' : 'furtherDeployment',
    Pod: isDocumented ? 'pod' : 'furtherPod',
    Service: 'service',
    Event: 'event',
  };
  const found = names[kind];
  if (found === undefined) throw new Error(`${kind} is not watched.`);
  return found;
}

function withUid(object: KubernetesObject, uid: string): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, uid } };
}
