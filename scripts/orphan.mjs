// npm that is ended, other than by Ctrl-C in a terminal, takes its shell along and leaves what that runs behind.
import { readFileSync } from 'node:fs';

const wrapperVariable = 'EGRESS_ROUTER_WRAPPER';

/** What a script that runs another gives it, so that it knows whose child it is. */
export const wrapperEnvironment = { [wrapperVariable]: String(process.pid) };

/**
 * Calls back, perhaps more than once, when npm or the script that started this process is gone. A process that
 * something else started may outlive it, as one that a shell put into the background.
 * @param {() => void} callback
 */
export function whenOrphaned(callback) {
  const parent = process.ppid;
  const isNpms = process.env.npm_lifecycle_event !== undefined;
  if (!isNpms && process.env[wrapperVariable] !== String(parent)) return;
  const grandparent = parentOf(parent);
  setInterval(() => {
    if (process.ppid !== parent || parentOf(parent) !== grandparent) callback();
  }, 500).unref();
}

/** Between npm and a script there may be a shell. Undefined where there is no /proc. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  } catch {
    return undefined; // Gone, which the caller sees by its own parent.
  }
}
