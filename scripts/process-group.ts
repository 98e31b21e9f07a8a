import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** How a process ended. Only `exited` says anything about what it printed. */
export type Ending =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'never-started'; readonly reason: string };

/** A program and all it starts, as long as they stay in its group; a terminal's Ctrl-C does not reach them. */
export interface ProcessGroup {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
  /** Asks the group to end, and after `graceMs` ends it. Returns when no process of it is left. */
  stop(graceMs: number): Promise<void>;
}

export function startGroup(
  command: string,
  args: readonly string[],
  options: Omit<SpawnOptions, 'detached'>,
): ProcessGroup {
  const child = spawn(command, [...args], { ...options, detached: true });
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', (error) => {
      resolve({ kind: 'never-started', reason: error.message });
    });
    child.once('exit', (code, signal) => {
      if (code !== null) resolve({ kind: 'exited', code });
      else if (signal !== null) resolve({ kind: 'signalled', signal });
    });
  });
  return {
    child,
    ended,
    async stop(graceMs) {
      if (child.pid !== undefined) await stopGroup(child.pid, graceMs);
    },
  };
}

/**
 * Ends the process group led by `leader`, whoever started it. Only the leader is asked, so that it can end
 * the others in its own order; what is left after `graceMs` is ended by force.
 */
export async function stopGroup(leader: number, graceMs: number): Promise<void> {
  if (!send(leader, 'SIGTERM')) send(-leader, 'SIGTERM');
  if (await isGoneWithin(leader, graceMs)) return;
  send(-leader, 'SIGKILL');
  await isGoneWithin(leader, 2000);
}

async function isGoneWithin(leader: number, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (send(-leader, 0)) {
    if (performance.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

/** False when there is no such process, or none in such a group (a negative number). */
function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

export function describeEnding(ending: Ending): string {
  switch (ending.kind) {
    case 'exited':
      return `ended with code ${ending.code}`;
    case 'signalled':
      return `was ended by ${ending.signal}`;
    case 'never-started':
      return `did not start: ${ending.reason}`;
  }
}
