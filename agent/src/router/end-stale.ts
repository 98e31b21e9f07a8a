import { nftStaleEnded } from '#core/attachment/nft-reload.ts';
import {
  connectionMark,
  formatStale,
  parseStaleNumber,
  type StaleConnections,
  toConntrackArgs,
} from '#core/attachment/nft-reload-stale.ts';
import type { NftState } from './nft-state.ts';
import { type Completion, failureOf, type RunCommand } from './run-command.ts';

export interface EndedStale {
  readonly ended: number;
  /** Why some could not be ended; the table keeps them for the next time. */
  readonly fault?: string;
}

/** Ends the connections that the table says are stale. */
export async function endStale(run: RunCommand, { table }: Pick<NftState, 'table'>): Promise<EndedStale> {
  if (table.stale.length === 0) return { ended: 0 };
  const stale = table.stale.flatMap((number) => parseStaleNumber(number) ?? []);
  const queue = [...(stale.length > listFrom ? await present(run, stale) : stale)];
  let ended = 0;
  const failed: string[] = [];
  const failedFor: StaleConnections[] = [];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
        const { count, failure } = outcomeOf(await run('conntrack', toConntrackArgs(one)));
        ended += count;
        if (failure === undefined) continue;
        failed.push(failure);
        failedFor.push(one);
      }
    }),
  );
  const [failure] = failed;
  if (failure !== undefined) {
    const whose = failedFor.slice(0, 5).map(formatStale).join(', ');
    const more = failedFor.length > 5 ? ' and others' : '';
    return {
      ended,
      fault: `Connections of ${whose}${more} that began before the rules changed cannot be ended: conntrack: ${failure}.`,
    };
  }
  const forgotten = failureOf(await run('nft', ['-f', '-'], nftStaleEnded));
  return forgotten === undefined
    ? { ended }
    : { ended, fault: `Cannot change the nftables rules: ${forgotten}.` };
}

const atOnce = 4;
/** From so many on it is quicker to look which of them there are. */
const listFrom = 32;

/** Those that have connections; all where that cannot be told. */
async function present(
  run: RunCommand,
  stale: readonly StaleConnections[],
): Promise<readonly StaleConnections[]> {
  const lists = await Promise.all(
    (['ipv4', 'ipv6'] as const).map((family) => run('conntrack', ['-L', '-f', family])),
  );
  const marks = new Set<number>();
  for (const list of lists) {
    if (list.kind !== 'exited' || list.code !== 0) return stale;
    for (const [, mark] of list.stdout.matchAll(/ mark=([0-9]+)/g)) marks.add(Number(mark));
  }
  return stale.filter((one) => marks.has(connectionMark(one)));
}

function outcomeOf(completion: Completion): { readonly count: number; readonly failure?: string } {
  // It fails where there was nothing to end.
  const told =
    completion.kind === 'exited' ? /([0-9]+) flow entries have been deleted/.exec(completion.stderr) : null;
  if (told !== null) return { count: Number(told[1]) };
  return { count: 0, failure: failureOf(completion) ?? 'it did not say what it did' };
}
