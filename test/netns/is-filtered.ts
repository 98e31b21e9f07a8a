import type { Pod, Topology } from './topology.ts';

/** Whether the table that drops what is not redirected is there, or no interface of the pod forwards anything. */
export async function isFiltered(net: Topology, pod: Pod): Promise<boolean> {
  const isOpen = 'grep -qs 1 /proc/sys/net/ipv4/conf/[en]*/forwarding /proc/sys/net/ipv6/conf/all/forwarding';
  const hasTable = 'nft list chain inet egress_router forward 2>/dev/null | grep -q "policy drop"';
  // Asked again, as a DEL whose plugin alone was killed may have gone on meanwhile.
  const script = `for turn in 1 2 3; do if ! ${isOpen} || ${hasTable}; then echo yes; exit; fi; done; echo no`;
  return (await net.run(pod.name, ['sh', '-c', script])) === 'yes\n';
}
