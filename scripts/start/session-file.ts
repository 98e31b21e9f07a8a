import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { stopGroup } from '../process-group.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

/** What a running `npm start` writes down, so that the next one can tell whether it still runs, and clean up. */
export interface Session {
  readonly owner: ProcessIdentity;
  readonly address?: string;
  /** Leaders of the process groups it started, the first one first. */
  readonly groups: readonly ProcessIdentity[];
  /** Of VS Code's sockets. */
  readonly temp: string;
}

export function readSession(file: string): Session | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // None was written, or the machine went down while it was: nothing of it runs.
  }
}

/** Adds to the session of this process. */
export function noteSession(
  file: string,
  temp: string,
  address: string | undefined,
  pids: readonly number[],
): void {
  const owner = identify(process.pid);
  if (owner === undefined) throw new Error('This process is not in the process table.');
  const groups = pids.map(identify).filter((identity) => identity !== undefined);
  const session: Session = { owner, groups, temp, ...(address === undefined ? {} : { address }) };
  writeFileSync(`${file}.new`, JSON.stringify(session));
  renameSync(`${file}.new`, file);
}

/** Ends what a killed `npm start` left running, the last thing it started first. */
export async function endLeftovers(file: string, session: Session): Promise<void> {
  for (const leader of session.groups.toReversed()) {
    if (isAlive(leader)) await stopGroup(leader.pid, 20_000);
  }
  rmSync(session.temp, { recursive: true, force: true });
  rmSync(file, { force: true });
}
