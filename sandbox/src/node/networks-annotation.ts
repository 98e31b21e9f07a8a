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
  readonly default?: true;
  readonly gateway?: readonly string[];
  readonly dns: Readonly<Record<string, unknown>>;
  /** Not of Multus: why nothing was really attached. */
  readonly simulated?: string;
}

/** What a CNI result says of the interface that it made, in Multus' shape. Results of any CNI version are read. */
export function toNetworkStatus(network: NetworkRequest, result: unknown): NetworkStatus {
  const made = listOf(result, 'interfaces').find((link) => textAt(link, 'name') === network.ifName);
  const mac = textAt(made, 'mac');
  const mtu = at(made, 'mtu');
  const ips = [
    ...listOf(result, 'ips').flatMap((ip) => textAt(ip, 'address') ?? []),
    ...[textAt(result, 'ip4', 'ip'), textAt(result, 'ip6', 'ip')].flatMap((ip) => ip ?? []),
  ].map((cidr) => cidr.replace(/\/.*$/, ''));
  const dns = at(result, 'dns');
  return {
    name: `${network.namespace}/${network.name}`,
    interface: network.ifName,
    ips,
    ...(mac === undefined ? {} : { mac }),
    ...(typeof mtu === 'number' ? { mtu } : {}),
    ...(network.defaultRoute.length === 0 ? {} : { default: true as const, gateway: network.defaultRoute }),
    dns: isJsonObject(dns) ? dns : {},
  };
}

function listOf(value: unknown, key: string): readonly unknown[] {
  const list = at(value, key);
  return Array.isArray(list) ? list : [];
}
