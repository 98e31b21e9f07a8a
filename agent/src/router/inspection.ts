import { fallbackMark } from '#core/attachment/nft-ruleset.ts';
import { routerIfName } from '#core/manifest/names.ts';
import type { NetConf } from '#core/netconf/model.ts';
import type { GatewayState } from './gateways.ts';
import type { Observation, Surroundings } from './observe.ts';

/** What one look at the pod found, after what could be put back was put back. */
export interface Inspection {
  /** Why the pod does not redirect as configured, a sentence each. */
  readonly faults: readonly string[];
  /** What is amiss without that. */
  readonly warnings: readonly string[];
  /** Of the configuration whose rules are in force. */
  readonly digest?: string;
  /** What the pod is held to; absent where none was given or it cannot be read, then a fault says why. */
  readonly configuration?: NetConf;
  readonly events: Events;
  readonly gateways: readonly GatewayState[];
  readonly seen: Observation & Surroundings;
}

/** Since the process started. */
export interface Events {
  readonly reloads: number;
  readonly failedReloads: number;
  /** Connections that a changed rule had outdated. */
  readonly endedConnections: number;
  /** By what was put back. */
  readonly repairs: ReadonlyMap<string, number>;
}

export function formatInspection(inspection: Inspection, output: 'json' | 'text'): string {
  const { faults, warnings } = inspection;
  const summary = summaryOf(inspection);
  if (output === 'json') {
    const plain = { ready: faults.length === 0, summary, ...inspection };
    return JSON.stringify(plain, jsonReplacer, 2);
  }
  return toText({ isReady: faults.length === 0, faults, warnings, summary });
}

/** For people: the state, what is wrong, what there is. */
export function toText({
  isReady,
  faults,
  warnings,
  summary,
}: Pick<Inspection, 'faults' | 'warnings'> & {
  readonly isReady: boolean;
  readonly summary: readonly string[];
}): string {
  return [isReady ? 'Redirecting.' : 'Not ready.', ...faults, ...warnings, ...summary].join('\n');
}

/** What only the process itself has a use for is left out; maps, which JSON does not know, become objects. */
function jsonReplacer(key: string, value: unknown): unknown {
  if (key === 'table' && typeof value === 'object') return undefined;
  if (key === 'chains' && value instanceof Map) return [...value.keys()];
  return value instanceof Map ? Object.fromEntries(value) : value;
}

const shownRules = 100;

/** What the pod does, a line each. */
function summaryOf({ digest, gateways, seen }: Inspection): readonly string[] {
  const link =
    seen.links.kind === 'read' ? seen.links.value.find(({ name }) => name === routerIfName) : undefined;
  const nft = seen.nft.kind === 'read' ? seen.nft.value : undefined;
  const redirects = nft?.redirects ?? [];
  const takenBy = (mark: number): string => {
    const taken = nft?.connections.get(mark) ?? 0;
    return `${taken} connection${taken === 1 ? '' : 's'}`;
  };
  const { v4, v6 } = nft?.fallbacks ?? {};
  const fallbacks = [v4, v6].flatMap((ip) => ip ?? []).join(' and ');
  return [
    ...(link === undefined
      ? []
      : [`${link.name}: ${link.addresses.join(' ')}, ${link.mac}, MTU ${link.mtu}`]),
    ...gateways.map(({ ip, isUp }) => `gateway ${ip}: ${isUp ? 'answers' : 'no answer'}`),
    ...(digest === undefined ? [] : [`rules of configuration ${digest}: ${redirects.length}`]),
    ...redirects
      .slice(0, shownRules)
      .map(
        ({ port, protocol, destination, targetPort, mark }) =>
          `${port}/${protocol} to ${destination} port ${targetPort}${mark === undefined ? '' : `: ${takenBy(mark)}`}`,
      ),
    ...(redirects.length > shownRules ? [`and ${redirects.length - shownRules} more`] : []),
    ...(fallbacks === '' ? [] : [`all else to ${fallbacks}: ${takenBy(fallbackMark)}`]),
  ];
}
