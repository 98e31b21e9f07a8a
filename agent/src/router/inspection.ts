import { routerIfName } from '#core/manifest/names.ts';
import type { NetConf } from '#core/netconf/model.ts';
import { type Observation, observe } from './observe.ts';
import { readExpectation } from './read-expectation.ts';
import { faultsOf } from './readiness.ts';
import type { RunCommand } from './run-command.ts';

export interface Inspection {
  readonly faults: readonly string[];
  readonly seen: Observation;
  /** Absent where none was given or it cannot be read; then a fault says why. */
  readonly configuration?: NetConf;
}

export type Inspect = () => Promise<Inspection>;

/** Looks at the pod's network now. */
export async function inspectNow(run: RunCommand, configPath: string | undefined): Promise<Inspection> {
  const [seen, expected] = await Promise.all([observe(run), readExpectation(configPath)]);
  const faults = faultsOf(seen, expected);
  return expected.kind === 'known' ? { faults, seen, configuration: expected.conf } : { faults, seen };
}

/** The same for all who ask within `maxAgeMs`: probes must not become a load. */
export function shareInspection(inspect: Inspect, maxAgeMs: number, now: () => number): Inspect {
  let last: { readonly at: number; readonly inspection: Promise<Inspection> } | undefined;
  return () => {
    if (last === undefined || now() - last.at > maxAgeMs) last = { at: now(), inspection: inspect() };
    return last.inspection;
  };
}

/** Says in the log what was found first, and each time that it differs from the time before. */
export function reportChanges(inspect: Inspect, log: (line: string) => void): Inspect {
  let before: string | undefined;
  return async () => {
    const inspection = await inspect();
    const { faults } = inspection;
    const now =
      faults.length === 0 ? `redirecting: ${summaryOf(inspection)}` : `not ready: ${faults.join(' ')}`;
    if (now !== before) log(now);
    before = now;
    return inspection;
  };
}

export function formatInspection(inspection: Inspection, output: 'json' | 'text'): string {
  if (output === 'json') {
    const plain = { ready: inspection.faults.length === 0, ...inspection };
    // Maps, which JSON does not know, become objects.
    const replacer = (_key: string, value: unknown) =>
      value instanceof Map ? Object.fromEntries(value) : value;
    return JSON.stringify(plain, replacer, 2);
  }
  const { faults } = inspection;
  return faults.length === 0 ? `Redirecting: ${summaryOf(inspection)}` : faults.join('\n');
}

function summaryOf({ seen }: Inspection): string {
  const link =
    seen.links.kind === 'read' ? seen.links.value.find((one) => one.name === routerIfName) : undefined;
  const redirects = seen.nft.kind === 'read' ? seen.nft.value.redirects : [];
  const rules = redirects.map(
    ({ port, protocol, destination, targetPort }) =>
      `${port}/${protocol} to ${destination} port ${targetPort}`,
  );
  return `${routerIfName} ${link?.addresses.join(' ') ?? ''}; ${rules.join(', ') || 'no rules'}`;
}
