import { parseIp } from '#core/net/ip.ts';
import { keyOf, type Pod, type Service } from '../objects.ts';

/**
 * The pod's /etc/hosts. This sandbox has no DNS: every Service stands here, under the names by which a pod of this
 * namespace may call it.
 */
export function toHosts(pod: Pod, ips: readonly string[], services: readonly Service[]): string {
  const own = ips.map((ip) => `${ip}\t${pod.metadata.name}`);
  const others = [...services]
    .sort((a, b) => keyOf(a).localeCompare(keyOf(b)))
    .flatMap((service) => {
      const addresses = service.spec.clusterIPs ?? [service.spec.clusterIP ?? ''];
      const names = namesOf(service, pod.metadata.namespace).join(' ');
      return addresses.flatMap((text) => {
        const ip = parseIp(text);
        return ip === undefined ? [] : [`${ip}\t${names}`];
      });
    });
  return ['127.0.0.1\tlocalhost', '::1\tlocalhost', ...own, ...others, ''].join('\n');
}

function namesOf({ metadata }: Service, from: string | undefined): readonly string[] {
  const { name, namespace = '' } = metadata;
  const long = [`${name}.${namespace}`, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.cluster.local`];
  return namespace === from ? [name, ...long] : long;
}
