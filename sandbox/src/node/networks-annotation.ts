import { at, parseJson, textAt } from '#core/json-value.ts';
import { type IfName, parseIfName } from '#core/net/ifname.ts';
import { type Ip, parseIp } from '#core/net/ip.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';

/** One network that a pod asks Multus for. */
export interface NetworkRequest {
  readonly namespace: string;
  readonly name: string;
  readonly ifName: IfName;
  /** The pod's default route is to go here, in place of eth0's. */
  readonly defaultRoute: readonly Ip[];
}

/**
 * Reads `k8s.v1.cni.cncf.io/networks` in either of its forms: a JSON list, or `[namespace/]name[@interface]`
 * separated by commas.
 *
 * @throws Error in Multus' words, as it becomes the reason why the pod does not start
 */
export function parseNetworks(annotation: string, podNamespace: string): readonly NetworkRequest[] {
  const text = annotation.trim();
  if (text === '') return [];
  const elements = /^[[{]/.test(text) ? parseJsonForm(text) : text.split(',').map(parseShortForm);
  return elements.map((element, index) => toRequest(element, index, podNamespace));
}

function parseJsonForm(text: string): readonly unknown[] {
  const value = parseJson(text);
  if (Array.isArray(value)) return value;
  throw new Error(
    `parsePodNetworkAnnotation: failed to parse pod Network Attachment Selection Annotation JSON format: ${text}`,
  );
}

function parseShortForm(text: string): unknown {
  const parts = /^(?:([^/@]*)\/)?([^/@]*)(?:@([^/@]*))?$/.exec(text.trim());
  if (parts === null) throw new Error(`parsePodNetworkObjectText: invalid network object (failed at '/')`);
  const [, namespace, name, ifName] = parts;
  return { namespace, name, interface: ifName };
}

function toRequest(element: unknown, index: number, podNamespace: string): NetworkRequest {
  const name = textAt(element, 'name') ?? '';
  const namespace = textAt(element, 'namespace') ?? podNamespace;
  for (const part of [name, namespace]) {
    if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(part)) {
      throw new Error(
        `parsePodNetworkAnnotation: failed to parse: one or more items did not match comma-delimited format, the network name "${part}"`,
      );
    }
  }
  const wanted = textAt(element, 'interface') ?? `net${index + 1}`;
  const ifName = parseIfName(wanted);
  if (ifName === undefined) throw new Error(`parsePodNetworkAnnotation: invalid interface name "${wanted}"`);
  return { namespace, name, ifName, defaultRoute: parseDefaultRoute(at(element, 'default-route')) };
}

function parseDefaultRoute(value: unknown): readonly Ip[] {
  if (value === undefined || value === null) return [];
  const gateways = Array.isArray(value) ? value : [value];
  return gateways.map((gateway) => {
    const ip = typeof gateway === 'string' ? parseIp(gateway) : undefined;
    if (ip === undefined)
      throw new Error(`parsePodNetworkAnnotation: invalid default-route ${JSON.stringify(gateway)}`);
    return ip;
  });
}

/** One element of `k8s.v1.cni.cncf.io/network-status`. */
export interface NetworkStatus {
  readonly name: string;
  readonly interface?: string;
  readonly ips?: readonly string[];
  readonly mac?: string;
  readonly mtu?: number;
  /** The cluster's own network, wherever the default route goes. */
  readonly default?: true;
  readonly dns: Readonly<Record<string, unknown>>;
  /** Where the default routes in the plugin's result go. */
  readonly gateway?: readonly string[];
  /** Not of Multus: why nothing was really attached. */
  readonly simulated?: string;
}

/**
 * What Multus tells of a CNI result of 0.3.0 or later: an entry for each interface that the result says is in the
 * pod, by its `sandbox`, none for a result without interfaces (`CreateNetworkStatuses` of
 * network-attachment-definition-client 1.7).
 */
export function toNetworkStatuses(
  { namespace, name }: Pick<NetworkRequest, 'namespace' | 'name'>,
  result: unknown,
): readonly NetworkStatus[] {
  const interfaces = listOf(result, 'interfaces');
  const dns = at(result, 'dns');
  const gateway = listOf(result, 'routes').flatMap((route) =>
    /^(?:0\.0\.0\.0|::)\//.test(textAt(route, 'dst') ?? '') ? (textAt(route, 'gw') ?? []) : [],
  );
  const shared = {
    dns: isJsonObject(dns) ? dns : {},
    ...(gateway.length === 0 ? {} : { gateway }),
  };
  const [only, ...others] = interfaces;
  if (only !== undefined && others.length === 0) {
    const ips = listOf(result, 'ips').flatMap(ipOf);
    const isInPod = (textAt(only, 'sandbox') ?? '') !== '';
    return [
      {
        name: `${namespace}/${name}`,
        ...(isInPod ? linkOf(only) : {}),
        ...(ips.length === 0 ? {} : { ips }),
        ...shared,
      },
    ];
  }
  const last = interfaces.findLastIndex((link) => (textAt(link, 'sandbox') ?? '') !== '');
  return interfaces.flatMap((link, index): readonly NetworkStatus[] => {
    if ((textAt(link, 'sandbox') ?? '') === '') return [];
    const ips = listOf(result, 'ips').filter((ip) => (at(ip, 'interface') ?? last) === index);
    return [{ name: `${namespace}/${name}`, ...linkOf(link), ips: ips.flatMap(ipOf), ...shared }];
  });
}

function linkOf(link: unknown): Pick<NetworkStatus, 'interface' | 'mac' | 'mtu'> {
  const name = textAt(link, 'name');
  const mac = textAt(link, 'mac');
  const mtu = at(link, 'mtu');
  return {
    ...(name === undefined ? {} : { interface: name }),
    ...(mac === undefined ? {} : { mac }),
    ...(typeof mtu === 'number' ? { mtu } : {}),
  };
}

function ipOf(entry: unknown): readonly string[] {
  const address = textAt(entry, 'address');
  return address === undefined ? [] : [address.replace(/\/.*$/, '')];
}

function listOf(value: unknown, key: string): readonly unknown[] {
  const list = at(value, key);
  return Array.isArray(list) ? list : [];
}
