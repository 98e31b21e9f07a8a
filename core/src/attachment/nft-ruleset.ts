import type { RedirectRule } from '#core/egress-router/model.ts';
import { familyOf, type Ip, type IpFamily } from '#core/net/ip.ts';
import { protocolNumbers, protocols } from '#core/net/protocol.ts';
import type { AttachmentPlan } from './plan.ts';
import { savedSysctlKeys } from './sysctl.ts';

/** The table that holds all of a router's rules, family inet. */
export const nftTable = 'egress_router';

/**
 * Input of `nft -f -` in the pod: one transaction that fails as a whole, also when the table is there already.
 *
 * - `dnat4`, `dnat6`: where a port goes. `rule4`, `rule6`: the mark its connections get.
 * - `tx`, `rx`: the marks that may pass outwards and back, with counters. Taking one out stops its connections.
 * - `local_ports`: ports of the pod itself, never a fallback's.
 * - `sysctls_before`: what DEL has to restore.
 *
 * ICMP redirects (5, 137) are dropped: any host of the LAN could have the router's traffic go by way of itself.
 * Protocols stand as numbers: an image may have no /etc/protocols. No set is typed by interface, so that the
 * table outlives the interface and nothing is forwarded unfiltered while it is taken down.
 */
export function toNftRuleset(plan: AttachmentPlan): string {
  const marks = [...plan.rules.map(ruleMark), ...(hasFallback(plan) ? [fallbackMark] : [])].map(String);
  const { ifName: router, clusterLink: cluster } = plan;
  return `create table inet ${nftTable}
table inet ${nftTable} {
${([4, 6] as const).map((family) => toMaps(plan, family)).join('\n')}
	set tx { type mark; counter;${elements(marks)} }
	set rx { type mark; counter;${elements(marks)} }
	set local_ports { type inet_proto . inet_service;${elements(plan.localPorts.map(({ protocol, port }) => `${protocolNumbers[protocol]} . ${port}`))} }
	map sysctls_before { type mark : mark;${elements(toSavedSysctls(plan))} }
	counter rejected { }
	counter not_redirected { }
	counter inbound_blocked { }
	chain prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		iifname "${cluster}" fib daddr type local jump to_external
	}
	chain to_external {
		meta nfproto ipv4 ct mark set meta l4proto . th dport map @rule4
		meta nfproto ipv6 ct mark set meta l4proto . th dport map @rule6
		meta nfproto ipv4 dnat ip to meta l4proto . th dport map @dnat4
		meta nfproto ipv6 dnat ip6 to meta l4proto . th dport map @dnat6
${toFallbacks(plan)}	}
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
${plan.families.map(({ family, source }) => `\t\toifname "${router}" meta nfproto ipv${family} snat ${ipWord(family)} to ${source}\n`).join('')}	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state invalid drop
		iifname "${cluster}" oifname "${router}" ct status dnat ct mark @tx accept
		iifname "${router}" oifname "${cluster}" ct state established,related ct mark @rx accept
		iifname "${cluster}" counter name not_redirected reject with icmpx type admin-prohibited
		counter name inbound_blocked drop
	}
	chain input {
		type filter hook input priority filter; policy accept;
		iifname "lo" accept
		icmp type 5 drop
		icmpv6 type 137 drop
		ct state established,related accept
		meta l4proto { 1, 58 } accept
		iifname "${cluster}" meta l4proto . th dport @local_ports accept
		iifname "${cluster}" meta l4proto 6 counter name rejected reject with tcp reset
		iifname "${cluster}" counter name rejected reject with icmpx type port-unreachable
		iifname "${router}" counter name inbound_blocked drop
	}
}
`;
}

/** Input of `nft -f -` that takes the table away. */
export const nftUndo = `delete table inet ${nftTable}\n`;

/**
 * The connection mark of a rule: a function of family, protocol and port, never of its place in the list, so
 * that a changed list names the same connections by the same mark.
 */
export function ruleMark(rule: Pick<RedirectRule, 'protocol' | 'port' | 'destination'>): number {
  const family = familyOf(rule.destination) === 6 ? 1 : 0;
  return ((protocols.indexOf(rule.protocol) + 1) << 18) | (family << 17) | rule.port;
}

/** The mark of connections that no rule names. */
export const fallbackMark = 0xffffff;

function toMaps(plan: AttachmentPlan, family: IpFamily): string {
  const rules = plan.rules.filter((rule) => familyOf(rule.destination) === family);
  const key = (rule: RedirectRule): string => `${protocolNumbers[rule.protocol]} . ${rule.port}`;
  const targets = rules.map((rule) => `${key(rule)} : ${rule.destination} . ${rule.targetPort}`);
  const marks = rules.map((rule) => `${key(rule)} : ${ruleMark(rule)}`);
  return `	map dnat${family} { type inet_proto . inet_service : ipv${family}_addr . inet_service;${elements(targets)} }
	map rule${family} { type inet_proto . inet_service : mark;${elements(marks)} }`;
}

/** What no rule took goes to the fallback, but for the pod's own ports. */
function toFallbacks(plan: AttachmentPlan): string {
  const { v4, v6 } = plan.fallbacks;
  const lines = [
    ...(hasFallback(plan) ? ['meta l4proto . th dport @local_ports return'] : []),
    ...(v4 === undefined ? [] : [toFallback(v4)]),
    ...(v6 === undefined ? [] : [toFallback(v6)]),
  ];
  return lines.map((line) => `\t\t${line}\n`).join('');
}

function toFallback(ip: Ip): string {
  const family = familyOf(ip);
  const numbers = Object.values(protocolNumbers).join(', ');
  return `meta nfproto ipv${family} meta l4proto { ${numbers} } ct mark set ${fallbackMark} dnat ${ipWord(family)} to ${ip}`;
}

function toSavedSysctls(plan: AttachmentPlan): readonly string[] {
  return [...savedSysctlKeys(plan.clusterLink)].flatMap(([number, key]) => {
    const before = plan.podSysctlsBefore.find((sysctl) => sysctl.key === key);
    return before === undefined ? [] : [`${number} : ${before.value}`];
  });
}

function hasFallback(plan: AttachmentPlan): boolean {
  return plan.fallbacks.v4 !== undefined || plan.fallbacks.v6 !== undefined;
}

function ipWord(family: IpFamily): string {
  return family === 4 ? 'ip' : 'ip6';
}

function elements(list: readonly string[]): string {
  return list.length === 0 ? '' : ` elements = { ${list.join(', ')} };`;
}
