import { type Drift, type NetworkRepair, planRepair } from '#core/attachment/drift.ts';
import { keptByProcess, planTableChange, staleConnections } from '#core/attachment/nft-reload.ts';
import { staleNumber } from '#core/attachment/nft-reload-stale.ts';
import {
  type NftChain,
  nftTable,
  nftUndo,
  type RulesetPlan,
  toChains,
  toElements,
  toNewTable,
} from '#core/attachment/nft-ruleset.ts';
import { planFamilies } from '#core/attachment/plan.ts';
import { clusterIfName, routerIfName } from '#core/manifest/names.ts';
import type { NetConf } from '#core/netconf/model.ts';
import { formatPolicyRule, type LinkState } from './ip-state.ts';
import { rulesOfConnections } from './live-connections.ts';
import type { NftState } from './nft-state.ts';
import type { Observation } from './observe.ts';
import { failureOf, type RunCommand } from './run-command.ts';
import { linkName } from './sysctl-drift.ts';

/** How the kernel lists chains that this process wrote, by what it wrote. */
export type KnownChains = ReadonlyMap<string, { readonly written: string; readonly listed: string }>;

/** What a process remembers of its last look. */
export interface Remembered {
  readonly chains: KnownChains;
  readonly savedSysctls: ReadonlyMap<number, number>;
  /** Whose rules were in force. */
  readonly conf: NetConf | undefined;
}

export interface Mended {
  readonly tableDrift: readonly string[];
  readonly networkDrift: readonly Drift[];
  /** Why something could not be done, a sentence each. */
  readonly faults: readonly string[];
}

type PodPlan = RulesetPlan & Parameters<typeof planRepair>[0];

/** The plan of ADD for the pod as it is. @returns undefined where it has not both interfaces */
export function planPod(conf: NetConf, seen: Observation): PodPlan | undefined {
  if (seen.links.kind !== 'read' || seen.routes.kind !== 'read') return undefined;
  const has = (name: string): LinkState | undefined =>
    seen.links.kind === 'read' ? seen.links.value.find((link) => link.name === name) : undefined;
  const cluster = has(clusterIfName);
  if (cluster === undefined || has(routerIfName) === undefined) return undefined;
  const clusterLink = linkName(clusterIfName);
  return {
    ifName: linkName(routerIfName),
    clusterLink,
    addresses: conf.addresses,
    families: planFamilies(
      conf,
      { routes: seen.routes.value },
      { name: clusterLink, addresses: cluster.addresses },
    ),
    rules: conf.rules,
    fallbacks: conf.fallbacks,
    localPorts: conf.localPorts,
  };
}

/** Brings the pod to the plan: the table first, so that nothing is ever forwarded unfiltered. */
export async function mend(
  run: RunCommand,
  plan: PodPlan,
  seen: Observation,
  remembered: Remembered,
): Promise<Mended> {
  // What cannot be read is not touched, nor is anything routed by it. Readiness says why.
  if (seen.nft.kind === 'unreadable') return { tableDrift: [], networkDrift: [], faults: [] };
  const table = await mendTable(run, plan, seen.nft, remembered);
  if (table.fault !== undefined) {
    return { tableDrift: table.drift, networkDrift: [], faults: [table.fault] };
  }
  const network = await mendNetwork(run, plan, seen);
  return { tableDrift: table.drift, ...network };
}

/**
 * What to know the chains by from now on: those that were written and have been listed since. Another writer may have
 * been quick enough to add to one in between: that is not what was written, and the next look writes it anew.
 */
export function learnChains(
  plan: RulesetPlan,
  nft: Pick<NftState, 'chains'>,
  known: KnownChains,
): KnownChains {
  return new Map(
    toChains(plan).flatMap((chain) => {
      const written = textOf(chain);
      const before = known.get(chain.name);
      if (before?.written === written) return [[chain.name, before] as const];
      const listed = nft.chains.get(chain.name);
      return listed?.split('\n').length === 1 + chain.rules.length
        ? [[chain.name, { written, listed }] as const]
        : [];
    }),
  );
}

