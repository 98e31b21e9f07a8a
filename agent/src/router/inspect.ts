import { at, listAt } from '#core/json-value.ts';
import { readConfigFile } from './config-file.ts';
import { formatInspection, type Inspection, toText } from './inspection.ts';
import { observe, observeSurroundings } from './observe.ts';
import { faultsOf } from './readiness.ts';
import type { RunCommand } from './run-command.ts';

export interface Told {
  readonly text: string;
  readonly isReady: boolean;
}

/** What the process in this pod knows; where it does not answer, what there is to see. Changes nothing. */
export async function inspect(
  run: RunCommand,
  configPath: string | undefined,
  port: number,
  output: 'json' | 'text',
): Promise<Told> {
  const answer = await ask(`http://127.0.0.1:${port}/inspection`);
  if (answer.kind === 'known') {
    const isReady = at(answer.value, 'ready') === true;
    if (output === 'json') return { text: JSON.stringify(answer.value, undefined, 2), isReady };
    const linesAt = (name: string): readonly string[] => listAt(answer.value, name).map(String);
    const [faults, warnings, summary] = ['faults', 'warnings', 'summary'].map(linesAt);
    return {
      text: toText({ isReady, faults: faults ?? [], warnings: warnings ?? [], summary: summary ?? [] }),
      isReady,
    };
  }
  const [seen, file, around] = await Promise.all([
    observe(run),
    readConfigFile(configPath),
    observeSurroundings(run, [], []),
  ]);
  const inspection: Inspection = {
    faults: [
      `The router process does not answer on port ${port}: ${answer.reason}.`,
      ...(file.kind === 'unreadable' ? [`The configuration cannot be read: ${file.reason}`] : []),
      ...faultsOf(seen, file.kind === 'known' ? file.conf : undefined),
    ],
    warnings: [],
    ...(file.kind === 'known' ? { configuration: file.conf } : {}),
    events: { reloads: 0, failedReloads: 0, endedConnections: 0, repairs: new Map() },
    gateways: [],
    seen: { ...seen, ...around },
  };
  return { text: formatInspection(inspection, output), isReady: false };
}

async function ask(
  url: string,
): Promise<
  { readonly kind: 'known'; readonly value: unknown } | { readonly kind: 'unknown'; readonly reason: string }
> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    return { kind: 'known', value: await response.json() };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { kind: 'unknown', reason: cause instanceof Error ? cause.message : String(cause) };
  }
}
