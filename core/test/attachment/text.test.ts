import { expect, test } from 'vitest';
import { toLinkBatch, toLinkCommand, toRouteBatch, toRouteUndo } from '#core/attachment/ip-batch.ts';
import { ruleMark, toNftRuleset } from '#core/attachment/nft-ruleset.ts';
import { routerSysctls } from '#core/attachment/sysctl.ts';
import { config, dualConfig, ifName, netConf, planOf } from './sample.ts';

const temporary = ifName('ert-7');

test('the link is made inside the namespace', () => {
  expect(toLinkCommand(planOf(dualConfig), temporary, '/proc/7/ns/net').join(' ')).toBe(
    'link add link enp1s0 name ert-7 mtu 1400 netns /proc/7/ns/net type macvlan mode private',
  );
});

test('the link gets its name and addresses before it starts', () => {
  expect(toLinkBatch(planOf(dualConfig), temporary)).toBe(`\
link set dev ert-7 name net1
address add 192.168.12.99/24 dev net1 noprefixroute
address add fd12::99/64 dev net1 nodad noprefixroute
link set dev net1 up
`);
});

test('the routes of IPv4', () => {
  const plan = planOf(dualConfig);
  expect(plan.families.map((family) => toRouteBatch(plan, family))[0]).toBe(`\
route replace 192.168.12.0/24 dev net1 table 7101
route replace 192.168.12.1 dev net1 table 7101
route replace 192.168.12.1 dev net1
route replace default via 192.168.12.1 dev net1 table 7101
route append default via 10.128.0.1 dev eth0 table 7102
rule add pref 1000 iif eth0 lookup 7101
rule add pref 1001 from 192.168.12.99 lookup 7101
rule add pref 1002 lookup main suppress_prefixlength 0
rule add pref 1003 iif net1 lookup 7102
rule add pref 1004 from 10.128.0.5 lookup 7102
rule add pref 1005 lookup 7101
`);
});

test('the routes of IPv6', () => {
  const plan = planOf(dualConfig);
  expect(plan.families.map((family) => toRouteBatch(plan, family))[1]).toBe(`\
route replace fd12::/64 dev net1 table 7101
route replace fd12::1 dev net1 table 7101
route replace fd12::1 dev net1
route replace default via fd12::1 dev net1 table 7101
route append default via fd10:128::1 metric 1024 dev eth0 table 7102
rule add pref 1000 iif eth0 lookup 7101
rule add pref 1001 from fd12::99 lookup 7101
rule add pref 1002 lookup main suppress_prefixlength 0
rule add pref 1003 iif net1 lookup 7102
rule add pref 1004 from fd10:128::5 lookup 7102
rule add pref 1005 lookup 7101
`);
});

test('without gateway only the LAN is reached by the new interface', () => {
  const plan = planOf({ ...config, ip: { ...config.ip, gateway: '' } });
  expect(plan.families.map((family) => toRouteBatch(plan, family)).join('')).toBe(`\
route replace 192.168.12.0/24 dev net1 table 7101
route append default via 10.128.0.1 dev eth0 table 7102
rule add pref 1000 iif eth0 lookup 7101
rule add pref 1001 from 192.168.12.99 lookup 7101
rule add pref 1002 lookup main suppress_prefixlength 0
rule add pref 1003 iif net1 lookup 7102
rule add pref 1004 from 10.128.0.5 lookup 7102
`);
});

test('undoing takes away what the link does not take along', () => {
  const plan = planOf(config);
  expect(plan.families.map((family) => toRouteUndo(plan, family)).join('')).toBe(`\
rule del pref 1000 iif eth0 lookup 7101
rule del pref 1001 from 192.168.12.99 lookup 7101
rule del pref 1002 lookup main suppress_prefixlength 0
rule del pref 1003 iif net1 lookup 7102
rule del pref 1004 from 10.128.0.5 lookup 7102
rule del pref 1005 lookup 7101
route flush table 7102
`);
});

