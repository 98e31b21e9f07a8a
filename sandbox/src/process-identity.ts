import { readFileSync } from 'node:fs';

/** A process that is meant, and not another one that got its number later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Absent where the system does not tell. */
  readonly startTime?: string;
}

export function identify(pid: number): ProcessIdentity {
  const startTime = startTimeOf(pid);
  return startTime === undefined ? { pid } : { pid, startTime };
}

export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and someone else's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return startTime === undefined || startTimeOf(pid) === startTime;
}

/** proc(5): field 22 of `stat`, in clock ticks since the machine started. Zombies are as good as dead. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined; // No such process, or no /proc.
  }
}
