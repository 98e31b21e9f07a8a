import { expect, test } from 'vitest';
import { toMetrics } from '#agent/router/metrics.ts';
import { toNftState } from '#agent/router/nft-state.ts';
import type { Observation } from '#agent/router/observe.ts';
import { nftAnswer } from './nft-answer.ts';

const read = { kind: 'read', value: [] } as const;

test('every rule, the fallback and every refusal has its counters', () => {
  check({ nft: { kind: 'read', value: toNftState(nftAnswer) }, faults: [] }).toBe(`\
# HELP egress_router_ready Whether the pod redirects as configured.
# TYPE egress_router_ready gauge
egress_router_ready 1
# HELP egress_router_readable Whether a part of the network could be read.
# TYPE egress_router_readable gauge
egress_router_readable{what="links"} 1
egress_router_readable{what="rules"} 1
egress_router_readable{what="routes"} 1
egress_router_readable{what="nft"} 1
# HELP egress_router_packets_total Packets carried for redirect rules: out to the destination, back to the client.
# TYPE egress_router_packets_total counter
egress_router_packets_total{port="8080",protocol="TCP",destination="203.0.113.25",target_port="80",direction="out"} 10
egress_router_packets_total{port="8080",protocol="TCP",destination="203.0.113.25",target_port="80",direction="back"} 9
egress_router_packets_total{port="53",protocol="UDP",destination="2001:db8::25",target_port="53",direction="out"} 2
egress_router_packets_total{port="",protocol="",destination="fallback",target_port="",direction="out"} 1
# HELP egress_router_bytes_total Bytes carried for redirect rules: out to the destination, back to the client.
# TYPE egress_router_bytes_total counter
egress_router_bytes_total{port="8080",protocol="TCP",destination="203.0.113.25",target_port="80",direction="out"} 600
egress_router_bytes_total{port="8080",protocol="TCP",destination="203.0.113.25",target_port="80",direction="back"} 5400
egress_router_bytes_total{port="53",protocol="UDP",destination="2001:db8::25",target_port="53",direction="out"} 120
egress_router_bytes_total{port="",protocol="",destination="fallback",target_port="",direction="out"} 60
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
`);
});

function check({ nft, faults }: { readonly nft: Observation['nft']; readonly faults: readonly string[] }) {
  return expect(toMetrics({ links: read, rules: read, routes: read, nft }, faults));
}
