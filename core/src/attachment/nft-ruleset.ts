import type { RedirectRule } from '#core/egress-router/model.ts';
import { familyOf, type Ip, type IpFamily } from '#core/net/ip.ts';
import { protocolNumbers, protocols } from '#core/net/protocol.ts';
import type { AttachmentPlan } from './plan.ts';
import { savedSysctlKeys } from './sysctl.ts';

/** The table that holds all of a router's rules, family inet. */
export const nftTable = 'egress_router';

/** What the ruleset follows from: a part of ADD's plan, which the router process also makes from the pod as it is. */
export type RulesetPlan = Pick<
  AttachmentPlan,
  'ifName' | 'clusterLink' | 'families' | 'rules' | 'fallbacks' | 'localPorts'
>;

/**
 * Input of `nft -f -` in the pod: one transaction that fails as a whole, also when the table is there already.
 *
 * - `dnat4`, `dnat6`: where a port goes. `rule4`, `rule6`: the mark its connections get.
 * - `passing`: the marks that may pass. Taking one out stops its connections.
 * - `taken`, `sent`, `received`: counters by mark, which the kernel adds when the first packet comes: for most of
 *   thousands of rules none ever does, and to make them beforehand takes `nft` longer than all else. `taken` counts
 *   connections, as chains of type nat see the first packet only.
 * - `local_ports`: ports of the pod itself, never a fallback's.
 * - `stale`: connections that a changed rule has outdated and that are still to be ended (nft-reload-stale.ts).
 * - `kept`: not empty once a router process keeps the table, whose rules may then be newer than those of ADD.
 * - `sysctls_before`: what DEL has to restore.
 *
 * ICMP redirects (5, 137) are dropped: any host of the LAN could have the router's traffic go by way of itself.
 * Protocols stand as numbers: an image may have no /etc/protocols. No set is typed by interface, so that the
 * table outlives the interface and nothing is forwarded unfiltered while it is taken down.
 */
export function toNftRuleset(plan: AttachmentPlan): string {
  return toNewTable(plan, { sysctls_before: toSavedSysctls(plan), kept: [], stale: [] });
}

/** The same with the elements of the sets that do not follow from the plan. */
export function toNewTable(
  plan: RulesetPlan,
  others: Readonly<Record<Exclude<NftSetName, ElementSet | CountingSet>, readonly string[]>>,
): string {
  const wanted = toElements(plan);
  const sets = nftSets.map(({ name, kind, type }) => {
    const list = isCountingSet(name) ? [] : isElementSet(name, wanted) ? toTexts(wanted[name]) : others[name];
    return `\t${kind} ${name} { ${type};${list.length === 0 ? '' : ` elements = { ${list.join(', ')} };`} }\n`;
  });
  const counters = nftCounters.map((name) => `\tcounter ${name} { }\n`);
  const chains = toChains(plan).map(
    ({ name, hook, rules }) =>
      `\tchain ${name} {\n${[...(hook === undefined ? [] : [hook]), ...rules].map((line) => `\t\t${line}\n`).join('')}\t}\n`,
  );
  return `create table inet ${nftTable}
table inet ${nftTable} {
${[...sets, ...counters, ...chains].join('')}}
`;
}

export type NftSetName = (typeof nftSets)[number]['name'];
const perPort = 'type inet_proto . inet_service';
/** As many as there can be marks: that of the fallback, and one for each port of two families and three protocols. */
const counting = `type mark; flags dynamic; size ${2 * 3 * 65_536 + 1}`;
export const nftSets = [
  { kind: 'map', name: 'dnat4', type: `${perPort} : ipv4_addr . inet_service` },
  { kind: 'map', name: 'rule4', type: `${perPort} : mark` },
  { kind: 'map', name: 'dnat6', type: `${perPort} : ipv6_addr . inet_service` },
  { kind: 'map', name: 'rule6', type: `${perPort} : mark` },
  { kind: 'set', name: 'passing', type: 'type mark' },
  { kind: 'set', name: 'taken', type: counting },
  { kind: 'set', name: 'sent', type: counting },
  { kind: 'set', name: 'received', type: counting },
  { kind: 'set', name: 'local_ports', type: perPort },
  { kind: 'set', name: 'stale', type: 'type mark' },
  { kind: 'set', name: 'kept', type: 'type mark' },
  { kind: 'map', name: 'sysctls_before', type: 'type mark : mark' },
] as const;

