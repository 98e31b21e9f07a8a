import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, bundles, extensionBundles } from '../../esbuild.mjs';
import { root } from '../node24.mjs';
import { whenOrphaned } from '../orphan.mjs';
import { describeEnding, type Ending } from '../process-group.ts';
import { copySamples, makeStartFolder, type StartFolder, writeCommands } from './folder.ts';
import { type Options, parseOptions, UsageError } from './options.ts';
import { isAlive } from './process-identity.ts';
import { type RunningSandbox, startSandbox } from './sandbox.ts';
import { endLeftovers, noteSession, readSession } from './session-file.ts';
import { step } from './step.ts';
import { startVsCode } from './vscode.ts';
import { clusterReady, welcome } from './welcome.ts';

/** Why it ends, and whether that is as a person wants it. */
interface End {
  readonly message: string;
  readonly isAsked: boolean;
}

/** Starts everything, prints where it is, and returns when it was asked to end and has cleaned up. */
export async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  const folder = makeStartFolder(root);
  const earlier = readSession(folder.session);
  if (earlier !== undefined) {
    if (isAlive(earlier.owner)) {
      fail(
        `It already runs, as process ${earlier.owner.pid}${at(earlier.address)}: end it with Ctrl-C there.`,
      );
    }
    await step('Ending what a killed run left', () => endLeftovers(folder.session, earlier));
  }
  await buildPrograms(options.kubeconfig === undefined);
  copySamples(root, folder);
  await run(options, folder);
}

async function buildPrograms(hasSandbox: boolean): Promise<void> {
  const only = hasSandbox ? Object.keys(bundles) : [...extensionBundles, 'cli'];
  await step('Building the programs', () => build({ only }));
  if (!hasSandbox) return;
  await step('Compiling the CNI executable', () => build({ only: ['cni'], cniMayFail: true }));
}

async function run(options: Options, folder: StartFolder): Promise<void> {
  const asked = untilAskedToEnd();
  const undo: (() => Promise<void>)[] = [];
  const pids: number[] = [];
  // Not in the folder of the repository, whose path may be long: a socket's may be 107 bytes.
  const temp = mkdtempSync(path.join(tmpdir(), 'ert-'));
  const note = (pid: number, address?: string) => {
    pids.push(pid);
    noteSession(folder.session, temp, address, pids);
  };
  try {
    const ended: Promise<End>[] = [asked];
    let sandbox: RunningSandbox | undefined;
    if (options.kubeconfig === undefined) {
      const program = path.join(root, 'dist/sandbox.mjs');
      const running = await step('Starting the sandbox cluster', () =>
        startSandbox(program, folder.sandbox, folder.sandboxLog, note),
      );
      undo.push(() => running.group.stop(20_000));
      ended.push(broken('The sandbox', running.group.ended, folder.sandboxLog));
      sandbox = running;
    }
    const kubeconfig = sandbox?.kubeconfig ?? options.kubeconfig ?? '';
    writeCommands(root, folder, kubeconfig, sandbox !== undefined);
    if (sandbox !== undefined) console.log(clusterReady(kubeconfig, folder.bin));
    const { server, password } = await startVsCode(
      folder,
      { kubeconfig, isSandbox: sandbox !== undefined },
      options.port,
      temp,
    );
    undo.push(() => server.stop());
    note(server.pid, server.url);
    ended.push(broken('VS Code', server.ended, folder.vscodeLog));
    console.log(welcome({ url: server.url, password, sandbox, kubeconfig, samples: folder.samples }));
    const { message, isAsked } = await Promise.race(ended);
    console.log(`\n${message}`);
    if (!isAsked) process.exitCode = 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    for (const each of undo.toReversed()) await each();
    rmSync(temp, { recursive: true, force: true });
    rmSync(folder.session, { force: true });
  }
  process.exit();
}

async function broken(what: string, ended: Promise<Ending>, log: string): Promise<End> {
  return { message: `${what} ${describeEnding(await ended)}. Its log: ${log}`, isAsked: false };
}

/** Ctrl-C, a request to end, a closed terminal, or that npm, which started this, is gone. */
function untilAskedToEnd(): Promise<End> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        resolve({ message: 'Ending ...', isAsked: true });
      });
    }
    whenOrphaned(() => {
      resolve({ message: 'npm is gone. Ending ...', isAsked: true });
    });
  });
}

function readOptions(args: readonly string[]): Options {
  try {
    return parseOptions(args, process.env.INIT_CWD ?? '.');
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

function at(address: string | undefined): string {
  return address === undefined ? '' : `, at ${address}`;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
