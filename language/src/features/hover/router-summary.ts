import { inEffect } from '#core/egress-router/in-effect.ts';
import type { RouterReading } from '#core/egress-router/parse.ts';
import type { Reconciler } from '#core/egress-router/reconciler.ts';
import { ipOf } from '#core/net/cidr.ts';
import type { Path } from '#core/problem.ts';
import type { ClusterFacts } from '#core/relations/cluster-facts.ts';
import { liveStateOf } from '../../live-state.ts';
import { ruleSentence } from './value-sentence.ts';

/** All that a router does, in Markdown. Nothing in it repeats the manifest line by line. */
export function routerSummary(
  reading: RouterReading,
  isWritten: (path: Path) => boolean,
  cluster: ClusterFacts | undefined,
  reconciler: Reconciler,
): string {
  const effective = inEffect(reading, reconciler);
  const rules = reading.rules.filter((rule) => rule !== undefined);
  const shown = rules.slice(0, maxRules).map((rule) => `- ${ruleSentence(rule, effective)}`);
  const more = rules.length > shown.length ? [`- and ${rules.length - shown.length} more`] : [];
  return [
    stateSentence(reading, cluster),
    [...shown, ...more].join('\n'),
    rules.length === 0 && reading.fallback === undefined ? undefined : othersSentence(reading, reconciler),
    defaultsSentence(reading, isWritten),
  ]
    .filter((part) => part !== undefined && part !== '')
    .join('\n\n');
}

function othersSentence({ rules, fallback }: RouterReading, reconciler: Reconciler): string | undefined {
  // One that cannot be read, as where something fills it in later, may be the rule of any port.
  if (rules.includes(undefined)) return undefined;
  if (fallback === undefined) return 'Connections to other ports are rejected.';
  return reconciler === 'cno'
    ? 'Connections to other ports are rejected: the Cluster Network Operator ignores the fallback.'
    : `Connections to other ports go to **${fallback}**, same port.`;
}

/** How the router fares in the cluster: `In cluster sandbox: **Ready**`. */
function stateSentence(reading: RouterReading, cluster: ClusterFacts | undefined): string | undefined {
  const live = liveStateOf(reading, cluster);
  if (live === undefined) return undefined;
  const { context, router } = live;
  const addresses = router.addresses.length === 0 ? '' : `, as ${router.addresses.join(' and ')}`;
  return `In cluster ${context}: **${router.state}**${addresses}`;
}

function defaultsSentence(
  { addresses, macvlan }: RouterReading,
  isWritten: (path: Path) => boolean,
): string | undefined {
  const [first] = addresses;
  const macvlanPath = ['spec', 'networkInterface', 'macvlan'];
  const defaults = [
    isWritten(['spec', 'mode']) ? undefined : 'mode `Redirect`',
    isWritten([...macvlanPath, 'mode']) ? undefined : `macvlan \`${macvlan.mode}\``,
    isWritten([...macvlanPath, 'master']) || first === undefined
      ? undefined
      : `the node's NIC in the network of ${ipOf(first.address)}`,
  ].filter((one) => one !== undefined);
  return defaults.length === 0 ? undefined : `Defaults in force: ${defaults.join(', ')}.`;
}

const maxRules = 10;
