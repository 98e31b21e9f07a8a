import type { IfName } from '#core/net/ifname.ts';

/** A kernel setting of one network namespace: `key` is the path below `/proc/sys/net/`. */
export interface Sysctl {
  readonly key: string;
  readonly value: number;
}

/**
 * Settings of the new interface, which go when it goes, to be made while it is down.
 * - arp_notify, ndisc_notify: neighbors learn at once that the reserved address has a new MAC
 * - arp_ignore, arp_announce: the interface speaks for its own addresses only, never for the pod's
 * - rp_filter 2: replies may come in where the route to the client does not lead
 * - base_reachable_time_ms, delay_first_probe_time: what is only forwarded does not tell the kernel that the gateway
 *   is there, so it asks each second or two, and a gateway that is gone is known some seconds later, not a minute
 */
export function routerSysctls(link: IfName, wantsIpv6: boolean): readonly Sysctl[] {
  const of4 = (name: string, value: number): Sysctl => ({ key: `ipv4/conf/${link}/${name}`, value });
  const of6 = (name: string, value: number): Sysctl => ({ key: `ipv6/conf/${link}/${name}`, value });
  return [
    of4('arp_notify', 1),
    of4('arp_ignore', 1),
    of4('arp_announce', 2),
    of4('rp_filter', 2),
    of4('forwarding', 1),
    of6('disable_ipv6', wantsIpv6 ? 0 : 1),
    of6('accept_ra', 0),
    of6('ndisc_notify', 1),
    ...(wantsIpv6 ? ([4, 6] as const) : ([4] as const)).flatMap((family) => [
      { key: `ipv${family}/neigh/${link}/base_reachable_time_ms`, value: 1000 },
      { key: `ipv${family}/neigh/${link}/delay_first_probe_time`, value: 1 },
    ]),
  ];
}

/** Settings of the pod that outlive the interface; the executable reads them before it plans. */
export function podSysctlKeys(clusterLink: IfName): {
  readonly forwarding4: string;
  readonly rpFilterAll: string;
  readonly rpFilter: string;
  readonly forwarding6: string;
} {
  return {
    forwarding4: `ipv4/conf/${clusterLink}/forwarding`,
    rpFilterAll: 'ipv4/conf/all/rp_filter',
    rpFilter: `ipv4/conf/${clusterLink}/rp_filter`,
    // The kernel forwards IPv6 only when "all" says so.
    forwarding6: 'ipv6/conf/all/forwarding',
  };
}

/** The pod settings that differ from what a router needs. */
export function podSysctls(
  current: ReadonlyMap<string, number>,
  clusterLink: IfName,
  wantsIpv6: boolean,
): readonly Sysctl[] {
  const keys = podSysctlKeys(clusterLink);
  const wanted: Sysctl[] = [];
  const want = (key: string, value: number): void => {
    if (current.has(key) && current.get(key) !== value) wanted.push({ key, value });
  };
  want(keys.forwarding4, 1);
  // The kernel takes the greater of "all" and the interface's own; only 1 is strict.
  if (Math.max(current.get(keys.rpFilterAll) ?? 0, current.get(keys.rpFilter) ?? 0) === 1)
    want(keys.rpFilter, 2);
  if (wantsIpv6) want(keys.forwarding6, 1);
  return wanted;
}

/**
 * The pod settings that a plan may change, by the number under which the ruleset keeps their old value for DEL.
 * Numbers are for ever: a newer executable may have to undo what an older one did.
 */
export function savedSysctlKeys(clusterLink: IfName): ReadonlyMap<number, string> {
  const keys = podSysctlKeys(clusterLink);
  return new Map([
    [1, keys.forwarding4],
    [2, keys.rpFilter],
    [3, keys.forwarding6],
  ]);
}
