import { createHash } from 'node:crypto';
import { familyOf, type IpFamily, parseIp } from '#core/net/ip.ts';
import {
  type Endpoint,
  type EndpointSlice,
  isPodReady,
  type Pod,
  type Service,
  type ServicePort,
  type Stored,
} from '../objects.ts';

const serviceNameLabel = 'kubernetes.io/service-name';
const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
const managedBy = 'endpointslice-controller.k8s.io';

/**
 * The slices of a Service: one for each address family and each set of port numbers, as a named target port may
 * be another number in each pod.
 */
export function toEndpointSlices(service: Service, pods: readonly Pod[]): readonly EndpointSlice[] {
  const slices = new Map<string, EndpointSlice>();
  for (const family of familiesOf(service)) {
    for (const pod of pods) {
      const address = addressOf(pod, family);
      if (address === undefined) continue;
      const ports = portsOf(service, pod);
      const slice = emptySlice(service, family, ports);
      const known = slices.get(slice.metadata.name) ?? slice;
      const endpoints = [...(known.endpoints ?? []), toEndpoint(service, pod, address)];
      slices.set(slice.metadata.name, { ...known, endpoints });
    }
  }
  return [...slices.values()];
}

/** The older object for the same, which `kubectl get endpoints` shows; IPv4 before IPv6, one family only. */
export function toEndpoints(service: Service, pods: readonly Pod[]): Stored {
  const family = familiesOf(service)[0] ?? 4;
  const subsets = pods.flatMap((pod): readonly object[] => {
    const ip = addressOf(pod, family);
    const ports = portsOf(service, pod);
    if (ip === undefined || ports.length === 0) return [];
    const { name, namespace, uid } = pod.metadata;
    const address = { ip, nodeName: pod.spec.nodeName, targetRef: { kind: 'Pod', name, namespace, uid } };
    return isServing(service, pod)
      ? [{ addresses: [address], ports }]
      : [{ notReadyAddresses: [address], ports }];
  });
  const { name, namespace, labels } = service.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
    },
    subsets,
  };
}

/** Pods that a Service's selector means. A Service without one has its endpoints from elsewhere. */
export function selects(service: Service, pod: Pod): boolean {
  const selector = Object.entries(service.spec.selector ?? {});
  const isOver = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  return (
    selector.length > 0 && !isOver && selector.every(([key, value]) => pod.metadata.labels?.[key] === value)
  );
}

/** True for the slices that this controller made and may remove. */
export function isOwnSlice(slice: EndpointSlice, serviceName: string): boolean {
  const { labels } = slice.metadata;
  return labels?.[serviceNameLabel] === serviceName && labels[managedByLabel] === managedBy;
}

export function serviceNameOf(slice: EndpointSlice): string | undefined {
  return slice.metadata.labels?.[serviceNameLabel];
}

function familiesOf(service: Service): readonly IpFamily[] {
  const families = service.spec.ipFamilies ?? ['IPv4'];
  return families.map((family) => (family === 'IPv6' ? 6 : 4));
}

function addressOf(pod: Pod, family: IpFamily): string | undefined {
  return pod.status?.podIPs
    ?.map(({ ip }) => ip)
    .find((text) => {
      const ip = parseIp(text);
      return ip !== undefined && familyOf(ip) === family;
    });
}

interface Port {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
}

function portsOf(service: Service, pod: Pod): readonly Port[] {
  return (service.spec.ports ?? []).flatMap((entry) => {
    const port = targetOf(entry, pod);
    if (port === undefined) return [];
    return [{ name: entry.name ?? '', protocol: entry.protocol ?? 'TCP', port }];
  });
}

function targetOf(entry: ServicePort, pod: Pod): number | undefined {
  const { targetPort = entry.port, protocol = 'TCP' } = entry;
  if (typeof targetPort === 'number') return targetPort;
  const named = pod.spec.containers
    .flatMap((container) => container.ports ?? [])
    .find((port) => port.name === targetPort && (port.protocol ?? 'TCP') === protocol);
  return named?.containerPort;
}

function toEndpoint(service: Service, pod: Pod, address: string): Endpoint {
  const isTerminating = pod.metadata.deletionTimestamp !== undefined;
  const { name, namespace, uid } = pod.metadata;
  return {
    addresses: [address],
    conditions: {
      ready: isServing(service, pod),
      serving: isPodReady(pod),
      terminating: isTerminating,
    },
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    targetRef: { kind: 'Pod', name, namespace, uid },
  };
}

function isServing(service: Service, pod: Pod): boolean {
  if (service.spec.publishNotReadyAddresses === true) return true;
  return isPodReady(pod) && pod.metadata.deletionTimestamp === undefined;
}

function emptySlice(service: Service, family: IpFamily, ports: readonly Port[]): EndpointSlice {
  const { name, namespace, uid = '' } = service.metadata;
  const what = JSON.stringify([family, ports]);
  const suffix = createHash('sha256').update(what).digest('hex').slice(0, 5);
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${suffix}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { [serviceNameLabel]: name, [managedByLabel]: managedBy },
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    addressType: family === 4 ? 'IPv4' : 'IPv6',
    endpoints: [],
    ports,
  };
}