async function mendTable(
  run: RunCommand,
  plan: RulesetPlan,
  nft: Exclude<Observation['nft'], { readonly kind: 'unreadable' }>,
  { chains, savedSysctls, conf }: Remembered,
): Promise<{ readonly drift: readonly string[]; readonly fault?: string }> {
  const others = {
    sysctls_before: [...savedSysctls].map(([key, value]) => `${key} : ${value}`),
    kept: keptByProcess,
    stale: [],
  };
  switch (nft.kind) {
    case 'absent': {
      // The rules may have changed since it was last seen, and conntrack knows nothing of tables.
      const before =
        conf === undefined ? await rulesOfConnections(run, plan) : { ...conf, elements: toElements(conf) };
      const old = staleConnections(plan, before);
      const table = toNewTable(plan, { ...others, stale: old.map(staleNumber).map(String) });
      return written(run, [...table].join(''), ['the table was missing']);
    }
    case 'read': {
      const { text, stale, differences } = planTableChange(plan, nft.value.table, (chain) => {
        const before = chains.get(chain.name);
        return before?.written === textOf(chain) && before.listed === nft.value.chains.get(chain.name);
      });
      if (text === '') return { drift: [] };
      const changed = await written(run, text, differences);
      if (changed.fault === undefined) return changed;
      // What is there cannot be changed into what has to be: a set of another type, a chain at another hook.
      const toEnd = new Set([...nft.value.table.stale, ...stale.map(staleNumber)]);
      const table = [...toNewTable(plan, { ...others, stale: [...toEnd].map(String) })].join('');
      return written(run, `${nftUndo}${table}`, [...differences, `table ${nftTable} as a whole`]);
    }
  }
}

async function written(
  run: RunCommand,
  text: string,
  drift: readonly string[],
): Promise<{ readonly drift: readonly string[]; readonly fault?: string }> {
  const failure = failureOf(await run('nft', ['-f', '-'], text));
  return failure === undefined
    ? { drift }
    : { drift: [], fault: `Cannot change the nftables rules: ${failure}.` };
}

/** What of links, routes and rules is not as planned; nothing where that cannot be read. */
export function networkDriftOf(plan: PodPlan, seen: Observation): readonly Drift[] {
  return networkRepairOf(plan, seen)?.drift ?? [];
}

function networkRepairOf(plan: PodPlan, { links, routes, rules }: Observation): NetworkRepair | undefined {
  if (links.kind !== 'read' || routes.kind !== 'read' || rules.kind !== 'read') return undefined;
  const link = links.value.find(({ name }) => name === plan.ifName);
  if (link === undefined) return undefined;
  return planRepair(plan, {
    link,
    routes: routes.value,
    rules: rules.value.map((rule) => ({ family: rule.family, text: formatPolicyRule(rule) })),
  });
}

async function mendNetwork(
  run: RunCommand,
  plan: PodPlan,
  seen: Observation,
): Promise<{ readonly networkDrift: readonly Drift[]; readonly faults: readonly string[] }> {
  const repair = networkRepairOf(plan, seen);
  if (repair === undefined) return { networkDrift: [], faults: [] };
  const steps = [
    ...(repair.linkBatch === '' ? [] : [{ flags: [], text: repair.linkBatch }]),
    ...repair.routeBatches.map(({ family, text }) => ({ flags: [`-${family}`], text })),
  ];
  const faults: string[] = [];
  for (const { flags, text } of steps) {
    const failure = failureOf(await run('ip', [...flags, '-force', '-batch', '-'], text));
    if (failure !== undefined)
      faults.push(`Cannot put back what is missing on ${plan.ifName}: ip: ${failure}.`);
  }
  return { networkDrift: repair.drift, faults };
}

function textOf({ hook = '', rules }: NftChain): string {
  return [hook, ...rules].join('\n');
}
