import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';

/** The built command line, and a sandbox that it talks to. */
export interface CommandLine {
  /** Of the sandbox; its `kubeconfig` is in it. */
  readonly folder: string;
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  check(
    args: readonly string[],
    code: number,
    out: RegExp,
    err?: RegExp,
    options?: RunOptions,
  ): Promise<void>;
  close(): Promise<void>;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Absent: the administrator's of the sandbox. */
  readonly kubeconfig?: string;
}

const root = path.join(import.meta.dirname, '../..');
export const sample = path.join(root, 'samples/router.yaml');

/** Simulated, so that it runs on any machine. */
export async function startCommandLine(): Promise<CommandLine> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ert-story-'));
  const args = [path.join(root, 'dist/sandbox.mjs'), '--dir', folder, '--simulate'];
  const sandbox = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = await once(createInterface(sandbox.stdout), 'line');
  expect(JSON.parse(line)).toMatchObject({ ready: true, networking: 'simulated' });
  const run: CommandLine['run'] = (given, options = {}) => runOnce(folder, given, options);
  return {
    folder,
    run,
    check: async (given, code, out, err = /^/, options = {}) => {
      const ran = await run(given, options);
      expect(ran.out).toMatch(out);
      expect(ran.err).toMatch(err);
      expect(ran.code, ran.err).toBe(code);
    },
    close: async () => {
      await end(sandbox);
      await rm(folder, { recursive: true });
    },
  };
}

/** Runs it against any cluster. */
export function runOnce(
  folder: string,
  args: readonly string[],
  { env = {}, stdin, kubeconfig }: RunOptions,
): Promise<Ran> {
  const file = kubeconfig ?? path.join(folder, 'kubeconfig');
  const argv = [path.join(root, 'dist/cli.mjs'), ...args, '--kubeconfig', file];
  return new Promise((resolve) => {
    const options = { timeout: 50_000, env: { ...process.env, ...env } };
    const child = execFile(process.execPath, argv, options, (_error, out, err) => {
      resolve({ code: child.exitCode ?? -1, out, err });
    });
    child.stdin?.end(stdin ?? '');
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  await exited;
}
