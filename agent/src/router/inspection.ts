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
  if (output === 'json') {
    const plain = { ready: inspection.faults.length === 0, ...inspection };
    return JSON.stringify(plain, jsonReplacer, 2);
  }
  const { faults, warnings } = inspection;
  const lines = faults.length === 0 ? [`Redirecting: ${summaryOf(inspection)}`] : faults;
  return [...lines, ...warnings].join('\n');
}

/** What only the process itself has a use for is left out; maps, which JSON does not know, become objects. */
function jsonReplacer(key: string, value: unknown): unknown {
  if (key === 'table' && typeof value === 'object') return undefined;
  if (key === 'chains' && value instanceof Map) return [...value.keys()];
  return value instanceof Map ? Object.fromEntries(value) : value;
}

export function summaryOf({ seen }: Pick<Inspection, 'seen'>): string {
  const link =
    seen.links.kind === 'read' ? seen.links.value.find((one) => one.name === routerIfName) : undefined;
  const redirects = seen.nft.kind === 'read' ? seen.nft.value.redirects : [];
  const rules = redirects.map(
    ({ port, protocol, destination, targetPort }) =>
      `${port}/${protocol} to ${destination} port ${targetPort}`,
  );
  return `${routerIfName} ${link?.addresses.join(' ') ?? ''}; ${rules.join(', ') || 'no rules'}`;
}
