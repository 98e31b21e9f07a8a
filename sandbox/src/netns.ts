import { mustRun, run } from './command.ts';
import type { UndoStack } from './undo.ts';

/** A network namespace that is mounted under a name, as `ip netns` does it. */
export interface Netns {
  readonly name: string;
  readonly path: string;
}

const netnsFolder = '/run/netns';

export function netnsNamed(name: string): Netns {
  return { name, path: `${netnsFolder}/${name}` };
}

/** `name` is one of ours (`ert-<id>-...`): letters, digits and dashes. */
export async function addNetns(name: string, undo: UndoStack): Promise<Netns> {
  undo.defer(`remove the network namespace ${name}`, () => removeNetns(name));
  await mustRun(['ip', 'netns', 'add', name]);
  await ipBatch(['link set dev lo up'], netnsNamed(name));
  return netnsNamed(name);
}

/** Ends every process inside, then removes the namespace and with it every interface in it. Idempotent. */
export async function removeNetns(name: string): Promise<void> {
  const pids = await run(['ip', 'netns', 'pids', name]);
  if (pids.kind === 'exited' && pids.code === 0) {
    for (const pid of pids.stdout.split('\n').filter((line) => /^[0-9]+$/.test(line))) kill(Number(pid));
  }
  await run(['ip', 'netns', 'delete', name]);
}

export async function listNetns(): Promise<readonly string[]> {
  const list = await run(['ip', '-o', 'netns', 'list']);
  if (list.kind !== 'exited') return [];
  return list.stdout.split('\n').flatMap((line) => line.split(' ')[0] || []);
}

/** Lines for `ip -batch`, made of parsed values only; all in one process, in order, first failure ends it. */
export async function ipBatch(lines: readonly string[], inside?: Netns): Promise<void> {
  const at = inside === undefined ? [] : ['-n', inside.name];
  await mustRun(['ip', ...at, '-batch', '-'], { stdin: `${lines.join('\n')}\n` });
}

/** Keys with slashes, below /proc/sys. A key this kernel does not have is left out. */
export async function setSysctls(inside: Netns, values: Readonly<Record<string, number>>): Promise<void> {
  const lines = Object.entries(values).map(([key, value]) => `${key} ${value}\n`);
  await mustRun(enter(inside, ['sh', '-ec', sysctlScript]), { stdin: lines.join('') });
}

const sysctlScript =
  'while read -r key value; do [ ! -e "/proc/sys/$key" ] || echo "$value" >"/proc/sys/$key"; done';

/** One nft transaction. */
export async function loadNft(inside: Netns, text: string): Promise<void> {
  await mustRun(enter(inside, ['nft', '-f', '-']), { stdin: text });
}

/** The same command, run inside the namespace. */
export function enter(inside: Netns, argv: readonly string[]): readonly [string, ...string[]] {
  return ['nsenter', `--net=${inside.path}`, ...argv];
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself in the meantime.
  }
}
