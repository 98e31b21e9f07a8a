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
 * Input of `nft -f -` in the pod, in pieces that stay small however many rules there are: one transaction that fails
 * as a whole, also when the table is there already.
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
 * From the LAN only the interface's own addresses are reached, by errors of connections that there are, echo
 * (8, 128), the search for neighbors (135, 136) and the question for multicast groups (130), without which a switch
 * forgets where such searches go. What else ICMPv6 tells all hosts of a LAN is dropped, and not counted as an attempt.
 * Protocols stand as numbers: an image may have no /etc/protocols. No set is typed by interface, so that the
 * table outlives the interface and nothing is forwarded unfiltered while it is taken down.
 */
export function toNftRuleset(plan: AttachmentPlan): Iterable<string> {
  return toNewTable(plan, { sysctls_before: toSavedSysctls(plan), kept: [], stale: [] });
}

/** The same with the elements of the sets that do not follow from the plan. */
export function* toNewTable(
  plan: RulesetPlan,
  others: Readonly<Record<Exclude<NftSetName, ElementSet | CountingSet>, readonly string[]>>,
): Generator<string> {
  const rules = byFamily(plan.rules);
  yield `create table inet ${nftTable}\ntable inet ${nftTable} {\n`;
  for (const { name, kind, type } of nftSets) {
    yield `\t${kind} ${name} { ${type};`;
    let isEmpty = true;
    for (const list of isOther(name) ? [others[name]] : listsOf(plan, rules, name)) {
      if (list.length === 0) continue;
      yield `${isEmpty ? ' elements = { ' : ', '}${list.join(', ')}`;
      isEmpty = false;
    }
    yield isEmpty ? ' }\n' : ' }; }\n';
  }
  for (const name of nftCounters) yield `\tcounter ${name} { }\n`;
  for (const chain of toChains(plan)) {
    const { name, hook } = chain;
    const lines = hook === undefined ? chain.rules : [hook, ...chain.rules];
    yield `\tchain ${name} {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`;
  }
  yield '}\n';
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
  const rules = byFamily(plan.rules);
  const entriesOf = (family: IpFamily, toValue: (rule: RedirectRule) => string) =>
    new Map(rules[family].map((rule) => [portKey(rule), toValue(rule)] as const));
  return {
    dnat4: entriesOf(4, toTarget),
    dnat6: entriesOf(6, toTarget),
    rule4: entriesOf(4, toMark),
    rule6: entriesOf(6, toMark),
    passing: new Map([...plan.rules.map(toMark), ...otherMarks(plan)].map((mark) => [mark, ''] as const)),
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
        `iifname "${cluster}" oifname "${router}" ct status dnat ct mark @passing goto outwards`,
        `iifname "${router}" oifname "${cluster}" ct state established,related ct mark @passing goto inwards`,
        // Has no mark, so the two above pass it by: every packet of a connection would pay for a rule before them.
        'ct state invalid drop',
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
        `iifname "${router}" fib daddr . iif type != { local, multicast } counter name inbound_blocked drop`,
        'ct state established,related accept',
        `iifname "${cluster}" meta l4proto { 1, 58 } accept`,
        `iifname "${router}" icmp type 8 accept`,
        `iifname "${router}" icmpv6 type { 128, 130, 135, 136 } accept`,
        `iifname "${router}" meta l4proto 58 drop`,
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

type RulesByFamily = Readonly<Record<IpFamily, readonly RedirectRule[]>>;

function byFamily(rules: readonly RedirectRule[]): RulesByFamily {
  const found = { 4: new Array<RedirectRule>(), 6: new Array<RedirectRule>() } as const;
  for (const rule of rules) found[familyOf(rule.destination)].push(rule);
  return found;
}

/**
 * The elements of a set, in lists: the executable builds the text of ten thousand rules in little memory, and all
 * that is done for each rule is felt.
 */
function* listsOf(
  plan: RulesetPlan,
  rules: RulesByFamily,
  name: ElementSet | CountingSet,
): Generator<readonly string[]> {
  switch (name) {
    case 'dnat4':
      return yield* inLists(rules[4], toTargetElement);
    case 'dnat6':
      return yield* inLists(rules[6], toTargetElement);
    case 'rule4':
      return yield* inLists(rules[4], toMarkElement);
    case 'rule6':
      return yield* inLists(rules[6], toMarkElement);
    case 'passing':
      yield* inLists(plan.rules, toMark);
      yield otherMarks(plan);
      return;
    case 'local_ports':
      yield plan.localPorts.map(portKey);
      return;
    case 'taken':
    case 'sent':
    case 'received':
      return;
  }
}

function* inLists(
  rules: readonly RedirectRule[],
  toText: (rule: RedirectRule) => string,
): Generator<readonly string[]> {
  for (let start = 0; start < rules.length; start += 500) yield rules.slice(start, start + 500).map(toText);
}

function toTargetElement(rule: RedirectRule): string {
  return `${portKey(rule)} : ${toTarget(rule)}`;
}

function toMarkElement(rule: RedirectRule): string {
  return `${portKey(rule)} : ${ruleMark(rule)}`;
}

function toTarget({ destination, targetPort }: RedirectRule): string {
  return `${destination} . ${targetPort}`;
}

function toMark(rule: RedirectRule): string {
  return String(ruleMark(rule));
}

function otherMarks(plan: Pick<RulesetPlan, 'fallbacks'>): readonly string[] {
  return hasFallback(plan) ? [String(fallbackMark)] : [];
}

function isOther(name: NftSetName): name is 'stale' | 'kept' | 'sysctls_before' {
  return name === 'stale' || name === 'kept' || name === 'sysctls_before';
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
