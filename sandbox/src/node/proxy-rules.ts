import { familyOf, type Ip, type IpFamily, parseIp } from '#core/net/ip.ts';
import { type Port, parsePort } from '#core/net/port.ts';
import { type Protocol, parseProtocol, protocolNumbers } from '#core/net/protocol.ts';
import { type EndpointSlice, keyOf, type Service } from '../objects.ts';

/** One port of one Service, and where it leads. */
export interface ServiceRule {
  readonly clusterIp: Ip;
  readonly protocol: Protocol;
  readonly port: Port;
  readonly targets: readonly { readonly ip: Ip; readonly port: Port }[];
}

const serviceNameLabel = 'kubernetes.io/service-name';
const table = 'sandbox_proxy';

/** What a kube-proxy makes of Services and their slices, in a stable order. Headless Services have no rules. */
export function toServiceRules(
  services: readonly Service[],
  slices: readonly EndpointSlice[],
): readonly ServiceRule[] {
  return [...services]
    .sort((a, b) => keyOf(a).localeCompare(keyOf(b)))
    .flatMap((service) => {
      const own = slices.filter(
        ({ metadata }) =>
          metadata.namespace === service.metadata.namespace &&
          metadata.labels?.[serviceNameLabel] === service.metadata.name,
      );
      const ips = service.spec.clusterIPs ?? [service.spec.clusterIP ?? ''];
      return ips.flatMap((text) => {
        const clusterIp = parseIp(text);
        return clusterIp === undefined ? [] : portRules(service, clusterIp, own);
      });
    });
}

function portRules(
  service: Service,
  clusterIp: Ip,
  slices: readonly EndpointSlice[],
): readonly ServiceRule[] {
  return (service.spec.ports ?? []).flatMap((entry) => {
    const protocol = parseProtocol(entry.protocol ?? 'TCP');
    const port = parsePort(entry.port);
    if (protocol === undefined || port === undefined) return [];
    const targets = slices
      .filter((slice) => slice.addressType === (familyOf(clusterIp) === 4 ? 'IPv4' : 'IPv6'))
      .flatMap((slice) => targetsOf(slice, entry.name ?? '', protocol));
    return [{ clusterIp, protocol, port, targets }];
  });
}

function targetsOf(slice: EndpointSlice, name: string, protocol: Protocol): ServiceRule['targets'] {
  const found = slice.ports?.find(
    (port) => (port.name ?? '') === name && (port.protocol ?? 'TCP') === protocol,
  );
  const port = parsePort(found?.port);
  if (port === undefined) return [];
  return (slice.endpoints ?? [])
    .filter((endpoint) => endpoint.conditions?.ready !== false)
    .flatMap(({ addresses }) => {
      const ip = parseIp(addresses[0] ?? '');
      return ip === undefined ? [] : [{ ip, port }];
    });
}

/**
 * The node's whole table of Services, to be loaded in one transaction. A port without endpoints is refused, as
 * kube-proxy does it, and not sent out by the default route.
 */
export function toProxyRuleset(rules: readonly ServiceRule[]): string {
  const served = rules.filter(({ targets }) => targets.length > 0);
  const idle = rules.filter(({ targets }) => targets.length === 0);
  return `table inet ${table}
delete table inet ${table}
table inet ${table} {
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
${served.map((rule) => `    ${match(rule)} ${dnat(rule)}\n`).join('')}  }
  chain postrouting {
    type nat hook postrouting priority srcnat - 1; policy accept;
${served.map((rule) => hairpins(rule)).join('')}  }
  chain forward {
    type filter hook forward priority filter; policy accept;
${idle.map((rule) => `    ${match(rule)} ${refuse(rule)}\n`).join('')}  }
}
`;
}

function match({ clusterIp, protocol, port }: ServiceRule): string {
  return `${daddr(clusterIp)} meta l4proto ${protocolNumbers[protocol]} th dport ${port}`;
}

function dnat({ clusterIp, targets }: ServiceRule): string {
  const family = familyOf(clusterIp) === 4 ? 'ip' : 'ip6';
  const [first] = targets;
  if (targets.length === 1 && first !== undefined)
    return `dnat ${family} to ${endpoint(first.ip, first.port)}`;
  const map = targets.map(({ ip, port }, index) => `${index} : ${ip} . ${port}`).join(', ');
  return `dnat ${family} to numgen random mod ${targets.length} map { ${map} }`;
}

/** A pod that reaches itself through its Service must see an answer from elsewhere. */
function hairpins({ targets }: ServiceRule): string {
  return targets
    .map(({ ip }) => `    ${family(ip)} saddr ${ip} ${daddr(ip)} ct status dnat masquerade\n`)
    .join('');
}

function refuse({ protocol }: ServiceRule): string {
  return protocol === 'TCP' ? 'reject with tcp reset' : 'reject with icmpx type port-unreachable';
}

function daddr(ip: Ip): string {
  return `${family(ip)} daddr ${ip}`;
}

function family(ip: Ip): 'ip' | 'ip6' {
  const version: IpFamily = familyOf(ip);
  return version === 4 ? 'ip' : 'ip6';
}

function endpoint(ip: Ip, port: Port): string {
  return familyOf(ip) === 4 ? `${ip}:${port}` : `[${ip}]:${port}`;
}
