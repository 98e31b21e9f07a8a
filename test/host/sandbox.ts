// Starts the built sandbox for the suites that need a cluster.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { describeEnding, startGroup } from '../../scripts/process-group.ts';

const root = path.dirname(path.dirname(import.meta.dirname));
const program = path.join(root, 'dist/sandbox.mjs');

export interface Sandbox {
  readonly kubeconfig: string;
  readonly networking: 'real' | 'simulated';
  /** Runs a command in the network namespace of the sandbox's client pod; gives what it prints. */
  inClient(...command: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

export async function startSandbox(...flags: readonly string[]): Promise<Sandbox> {
  const dir = mkdtempSync(path.join(tmpdir(), 'ert-sandbox-'));
  const group = startGroup(process.execPath, [program, '--dir', dir, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { stdout, stderr } = group.child;
  if (stdout === null || stderr === null) throw new Error('The sandbox has no output.');
  const log: string[] = [];
  createInterface({ input: stderr }).on('line', (line) => log.push(line));
  const said = new Promise<string>((resolve) => createInterface({ input: stdout }).once('line', resolve));
  const first = await Promise.race([said, group.ended]);
  if (typeof first !== 'string') {
    throw new Error(`The sandbox ${describeEnding(first)}.\n${log.slice(-30).join('\n')}`);
  }
  const ready: { readonly kubeconfig: string; readonly networking: 'real' | 'simulated' } = JSON.parse(first);
  return {
    ...ready,
    inClient: async (...command) => {
      const args = [program, 'client', '--dir', dir, '--', ...command];
      return (await promisify(execFile)(process.execPath, args, { timeout: 30_000 })).stdout;
    },
    stop: async () => {
      await group.stop(20_000);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
