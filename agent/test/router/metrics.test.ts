import { expect, test } from 'vitest';
import type { Events, Inspection } from '#agent/router/inspection.ts';
import { toMetrics } from '#agent/router/metrics.ts';
import { toNftState } from '#agent/router/nft-state.ts';
import type { Observation } from '#agent/router/observe.ts';
import { parseIp } from '#core/net/ip.ts';
import { metricsFaults } from '../../../core/test/prometheus-format.ts';
import { nftAnswer } from './nft-answer.ts';

const [gateway, other] = [parseIp('192.168.12.1'), parseIp('fd12::1')];
if (gateway === undefined || other === undefined) throw new Error('no addresses');

test('every rule, the fallback and every refusal has its counters', () => {
  check({
    nft: { kind: 'read', value: toNftState(nftAnswer) },
    faults: [],
    digest: '0123456789abcdef',
    events: { reloads: 2, failedReloads: 1, endedConnections: 7, repairs: new Map([['route', 3]]) },
    gateways: [{ ip: gateway, isUp: true }, { ip: other }],
  }).toBe(`\
# HELP egress_router_ready Whether the pod redirects as configured.
# TYPE egress_router_ready gauge
egress_router_ready 1
# HELP egress_router_readable Whether a part of the network could be read.
# TYPE egress_router_readable gauge
egress_router_readable{what="links"} 1
egress_router_readable{what="rules"} 1
egress_router_readable{what="routes"} 1
egress_router_readable{what="nft"} 1
egress_router_readable{what="neighbors"} 1
# HELP egress_router_gateway_up Whether a gateway answers on the network of the router.
# TYPE egress_router_gateway_up gauge
egress_router_gateway_up{gateway="192.168.12.1"} 1
# HELP egress_router_config_info The configuration whose rules are in force, by the start of its SHA-256.
# TYPE egress_router_config_info gauge
egress_router_config_info{digest="0123456789abcdef"} 1
# HELP egress_router_reloads_total Changes of the rules that the running pod took up, or could not.
# TYPE egress_router_reloads_total counter
egress_router_reloads_total{result="success"} 2
egress_router_reloads_total{result="failure"} 1
# HELP egress_router_stale_connections_ended_total Connections ended as their rule had changed.
# TYPE egress_router_stale_connections_ended_total counter
egress_router_stale_connections_ended_total 7
# HELP egress_router_repairs_total What was found missing or changed in the network of the pod, and put back.
# TYPE egress_router_repairs_total counter
egress_router_repairs_total{what="link"} 0
egress_router_repairs_total{what="address"} 0
egress_router_repairs_total{what="route"} 3
egress_router_repairs_total{what="rule"} 0
egress_router_repairs_total{what="nft"} 0
# HELP egress_router_connections_total Connections that a redirect rule took.
# TYPE egress_router_connections_total counter
egress_router_connections_total{port="8080",protocol="TCP",destination="203.0.113.25",target_port="80"} 4
egress_router_connections_total{port="53",protocol="UDP",destination="2001:db8::25",target_port="53"} 0
egress_router_connections_total{port="",protocol="",destination="fallback",target_port=""} 6
# HELP egress_router_packets_total Packets carried for redirect rules: out to the destination, back to the client.
# TYPE egress_router_packets_total counter
egress_router_packets_total{port="8080",protocol="TCP",destination="203.0.113.25",target_port="80",direction="out"} 10
egress_router_packets_total{port="8080",protocol="TCP",destination="203.0.113.25",target_port="80",direction="back"} 9
egress_router_packets_total{port="53",protocol="UDP",destination="2001:db8::25",target_port="53",direction="out"} 2
egress_router_packets_total{port="53",protocol="UDP",destination="2001:db8::25",target_port="53",direction="back"} 0
egress_router_packets_total{port="",protocol="",destination="fallback",target_port="",direction="out"} 1
egress_router_packets_total{port="",protocol="",destination="fallback",target_port="",direction="back"} 0
# HELP egress_router_bytes_total Bytes carried for redirect rules: out to the destination, back to the client.
# TYPE egress_router_bytes_total counter
egress_router_bytes_total{port="8080",protocol="TCP",destination="203.0.113.25",target_port="80",direction="out"} 600
egress_router_bytes_total{port="8080",protocol="TCP",destination="203.0.113.25",target_port="80",direction="back"} 5400
egress_router_bytes_total{port="53",protocol="UDP",destination="2001:db8::25",target_port="53",direction="out"} 120
egress_router_bytes_total{port="53",protocol="UDP",destination="2001:db8::25",target_port="53",direction="back"} 0
egress_router_bytes_total{port="",protocol="",destination="fallback",target_port="",direction="out"} 60
egress_router_bytes_total{port="",protocol="",destination="fallback",target_port="",direction="back"} 0
# HELP egress_router_refused_packets_total Packets that were not redirected, by reason.
# TYPE egress_router_refused_packets_total counter
egress_router_refused_packets_total{reason="rejected"} 3
egress_router_refused_packets_total{reason="not_redirected"} 0
# HELP egress_router_refused_bytes_total Bytes that were not redirected, by reason.
# TYPE egress_router_refused_bytes_total counter
egress_router_refused_bytes_total{reason="rejected"} 180
egress_router_refused_bytes_total{reason="not_redirected"} 0
`);
});

test('counters that cannot be read are left out, not given as zero', () => {
  check({ nft: { kind: 'unreadable', reason: 'no' }, faults: ['Cannot read the nftables rules: no'] }).toBe(`\
# HELP egress_router_ready Whether the pod redirects as configured.
# TYPE egress_router_ready gauge
egress_router_ready 0
# HELP egress_router_readable Whether a part of the network could be read.
# TYPE egress_router_readable gauge
egress_router_readable{what="links"} 1
egress_router_readable{what="rules"} 1
egress_router_readable{what="routes"} 1
egress_router_readable{what="nft"} 0
egress_router_readable{what="neighbors"} 1
# HELP egress_router_reloads_total Changes of the rules that the running pod took up, or could not.
# TYPE egress_router_reloads_total counter
egress_router_reloads_total{result="success"} 0
egress_router_reloads_total{result="failure"} 0
# HELP egress_router_stale_connections_ended_total Connections ended as their rule had changed.
# TYPE egress_router_stale_connections_ended_total counter
egress_router_stale_connections_ended_total 0
# HELP egress_router_repairs_total What was found missing or changed in the network of the pod, and put back.
# TYPE egress_router_repairs_total counter
egress_router_repairs_total{what="link"} 0
egress_router_repairs_total{what="address"} 0
egress_router_repairs_total{what="route"} 0
egress_router_repairs_total{what="rule"} 0
egress_router_repairs_total{what="nft"} 0
`);
});

const quiet = { reloads: 0, failedReloads: 0, endedConnections: 0, repairs: new Map() };
const read = { kind: 'read', value: [] } as const;

function check(of: {
  readonly nft: Observation['nft'];
  readonly faults: readonly string[];
  readonly digest?: string;
  readonly events?: Events;
  readonly gateways?: Inspection['gateways'];
}) {
  const { nft, events = quiet, gateways = [] } = of;
  const seen = { links: read, rules: read, routes: read, nft, neighbors: read, sysctls: new Map() };
  const text = toMetrics({ ...of, events, gateways, seen });
  expect(metricsFaults(text)).toEqual([]);
  return expect(text);
}
