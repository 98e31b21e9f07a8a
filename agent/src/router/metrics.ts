import { fallbackMark } from '#core/attachment/nft-ruleset.ts';
import { type MetricFamily, type MetricSample, toPrometheusText } from '#core/prometheus-text.ts';
import type { Inspection } from './inspection.ts';
import type { Count, NftState } from './nft-state.ts';

/**
 * The Prometheus text format. A counter that cannot be read is left out, not given as zero;
 * `egress_router_readable` says so.
 */
export function toMetrics(
  inspection: Pick<Inspection, 'faults' | 'seen' | 'digest' | 'events' | 'gateways'>,
): string {
  const { faults, seen, digest, events, gateways } = inspection;
  const { links, rules, routes, nft, neighbors } = seen;
  return toPrometheusText([
    gauge('egress_router_ready', 'Whether the pod redirects as configured.', [
      only(faults.length === 0 ? 1 : 0),
    ]),
    gauge(
      'egress_router_readable',
      'Whether a part of the network could be read.',
      Object.entries({ links, rules, routes, nft, neighbors }).map(([what, reading]) => ({
        labels: { what },
        value: reading.kind === 'unreadable' ? 0 : 1,
      })),
    ),
    gauge(
      'egress_router_gateway_up',
      'Whether a gateway answers on the network of the router.',
      gateways.flatMap(({ ip, isUp }) =>
        isUp === undefined ? [] : [{ labels: { gateway: ip }, value: isUp ? 1 : 0 }],
      ),
    ),
    gauge(
      'egress_router_config_info',
      'The configuration whose rules are in force, by the start of its SHA-256.',
      digest === undefined ? [] : [{ labels: { digest }, value: 1 }],
    ),
    counter(
      'egress_router_reloads_total',
      'Changes of the rules that the running pod took up, or could not.',
      [
        { labels: { result: 'success' }, value: events.reloads },
        { labels: { result: 'failure' }, value: events.failedReloads },
      ],
    ),
    counter('egress_router_stale_connections_ended_total', 'Connections ended as their rule had changed.', [
      only(events.endedConnections),
    ]),
    counter(
      'egress_router_repairs_total',
      'What was found missing or changed in the network of the pod, and put back.',
      ['link', 'address', 'route', 'rule', 'nft'].map((what) => ({
        labels: { what },
        value: events.repairs.get(what) ?? 0,
      })),
    ),
    ...(nft.kind === 'read' ? nftMetrics(nft.value) : []),
  ]);
}

function nftMetrics(nft: NftState): readonly MetricFamily[] {
  const carried = 'carried for redirect rules: out to the destination, back to the client.';
  const refused = 'that were not redirected, by reason.';
  const refusals = (unit: keyof Count): readonly MetricSample[] =>
    [...nft.counters]
      .filter(([reason]) => reason !== 'fallback')
      .map(([reason, count]) => ({ labels: { reason }, value: count[unit] }));
  return [
    counter('egress_router_connections_total', 'Connections that a redirect rule took.', connectionsOf(nft)),
    counter('egress_router_packets_total', `Packets ${carried}`, trafficOf(nft, 'packets')),
    counter('egress_router_bytes_total', `Bytes ${carried}`, trafficOf(nft, 'bytes')),
    counter('egress_router_refused_packets_total', `Packets ${refused}`, refusals('packets')),
    counter('egress_router_refused_bytes_total', `Bytes ${refused}`, refusals('bytes')),
  ];
}

function connectionsOf(nft: NftState): readonly MetricSample[] {
  return linesOf(nft).map(({ mark, labels }) => ({ labels, value: nft.connections.get(mark) ?? 0 }));
}

function trafficOf(nft: NftState, unit: keyof Count): readonly MetricSample[] {
  return linesOf(nft).flatMap(({ mark, labels }) =>
    (['out', 'back'] as const).flatMap((direction) => {
      const count = nft.traffic[direction].get(mark);
      return count === undefined ? [] : [{ labels: { ...labels, direction }, value: count[unit] }];
    }),
  );
}

/** What is counted apart: each rule, and the fallback. */
function linesOf(nft: NftState) {
  const fallback = {
    mark: fallbackMark,
    labels: { port: '', protocol: '', destination: 'fallback', target_port: '' },
  };
  return [
    ...nft.redirects.flatMap(({ mark, port, protocol, destination, targetPort }) =>
      mark === undefined ? [] : { mark, labels: { port, protocol, destination, target_port: targetPort } },
    ),
    ...(nft.traffic.out.has(fallbackMark) ? [fallback] : []),
  ];
}

function only(value: number): MetricSample {
  return { value };
}

function gauge(name: string, help: string, samples: readonly MetricSample[]): MetricFamily {
  return { name, type: 'gauge', help, samples };
}

function counter(name: string, help: string, samples: readonly MetricSample[]): MetricFamily {
  return { name, type: 'counter', help, samples };
}