test('the ruleset of a router with everything', () => {
  expect([...toNftRuleset(planOf(dualConfig))].join('')).toBe(`\
create table inet egress_router
table inet egress_router {
	map dnat4 { type inet_proto . inet_service : ipv4_addr . inet_service; elements = { 6 . 8080 : 203.0.113.25 . 80, 132 . 7 : 203.0.113.25 . 7 }; }
	map rule4 { type inet_proto . inet_service : mark; elements = { 6 . 8080 : 270224, 132 . 7 : 786439 }; }
	map dnat6 { type inet_proto . inet_service : ipv6_addr . inet_service; elements = { 6 . 8080 : 2001:db8::25 . 80 }; }
	map rule6 { type inet_proto . inet_service : mark; elements = { 6 . 8080 : 401296 }; }
	set passing { type mark; elements = { 270224, 401296, 786439, 16777215 }; }
	set taken { type mark; flags dynamic; size 393217; }
	set sent { type mark; flags dynamic; size 393217; }
	set received { type mark; flags dynamic; size 393217; }
	set local_ports { type inet_proto . inet_service; elements = { 6 . 9410 }; }
	set stale { type mark; }
	set kept { type mark; }
	map sysctls_before { type mark : mark; elements = { 1 : 0, 2 : 0, 3 : 0 }; }
	counter rejected { }
	counter not_redirected { }
	counter inbound_blocked { }
	counter fallback { }
	chain to_external {
		meta nfproto ipv4 ct mark set meta l4proto . th dport map @rule4 add @taken { ct mark counter }
		meta nfproto ipv6 ct mark set meta l4proto . th dport map @rule6 add @taken { ct mark counter }
		meta nfproto ipv4 dnat ip to meta l4proto . th dport map @dnat4
		meta nfproto ipv6 dnat ip6 to meta l4proto . th dport map @dnat6
		meta l4proto . th dport @local_ports return
		meta nfproto ipv4 meta l4proto { 6, 17, 132 } counter name fallback ct mark set 16777215 dnat ip to 203.0.113.26
		meta nfproto ipv6 meta l4proto { 6, 17, 132 } counter name fallback ct mark set 16777215 dnat ip6 to 2001:db8::26
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
	chain outwards {
		add @sent { ct mark counter }
		accept
	}
	chain inwards {
		add @received { ct mark counter }
		accept
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		iifname "eth0" oifname "net1" ct status dnat ct mark @passing goto outwards
		iifname "net1" oifname "eth0" ct state established,related ct mark @passing goto inwards
		ct state invalid drop
		iifname "eth0" counter name not_redirected reject with icmpx type admin-prohibited
		counter name inbound_blocked drop
	}
	chain input {
		type filter hook input priority filter; policy accept;
		iifname "lo" accept
		icmp type 5 drop
		icmpv6 type 137 drop
		iifname "net1" fib daddr . iif type != { local, multicast } counter name inbound_blocked drop
		ct state established,related accept
		iifname "eth0" meta l4proto { 1, 58 } accept
		iifname "net1" icmp type 8 accept
		iifname "net1" icmpv6 type { 128, 130, 135, 136 } accept
		iifname "net1" meta l4proto 58 drop
		iifname "eth0" meta l4proto . th dport @local_ports accept
		iifname "eth0" meta l4proto 6 counter name rejected reject with tcp reset
		iifname "eth0" counter name rejected reject with icmpx type port-unreachable
		iifname "net1" counter name inbound_blocked drop
	}
}
`);
});

test('without fallback nothing but the rules is redirected', () => {
  const text = [...toNftRuleset(planOf(config))].join('');
  expect(text.match(/.*\b(dnat|snat) .*/g)).toEqual([
    '\t\tmeta nfproto ipv4 dnat ip to meta l4proto . th dport map @dnat4',
    '\t\tmeta nfproto ipv6 dnat ip6 to meta l4proto . th dport map @dnat6',
    '\t\toifname "net1" meta nfproto ipv4 snat ip to 192.168.12.99',
    '\t\tiifname "eth0" oifname "net1" ct status dnat ct mark @passing goto outwards',
  ]);
  expect(text).not.toContain('16777215');
});

test('a mark is a function of family, protocol and port, and of nothing else', () => {
  const marks = (...destinations: readonly string[]) => {
    const ip = { addresses: ['192.168.12.99/24', 'fd12::99/64'], destinations };
    return netConf({ ...config, ip }).rules.map(ruleMark);
  };
  const [one = 0] = marks('80 TCP 203.0.113.25');
  expect(marks('81 TCP 203.0.113.25', '80 TCP 203.0.113.26 8080')[1]).toBe(one);
  const others = marks(
    '80 UDP 203.0.113.25',
    '80 SCTP 203.0.113.25',
    '80 TCP 2001:db8::1',
    '81 TCP 203.0.113.25',
  );
  expect(new Set([one, ...others])).toHaveLength(5);
});

test('the settings of the new interface', () => {
  expect(routerSysctls(temporary, true).map(({ key, value }) => `${key} = ${value}`)).toEqual([
    'ipv4/conf/ert-7/arp_notify = 1',
    'ipv4/conf/ert-7/arp_ignore = 1',
    'ipv4/conf/ert-7/arp_announce = 2',
    'ipv4/conf/ert-7/rp_filter = 2',
    'ipv4/conf/ert-7/forwarding = 1',
    'ipv6/conf/ert-7/disable_ipv6 = 0',
    'ipv6/conf/ert-7/accept_ra = 0',
    'ipv6/conf/ert-7/ndisc_notify = 1',
    'ipv4/neigh/ert-7/base_reachable_time_ms = 1000',
    'ipv4/neigh/ert-7/delay_first_probe_time = 1',
    'ipv6/neigh/ert-7/base_reachable_time_ms = 1000',
    'ipv6/neigh/ert-7/delay_first_probe_time = 1',
  ]);
  expect(routerSysctls(temporary, false)).toContainEqual({ key: 'ipv6/conf/ert-7/disable_ipv6', value: 1 });
});
