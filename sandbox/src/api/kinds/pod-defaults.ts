import type { JsonObject } from '#core/schema/json-schema.ts';
import { objectAt, objectsAt, textAt, valueAt, withDefaults } from '../json.ts';

/** A pod's `spec` as the API server completes it, for pods and for the templates of workloads. */
export function withPodSpecDefaults(spec: JsonObject): JsonObject {
  const account = textAt(spec, 'serviceAccountName') ?? textAt(spec, 'serviceAccount');
  const completed = withDefaults(
    {
      ...spec,
      ...(account === undefined ? {} : { serviceAccountName: account, serviceAccount: account }),
      containers: objectsAt(spec, 'containers').map(withContainerDefaults),
    },
    {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
    },
  );
  return {
    ...completed,
    ...(spec['initContainers'] === undefined
      ? {}
      : { initContainers: objectsAt(spec, 'initContainers').map(withContainerDefaults) }),
    ...(spec['volumes'] === undefined ? {} : { volumes: objectsAt(spec, 'volumes').map(withVolumeDefaults) }),
    ...(spec['hostNetwork'] === true
      ? { containers: objectsAt(completed, 'containers').map(withHostPorts) }
      : {}),
  };
}

/** What only a pod gets, not a template. */
export function withPodDefaults(pod: JsonObject): JsonObject {
  const spec = withPodSpecDefaults(objectAt(pod, 'spec'));
  const lists = ['initContainers', 'containers']
    .filter((list) => spec[list] !== undefined)
    .map((list) => [list, objectsAt(spec, list).map(withRequests)] as const);
  const completed = { ...spec, ...Object.fromEntries(lists) };
  return { ...pod, spec: withDefaults(completed, { enableServiceLinks: true }) };
}

/** A limit without a request is the request as well. */
function withRequests(container: JsonObject): JsonObject {
  const limits = objectAt(container, 'resources', 'limits');
  if (Object.keys(limits).length === 0) return container;
  const requests = { ...limits, ...objectAt(container, 'resources', 'requests') };
  return { ...container, resources: { ...objectAt(container, 'resources'), requests } };
}

/** What admission plugins add to a new pod: nobody owns it. */
export function withAdmittedFields(pod: JsonObject): JsonObject {
  const spec = withDefaults(objectAt(pod, 'spec'), {
    serviceAccountName: 'default',
    serviceAccount: 'default',
    preemptionPolicy: 'PreemptLowerPriority',
    priority: 0,
  });
  const tolerations = objectsAt(spec, 'tolerations');
  return { ...pod, spec: { ...spec, tolerations: [...tolerations, ...missingTolerations(tolerations)] } };
}

/** `Guaranteed`, `Burstable` or `BestEffort`, from the containers' requests and limits. */
export function qosClassOf(spec: JsonObject): string {
  const containers = [...objectsAt(spec, 'initContainers'), ...objectsAt(spec, 'containers')];
  const resources = containers.map((container) => ({
    requests: objectAt(container, 'resources', 'requests'),
    limits: objectAt(container, 'resources', 'limits'),
  }));
  const isUnset = resources.every(
    ({ requests, limits }) => Object.keys(requests).length === 0 && Object.keys(limits).length === 0,
  );
  if (isUnset) return 'BestEffort';
  const isGuaranteed = resources.every(({ requests, limits }) =>
    ['cpu', 'memory'].every(
      (name) => limits[name] !== undefined && (requests[name] ?? limits[name]) === limits[name],
    ),
  );
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

function withContainerDefaults(container: JsonObject): JsonObject {
  const completed = withDefaults(container, {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicyFor(textAt(container, 'image') ?? ''),
    resources: {},
  });
  const probes = ['livenessProbe', 'readinessProbe', 'startupProbe']
    .filter((probe) => container[probe] !== undefined)
    .map((probe) => [probe, withProbeDefaults(objectAt(container, probe))] as const);
  return {
    ...completed,
    ...(container['ports'] === undefined
      ? {}
      : { ports: objectsAt(container, 'ports').map((port) => withDefaults(port, { protocol: 'TCP' })) }),
    ...(container['env'] === undefined ? {} : { env: objectsAt(container, 'env').map(withFieldVersion) }),
    ...Object.fromEntries(probes),
  };
}

function pullPolicyFor(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  if (image.includes('@')) return 'IfNotPresent';
  return !last.includes(':') || last.endsWith(':latest') ? 'Always' : 'IfNotPresent';
}

function withProbeDefaults(probe: JsonObject): JsonObject {
  const http = objectAt(probe, 'httpGet');
  return withDefaults(
    {
      ...probe,
      ...(probe['httpGet'] === undefined
        ? {}
        : { httpGet: withDefaults(http, { path: '/', scheme: 'HTTP' }) }),
    },
    { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
  );
}

function withFieldVersion(variable: JsonObject): JsonObject {
  const field = valueAt(variable, 'valueFrom', 'fieldRef');
  if (field === undefined) return variable;
  const fieldRef = withDefaults(objectAt(variable, 'valueFrom', 'fieldRef'), { apiVersion: 'v1' });
  return { ...variable, valueFrom: { ...objectAt(variable, 'valueFrom'), fieldRef } };
}

function withVolumeDefaults(volume: JsonObject): JsonObject {
  const [source] = Object.keys(volume).filter((key) => key !== 'name');
  if (source === undefined) return { ...volume, emptyDir: {} };
  const more = volumeDefaults[source];
  return more === undefined ? volume : { ...volume, [source]: withDefaults(objectAt(volume, source), more) };
}

const volumeDefaults: Readonly<Record<string, JsonObject>> = {
  configMap: { defaultMode: 420 },
  secret: { defaultMode: 420 },
  projected: { defaultMode: 420 },
  downwardAPI: { defaultMode: 420 },
  hostPath: { type: '' },
};

function withHostPorts(container: JsonObject): JsonObject {
  if (container['ports'] === undefined) return container;
  const ports = objectsAt(container, 'ports').map((port) =>
    withDefaults(port, { hostPort: port['containerPort'] }),
  );
  return { ...container, ports };
}

function missingTolerations(tolerations: readonly JsonObject[]): readonly JsonObject[] {
  return ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
    .filter(
      (key) =>
        !tolerations.some((one) => {
          const effect = textAt(one, 'effect') ?? '';
          const own = textAt(one, 'key') ?? '';
          return (own === key || own === '') && (effect === 'NoExecute' || effect === '');
        }),
    )
    .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }));
}
