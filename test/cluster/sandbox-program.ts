import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type Connection, connect } from '#cluster/connect.ts';
import { registryFolder } from '#sandbox/registry.ts';

const program = path.join(import.meta.dirname, '../../dist/sandbox.mjs');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the sandbox prints when it is ready. */
export interface ReadyLine {
  readonly ready: boolean;
  readonly kubeconfig: string;
  readonly networking: string;
  readonly reason?: string;
}

/** The built sandbox as a process of its own. */
export class SandboxProgram {
  readonly folder: string;
  readonly ready: ReadyLine;
  readonly connection: Connection;
  /** Begins the names of this sandbox's namespaces. */
  readonly prefix: string;
  readonly #child: ChildProcess;

  private constructor(folder: string, ready: ReadyLine, prefix: string, child: ChildProcess) {
    this.folder = folder;
    this.ready = ready;
    this.prefix = prefix;
    this.#child = child;
    this.connection = connect({ kubeconfigPaths: [ready.kubeconfig], allowExec: false });
  }

  static async start(...args: readonly string[]): Promise<SandboxProgram> {
    const folder = mkdtempSync(path.join(tmpdir(), 'ert-sandbox-'));
    const child = spawn(process.execPath, [program, '--dir', folder, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      log += chunk;
    });
    const line = await Promise.race([
      once(child.stdout.setEncoding('utf8'), 'data'),
      once(child, 'close').then(([code]) => {
        throw new Error(`the sandbox ended with ${code}: ${log}`);
      }),
    ]);
    const ready: ReadyLine = JSON.parse(String(line[0]));
    return new SandboxProgram(folder, ready, `ert-${await idOf(child.pid ?? 0)}-`, child);
  }

  /** Runs a command in the client pod. */
  client(argv: readonly string[], input = ''): Promise<Finished> {
    return runProgram(['client', '--dir', this.folder, '--', ...argv], input);
  }

  /** Ends it as a person does. @returns the exit code */
  async stop(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' = 'SIGTERM'): Promise<number | null> {
    this.connection.close();
    const { exitCode } = this.#child;
    const ended = exitCode === null ? once(this.#child, 'exit') : Promise.resolve([exitCode]);
    this.#child.kill(signal);
    const [code] = await ended;
    rmSync(this.folder, { recursive: true, force: true });
    return code;
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    this.connection.close();
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The processes it has started, as its record has them. */
  async children(): Promise<readonly number[]> {
    const entry = await entryOf(this.#child.pid ?? 0);
    return entry?.children.map(({ pid }) => pid) ?? [];
  }
}

/** Runs the sandbox program to its end. */
export async function runProgram(args: readonly string[], input = ''): Promise<Finished> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, stdout, stderr };
}

/** Network namespaces whose name begins so. */
export async function namespacesOf(prefix: string): Promise<readonly string[]> {
  const stdout = await new Promise<string>((resolve) => {
    // Where there is no `ip` there are no namespaces.
    execFile('ip', ['-o', 'netns', 'list'], (_error, output) => resolve(output));
  });
  return stdout.split('\n').filter((line) => line.startsWith(prefix));
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Polls until `find` gives something. */
export async function eventually<T>(
  what: string,
  find: () => Promise<T | undefined>,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Entry {
  readonly id: string;
  readonly owner: { readonly pid: number };
  readonly children: readonly { readonly pid: number }[];
}

async function idOf(pid: number): Promise<string> {
  const entry = await entryOf(pid);
  if (entry === undefined) throw new Error(`the sandbox with process ${pid} has no record`);
  return entry.id;
}

async function entryOf(pid: number): Promise<Entry | undefined> {
  const folder = registryFolder(process.env);
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.json'))) {
    // Another sandbox may end at this moment.
    const content = await readFile(path.join(folder, file), 'utf8').catch(() => 'null');
    const entry: Entry | null = JSON.parse(content);
    if (entry?.owner.pid === pid) return entry;
  }
  return undefined;
}
