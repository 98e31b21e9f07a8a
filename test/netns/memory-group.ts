import { existsSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { until } from './command.ts';

/** A limit of memory as a container has it, of either version of cgroups. */
export class MemoryGroup {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether this machine lets us make one. */
  static get isPossible(): boolean {
    return process.getuid?.() === 0 && parents.some(({ limit }) => existsSync(limit));
  }

  static async make(name: string, bytes: number): Promise<MemoryGroup> {
    const parent = parents.find(({ limit }) => existsSync(limit));
    if (parent === undefined) throw new Error('there is no memory controller to write to');
    const group = new MemoryGroup(`${parent.folder}/${name}`);
    await mkdir(group.#folder);
    await writeFile(`${group.#folder}/${parent.setting}`, String(bytes));
    return group;
  }

  /** What is started by this, with all that it starts, is in the group. */
  get command(): readonly string[] {
    return ['sh', '-c', `echo $$ >${this.#folder}/cgroup.procs && exec "$@"`, 'sh'];
  }

  /** How many processes were killed for want of memory. */
  async kills(): Promise<number> {
    const file = ['memory.oom_control', 'memory.events'].find((one) => existsSync(`${this.#folder}/${one}`));
    const text = await readFile(`${this.#folder}/${file}`, 'utf8');
    return Number(/^oom_kill ([0-9]+)$/m.exec(text)?.[1] ?? Number.NaN);
  }

  /** Once nothing is in it, which the kernel may see a moment after the last process has ended. */
  async remove(): Promise<void> {
    const isGone = (): Promise<boolean> => rmdir(this.#folder).then(() => true, isBusy);
    await until(isGone, 10_000, () => `${this.#folder} is in use`);
  }
}

function isBusy(error: unknown): false {
  if (error instanceof Error && 'code' in error && error.code === 'EBUSY') return false;
  throw error;
}

/** `limit` is there where a child of the folder would have one. */
const parents = [
  {
    folder: '/sys/fs/cgroup/memory',
    limit: '/sys/fs/cgroup/memory/memory.limit_in_bytes',
    setting: 'memory.limit_in_bytes',
  },
  { folder: '/sys/fs/cgroup', limit: '/sys/fs/cgroup/init.scope/memory.max', setting: 'memory.max' },
] as const;
