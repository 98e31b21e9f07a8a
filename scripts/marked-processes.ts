import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** An environment variable that a process hands to all it starts, by which they are found again. */
export interface Mark {
  readonly name: string;
  readonly value: string;
}

export interface MarkedProcess {
  readonly pid: number;
  readonly command: string;
}

/** Empty where there is no /proc: elsewhere nothing is known of other processes' environments. */
function findMarked(mark: Mark): readonly MarkedProcess[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const isMarked = read(pid, 'environ').includes(`${mark.name}=${mark.value}\0`);
    return isMarked ? [{ pid: Number(pid), command: read(pid, 'cmdline').replaceAll('\0', ' ').trim() }] : [];
  });
}

/** Those that are left after `ms`: one that was told to end takes a moment. */
export async function findMarkedAfter(mark: Mark, ms: number): Promise<readonly MarkedProcess[]> {
  const deadline = performance.now() + ms;
  let left = findMarked(mark);
  while (left.length > 0 && performance.now() < deadline) {
    await delay(50);
    left = findMarked(mark);
  }
  return left;
}

/** Ends those that are left, in their own way if they do so within `graceMs`. */
export async function endMarked(mark: Mark, graceMs: number): Promise<void> {
  const deadline = performance.now() + graceMs;
  send(findMarked(mark), 'SIGTERM');
  for (let left = findMarked(mark); left.length > 0; left = findMarked(mark)) {
    if (performance.now() > deadline) send(left, 'SIGKILL');
    await delay(50);
  }
}

function send(processes: readonly MarkedProcess[], signal: NodeJS.Signals): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return ''; // It has ended meanwhile, or is another user's, and then not ours.
  }
}
