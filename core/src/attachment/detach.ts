import type { IfName } from '#core/net/ifname.ts';
import type { IpFamily } from '#core/net/ip.ts';
import type { PodFacts } from './facts.ts';
import { temporaryLinkPrefix } from './plan.ts';
import { clusterTable, otherRouter, routerTable, rulePriorities } from './routing.ts';
import { podSysctlKeys, type Sysctl, savedSysctlKeys } from './sysctl.ts';

/**
 * All that DEL has to take away, from what is there: also after an ADD that was killed. An empty plan is that of
 * a namespace without a router. To be carried out in the order of the fields, so that the table, which blocks
 * what is not redirected and knows the old settings, goes last.
 */
export interface DetachPlan {
  readonly links: readonly IfName[];
  /** Inputs of `ip -4 -batch -` and `ip -6 -batch -`. */
  readonly batches: readonly { readonly family: IpFamily; readonly text: string }[];
  readonly sysctls: readonly Sysctl[];
  readonly hasTable: boolean;
}

/** `saved` is the map `sysctls_before` of the ruleset, and absent where there is no ruleset. */
export function planDetach(
  pod: PodFacts,
  ifName: IfName,
  clusterLink: IfName,
  saved: ReadonlyMap<number, number> | undefined,
): DetachPlan {
  const keys = savedSysctlKeys(clusterLink);
  const { rpFilter } = podSysctlKeys(clusterLink);
  const links = pod.links
    .filter(
      ({ name, kind }) => kind === 'macvlan' && (name === ifName || name.startsWith(temporaryLinkPrefix)),
    )
    .map((link) => link.name);
  // All else is that router's, and what keeps the LAN out of the cluster.
  if (otherRouter(pod, ifName) !== undefined) return { links, batches: [], sysctls: [], hasTable: false };
  return {
    links,
    batches: ([4, 6] as const).flatMap((family) => {
      const text = toBatch(pod, family);
      return text === '' ? [] : [{ family, text }];
    }),
    sysctls: [...(saved ?? new Map<number, number>())]
      .flatMap(([number, value]) => {
        const key = keys.get(number);
        return key === undefined || !pod.sysctls.has(key) ? [] : [{ key, value }];
      })
      // Forwarding last: it is what a DEL that was killed is known by.
      .toSorted((one, other) => Number(other.key === rpFilter) - Number(one.key === rpFilter)),
    hasTable: saved !== undefined,
  };
}

/**
 * Whether an ADD or a DEL may have been killed here. A pod with the interface is attached, or ends with a DEL. One that
 * forwards is no usual pod: whether that is what a DEL has yet to turn off, the table's `sysctls_before` tells.
 */
export function mayHaveLeftovers(pod: PodFacts, ifName: IfName, clusterLink: IfName): boolean {
  if (otherRouter(pod, ifName) !== undefined) return false;
  const { forwarding4, forwarding6 } = podSysctlKeys(clusterLink);
  return (
    pod.links.some((link) => link.name.startsWith(temporaryLinkPrefix)) ||
    (!pod.links.some((link) => link.name === ifName) &&
      (pod.rules.some(({ table }) => table === String(routerTable) || table === String(clusterTable)) ||
        [forwarding4, forwarding6].some((key) => pod.sysctls.get(key) === 1)))
  );
}

/** Reads `nft -j list map inet egress_router sysctls_before`. */
export function readSavedSysctls(value: unknown): ReadonlyMap<number, number> {
  const saved = new Map<number, number>();
  const root = isFields(value) ? value['nftables'] : undefined;
  for (const item of Array.isArray(root) ? root : []) {
    const map = isFields(item) ? item['map'] : undefined;
    const elements = isFields(map) ? map['elem'] : undefined;
    for (const element of Array.isArray(elements) ? elements : []) {
      const [number, before] = Array.isArray(element) ? element : [];
      if (Number.isInteger(number) && Number.isInteger(before)) saved.set(Number(number), Number(before));
    }
  }
  return saved;
}

function toBatch(pod: PodFacts, family: IpFamily): string {
  const ours = new Map<number, string>([
    [rulePriorities.fromCluster, String(routerTable)],
    [rulePriorities.fromReserved, String(routerTable)],
    [rulePriorities.main, 'main'],
    [rulePriorities.replies, String(clusterTable)],
    [rulePriorities.fromClusterAddress, String(clusterTable)],
    [rulePriorities.own, String(routerTable)],
  ]);
  const lines = pod.rules.flatMap((rule) => {
    const table = ours.get(rule.priority);
    return rule.family === family && rule.table === table
      ? [`rule del pref ${rule.priority} lookup ${table}`]
      : [];
  });
  const hasRoutes = pod.routes.some(
    (route) => route.family === family && route.table === String(clusterTable),
  );
  if (hasRoutes) lines.push(`route flush table ${clusterTable}`);
  return lines.map((line) => `${line}\n`).join('');
}

function isFields(value: unknown): value is { readonly [field: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
