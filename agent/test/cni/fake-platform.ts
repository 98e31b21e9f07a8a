import type { Command, Completion, FileFacts, Platform } from '#agent/cni/platform.ts';

export interface FakeWorld {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Paths that exist, with the inode of a namespace or the text of a file. */
  readonly files?: Readonly<Record<string, number | string>>;
  /** Paths that cannot be written. */
  readonly readOnly?: readonly string[];
  readonly answer?: (command: Command) => Completion | undefined;
  /** Names that other processes hold. */
  readonly held?: readonly string[];
  readonly notes?: Readonly<Record<string, string>>;
  /** How often others are found to have the lock. */
  readonly timesLocked?: number;
}

/** A node on which programs do nothing but answer; it records what was started and written, in order. */
export class FakePlatform implements Platform {
  readonly processId = 7;
  /** `in NETNS: ip link del ...` with its standard input behind `<`, or `PATH = TEXT` for a file written. */
  readonly events: string[] = [];
  readonly commands: Command[] = [];
  readonly notes: Map<string, string>;
  stdout = '';
  stderr = '';
  readonly #world: FakeWorld;
  readonly #files: Map<string, number | string>;
  #hasReadStdin = false;
  readonly #held: Set<string>;
  #slept = 0;
  #tries = 0;

  constructor(world: FakeWorld) {
    this.#world = world;
    this.#held = new Set(world.held);
    this.notes = new Map(Object.entries(world.notes ?? {}));
    this.#files = new Map([
      ['/proc/self/ns/net', 1],
      ['/usr/sbin/ip', 'ip'],
      ['/usr/sbin/nft', 'nft'],
      ['/usr/bin/unshare', 'unshare'],
      ...Object.entries(world.files ?? {}),
    ]);
  }

  env(name: string): string | undefined {
    return this.#world.env?.[name];
  }

  readStdin(): string {
    if (this.#hasReadStdin) throw new Error('standard input was read twice');
    this.#hasReadStdin = true;
    return this.#world.stdin ?? '';
  }

  writeStdout(text: string): void {
    this.stdout += text;
  }

  writeStderr(text: string): void {
    this.stderr += text;
  }

  stat(path: string): FileFacts | undefined {
    const file = this.#files.get(path);
    if (file === undefined) return undefined;
    const isProgram = /^\/(usr\/)?(s?bin|opt)\//.test(path);
    return typeof file === 'number'
      ? { device: 4, inode: file, isFile: true, isExecutable: false }
      : { device: 8, inode: 0, isFile: true, isExecutable: isProgram };
  }

  readFile(path: string): string | undefined {
    const file = this.#files.get(path);
    return typeof file === 'string' ? file : undefined;
  }

  writeFile(path: string, text: string): string | undefined {
    if (!this.#files.has(path)) return 'No such file or directory';
    if (this.#world.readOnly?.includes(path)) return 'Read-only file system';
    this.#files.set(path, text);
    this.events.push(`${path.replace('/proc/sys/net/', '')} = ${text.trim()}`);
    return undefined;
  }

  appendFile(path: string, text: string): string | undefined {
    const file = this.#files.get(path);
    this.#files.set(path, `${typeof file === 'string' ? file : ''}${text}`);
    return undefined;
  }

  async spawn(command: Command): Promise<Completion> {
    this.commands.push(command);
    const lines = inputOf(command)
      .split('\n')
      .filter((line) => line !== '');
    const input = lines.length === 0 ? '' : ` < ${lines[0]}${lines.length > 1 ? ' ...' : ''}`;
    const place = command.netns === undefined ? '' : `in ${command.netns}: `;
    const call = [command.file.replace(/^.*\//, ''), ...command.args].join(' ');
    this.events.push(`${place}${call}${input}`);
    return this.#world.answer?.(command) ?? exited(0);
  }

  tryLock(netns: string): boolean {
    this.events.push(`lock ${netns}`);
    this.#tries += 1;
    return this.#tries > (this.#world.timesLocked ?? 0);
  }

  hold(name: string): (() => void) | undefined {
    if (this.#held.has(name)) return undefined;
    this.#held.add(name);
    return () => this.#held.delete(name);
  }

  kept(): readonly string[] {
    return [...this.notes.keys()];
  }

  readKept(name: string): string | undefined {
    return this.notes.get(name);
  }

  keep(name: string, text: string): string | undefined {
    this.notes.set(name, text);
    this.events.push(`keep ${name}`);
    return undefined;
  }

  forget(name: string): void {
    if (this.notes.delete(name)) this.events.push(`forget ${name}`);
  }

  now(): number {
    return Date.UTC(2026, 10, 22) + this.#slept;
  }

  async sleep(durationMs: number): Promise<void> {
    this.events.push(`sleep ${durationMs}`);
    this.#slept += durationMs;
  }
}

/** All that a program is given on its standard input. */
export function inputOf({ stdin = '' }: Command): string {
  return typeof stdin === 'string' ? stdin : [...stdin].join('');
}

export function exited(code: number, stdout = '', stderr = ''): Completion {
  return { kind: 'exited', code, stdout, stderr };
}
