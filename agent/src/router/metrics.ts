import { fallbackMark } from '#core/attachment/nft-ruleset.ts';
import type { Count, NftState } from './nft-state.ts';
import type { Observation } from './observe.ts';

/**
 * The Prometheus text format, version 0.0.4. A counter that cannot be read is left out, not given as zero;
 * `egress_router_readable` says so.
 */
export function toMetrics(seen: Observation, faults: readonly string[]): string {
  const readable = Object.entries(seen).map(
    ([what, reading]): Sample => [{ what }, reading.kind === 'unreadable' ? 0 : 1],
  );
  return [
    family('egress_router_ready', 'gauge', 'Whether the pod redirects as configured.', [
      [{}, faults.length === 0 ? 1 : 0],
    ]),
    family('egress_router_readable', 'gauge', 'Whether a part of the network could be read.', readable),
    ...(seen.nft.kind === 'read' ? nftMetrics(seen.nft.value) : []),
  ].join('');
}

type Labels = Readonly<Record<string, string | number>>;
type Sample = readonly [Labels, number];

function nftMetrics(nft: NftState): readonly string[] {
  const traffic = trafficOf(nft);
  const samples = (unit: keyof Count): readonly Sample[] =>
    traffic.map(({ labels, count }) => [labels, count[unit]]);
  const counters = (unit: keyof Count): readonly Sample[] =>
    [...nft.counters].map(([reason, count]) => [{ reason }, count[unit]]);
  const carried = 'carried for redirect rules: out to the destination, back to the client.';
  const refused = 'that were not redirected, by reason.';
  return [
    family('egress_router_packets_total', 'counter', `Packets ${carried}`, samples('packets')),
    family('egress_router_bytes_total', 'counter', `Bytes ${carried}`, samples('bytes')),
    family('egress_router_refused_packets_total', 'counter', `Packets ${refused}`, counters('packets')),
    family('egress_router_refused_bytes_total', 'counter', `Bytes ${refused}`, counters('bytes')),
  ];
}

function trafficOf(nft: NftState): readonly { readonly labels: Labels; readonly count: Count }[] {
  const lines = [
    ...nft.redirects.flatMap(({ mark, port, protocol, destination, targetPort }) =>
      mark === undefined ? [] : { mark, labels: { port, protocol, destination, target_port: targetPort } },
    ),
    { mark: fallbackMark, labels: { port: '', protocol: '', destination: 'fallback', target_port: '' } },
  ];
  return lines.flatMap(({ mark, labels }) =>
    (['out', 'back'] as const).flatMap((direction) => {
      const count = nft.traffic[direction].get(mark);
      return count === undefined ? [] : { labels: { ...labels, direction }, count };
    }),
  );
}

function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  if (samples.length === 0) return '';
  const lines = samples.map(([labels, value]) => `${name}${formatLabels(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

/** Values are words, numbers and addresses, in which nothing has to be escaped. */
function formatLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