/** What was refused, by reason, and `fallback`, the connections that went there. */
export const nftCounters = ['rejected', 'not_redirected', 'inbound_blocked', 'fallback'] as const;

/** The elements that follow from the rules, by set: keys, and in a map what they lead to. */
export type NftElements = Readonly<Record<ElementSet, ReadonlyMap<string, string>>>;
export type ElementSet = Exclude<NftSetName, CountingSet | 'stale' | 'kept' | 'sysctls_before'>;

export const countingSets = ['taken', 'sent', 'received'] as const;
export type CountingSet = (typeof countingSets)[number];

export function toElements(plan: Pick<RulesetPlan, 'rules' | 'fallbacks' | 'localPorts'>): NftElements {
  const targets = { 4: new Map<string, string>(), 6: new Map<string, string>() } as const;
  const markOf = { 4: new Map<string, string>(), 6: new Map<string, string>() } as const;
  const marks = new Map<string, string>();
  // In one pass: an executable that has ten thousand rules feels it.
  for (const rule of plan.rules) {
    const family = familyOf(rule.destination);
    const key = portKey(rule);
    const mark = String(portMark(family, rule));
    targets[family].set(key, `${rule.destination} . ${rule.targetPort}`);
    markOf[family].set(key, mark);
    marks.set(mark, '');
  }
  if (hasFallback(plan)) marks.set(String(fallbackMark), '');
  return {
    dnat4: targets[4],
    dnat6: targets[6],
    rule4: markOf[4],
    rule6: markOf[6],
    passing: marks,
    local_ports: new Map(plan.localPorts.map((local) => [portKey(local), ''])),
  };
}

/** How the sets name a port: `6 . 8080`. */
export function portKey({ protocol, port }: Pick<RedirectRule, 'protocol' | 'port'>): string {
  return `${protocolNumbers[protocol]} . ${port}`;
}

export interface NftChain {
  readonly name: string;
  /** Absent where other chains jump to it. */
  readonly hook?: string;
  readonly rules: readonly string[];
}

/** A chain stands before those that jump to it. */
export function toChains(plan: RulesetPlan): readonly NftChain[] {
  const { ifName: router, clusterLink: cluster } = plan;
  return [
    {
      name: 'to_external',
      rules: [
        'meta nfproto ipv4 ct mark set meta l4proto . th dport map @rule4 add @taken { ct mark counter }',
        'meta nfproto ipv6 ct mark set meta l4proto . th dport map @rule6 add @taken { ct mark counter }',
        'meta nfproto ipv4 dnat ip to meta l4proto . th dport map @dnat4',
        'meta nfproto ipv6 dnat ip6 to meta l4proto . th dport map @dnat6',
        ...toFallbacks(plan),
      ],
    },
    {
      name: 'prerouting',
      hook: 'type nat hook prerouting priority dstnat; policy accept;',
      rules: [`iifname "${cluster}" fib daddr type local jump to_external`],
    },
    {
      name: 'postrouting',
      hook: 'type nat hook postrouting priority srcnat; policy accept;',
      rules: plan.families.map(
        ({ family, source }) =>
          `oifname "${router}" meta nfproto ipv${family} snat ${ipWord(family)} to ${source}`,
      ),
    },
    // What cannot be counted passes all the same, and so that stands in a rule of its own.
    { name: 'outwards', rules: ['add @sent { ct mark counter }', 'accept'] },
    { name: 'inwards', rules: ['add @received { ct mark counter }', 'accept'] },
    {
      name: 'forward',
      hook: 'type filter hook forward priority filter; policy drop;',
      rules: [
        'ct state invalid drop',
        `iifname "${cluster}" oifname "${router}" ct status dnat ct mark @passing goto outwards`,
        `iifname "${router}" oifname "${cluster}" ct state established,related ct mark @passing goto inwards`,
        `iifname "${cluster}" counter name not_redirected reject with icmpx type admin-prohibited`,
        'counter name inbound_blocked drop',
      ],
    },
    {
      name: 'input',
      hook: 'type filter hook input priority filter; policy accept;',
      rules: [
        'iifname "lo" accept',
        'icmp type 5 drop',
        'icmpv6 type 137 drop',
        'ct state established,related accept',
        'meta l4proto { 1, 58 } accept',
        `iifname "${cluster}" meta l4proto . th dport @local_ports accept`,
        `iifname "${cluster}" meta l4proto 6 counter name rejected reject with tcp reset`,
        `iifname "${cluster}" counter name rejected reject with icmpx type port-unreachable`,
        `iifname "${router}" counter name inbound_blocked drop`,
      ],
    },
  ];
}

