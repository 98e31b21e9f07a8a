// The built sandbox, in a folder of its own, for suites that need a cluster.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startSandbox } from '../../scripts/start/sandbox.ts';

const root = path.dirname(path.dirname(import.meta.dirname));
const program = path.join(root, 'dist/sandbox.mjs');

export interface TestSandbox {
  readonly kubeconfig: string;
  readonly networking: 'real' | 'simulated';
  /** Why networking is simulated, for a person. */
  readonly reason?: string;
  /** Runs a command in the network namespace of the sandbox's client pod; gives what it prints. */
  inClient(...command: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/** @param name of the log, which stays under dist/. */
export async function openSandbox(name: string): Promise<TestSandbox> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ert-sandbox-'));
  const logs = path.join(root, 'dist/logs');
  mkdirSync(logs, { recursive: true });
  const sandbox = await startSandbox(
    program,
    folder,
    path.join(logs, `${name}-sandbox.log`),
    () => undefined,
  );
  const { group, kubeconfig, networking, reason } = sandbox;
  return {
    kubeconfig,
    networking,
    ...(reason === undefined ? {} : { reason }),
    inClient: async (...command) => {
      const args = [program, 'client', '--dir', folder, '--', ...command];
      return (await promisify(execFile)(process.execPath, args, { timeout: 30_000 })).stdout;
    },
    stop: async () => {
      await group.stop(20_000);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
