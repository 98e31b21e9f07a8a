import type { Pod, Topology } from './topology.ts';

/** Tables as plugins made them before this one, for a rule on one TCP port of both families and a local port. */
export const olderTables = [
  {
    name: 'before the router process took up changed rules',
    ofTraffic: ' counter;',
    ofRules: '',
    more: '',
  },
  {
    name: 'before counters came with the first packet',
    ofTraffic: ' counter;',
    ofRules: ' counter;',
    more: '\tset stale { type mark; }\n\tset kept { type mark; }\n\tcounter fallback { }\n',
  },
] as const;

interface Rule {
  readonly port: number;
  readonly targetPort: number;
}

type OlderTable = (typeof olderTables)[number];

/** Puts such a table in the place of the one that is there. What DEL restores stays what ADD found. */
export async function makeOlder(
  net: Topology,
  pod: Pod,
  older: OlderTable,
  rule: Rule = { port: 8080, targetPort: 80 },
): Promise<void> {
  const argv = ['nft', 'list', 'map', 'inet', 'egress_router', 'sysctls_before'];
  const [before = ''] = /elements = \{[^}]*\}/.exec(await net.run(pod.name, argv)) ?? [];
  await net.run(pod.name, ['nft', '-f', '-'], { input: toText(older, rule, before) });
}

function toText(
  { ofTraffic, ofRules, more }: OlderTable,
  { port, targetPort }: Rule,
  sysctlsBefore: string,
): string {
  const [mark4, mark6] = [(1 << 18) | port, (1 << 18) | (1 << 17) | port];
  return `delete table inet egress_router
create table inet egress_router
table inet egress_router {
	map dnat4 { type inet_proto . inet_service : ipv4_addr . inet_service; elements = { 6 . ${port} : 203.0.113.25 . ${targetPort} }; }
	map rule4 { type inet_proto . inet_service : mark;${ofRules} elements = { 6 . ${port} : ${mark4} }; }
	map dnat6 { type inet_proto . inet_service : ipv6_addr . inet_service; elements = { 6 . ${port} : 2001:db8::25 . ${targetPort} }; }
	map rule6 { type inet_proto . inet_service : mark;${ofRules} elements = { 6 . ${port} : ${mark6} }; }
	set tx { type mark;${ofTraffic} elements = { ${mark4}, ${mark6} }; }
	set rx { type mark;${ofTraffic} elements = { ${mark4}, ${mark6} }; }
	set local_ports { type inet_proto . inet_service; elements = { 6 . 9410 }; }
${more}	map sysctls_before { type mark : mark; ${sysctlsBefore}; }
	counter rejected { }
	counter not_redirected { }
	counter inbound_blocked { }
	chain to_external {
		meta nfproto ipv4 ct mark set meta l4proto . th dport map @rule4
		meta nfproto ipv6 ct mark set meta l4proto . th dport map @rule6
		meta nfproto ipv4 dnat ip to meta l4proto . th dport map @dnat4
		meta nfproto ipv6 dnat ip6 to meta l4proto . th dport map @dnat6
	}
	chain prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		iifname "eth0" fib daddr type local jump to_external
	}
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "net1" meta nfproto ipv4 snat ip to 192.168.12.99
		oifname "net1" meta nfproto ipv6 snat ip6 to fd12::99
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state invalid drop
		iifname "eth0" oifname "net1" ct status dnat ct mark @tx accept
		iifname "net1" oifname "eth0" ct state established,related ct mark @rx accept
		iifname "eth0" counter name not_redirected reject with icmpx type admin-prohibited
		counter name inbound_blocked drop
	}
	chain input {
		type filter hook input priority filter; policy accept;
		iifname "lo" accept
		icmp type 5 drop
		icmpv6 type 137 drop
		ct state established,related accept
		meta l4proto { 1, 58 } accept
		iifname "eth0" meta l4proto . th dport @local_ports accept
		iifname "eth0" meta l4proto 6 counter name rejected reject with tcp reset
		iifname "eth0" counter name rejected reject with icmpx type port-unreachable
		iifname "net1" counter name inbound_blocked drop
	}
}
`;
}