/** Input of `nft -f -` that takes the table away. */
export const nftUndo = `delete table inet ${nftTable}\n`;

/** The connection mark of a rule. */
export function ruleMark(rule: Pick<RedirectRule, 'protocol' | 'port' | 'destination'>): number {
  return portMark(familyOf(rule.destination), rule);
}

/**
 * A function of family, protocol and port, never of a rule's place in the list, so that a changed list names the
 * same connections by the same mark.
 */
export function portMark(
  family: IpFamily,
  { protocol, port }: Pick<RedirectRule, 'protocol' | 'port'>,
): number {
  return ((protocols.indexOf(protocol) + 1) << 18) | ((family === 6 ? 1 : 0) << 17) | port;
}

/** The mark of connections that no rule names. */
export const fallbackMark = 0xffffff;

/** What no rule took goes to the fallback, but for the pod's own ports. */
function toFallbacks(plan: RulesetPlan): readonly string[] {
  const { v4, v6 } = plan.fallbacks;
  return [
    ...(hasFallback(plan) ? ['meta l4proto . th dport @local_ports return'] : []),
    ...(v4 === undefined ? [] : [toFallback(v4)]),
    ...(v6 === undefined ? [] : [toFallback(v6)]),
  ];
}

function toFallback(ip: Ip): string {
  const family = familyOf(ip);
  const numbers = Object.values(protocolNumbers).join(', ');
  const mark = `counter name fallback ct mark set ${fallbackMark}`;
  return `meta nfproto ipv${family} meta l4proto { ${numbers} } ${mark} dnat ${ipWord(family)} to ${ip}`;
}

function isElementSet(name: NftSetName, wanted: NftElements): name is ElementSet {
  return name in wanted;
}

function isCountingSet(name: NftSetName): name is CountingSet {
  return countingSets.some((one) => one === name);
}

function toTexts(elements: ReadonlyMap<string, string>): readonly string[] {
  const texts: string[] = [];
  elements.forEach((value, key) => {
    texts.push(value === '' ? key : `${key} : ${value}`);
  });
  return texts;
}

/** An element as `nft` takes it. */
export function toElementText([key, value]: readonly [string, string]): string {
  return value === '' ? key : `${key} : ${value}`;
}

function toSavedSysctls(plan: AttachmentPlan): readonly string[] {
  return [...savedSysctlKeys(plan.clusterLink)].flatMap(([number, key]) => {
    const before = plan.podSysctlsBefore.find((sysctl) => sysctl.key === key);
    return before === undefined ? [] : [`${number} : ${before.value}`];
  });
}

function hasFallback({ fallbacks }: Pick<RulesetPlan, 'fallbacks'>): boolean {
  return fallbacks.v4 !== undefined || fallbacks.v6 !== undefined;
}

function ipWord(family: IpFamily): string {
  return family === 4 ? 'ip' : 'ip6';
}
