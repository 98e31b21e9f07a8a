import { accessSync, constants, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, extensionBundles } from '../../esbuild.mjs';
import { root } from '../node24.mjs';
import { whenOrphaned } from '../orphan.mjs';
import { describeEnding } from '../process-group.ts';
import { copySamples, makeStartFolder, type StartFolder, writeCommands } from './folder.ts';
import { isAlive } from './process-identity.ts';
import { type RunningSandbox, startSandbox } from './sandbox.ts';
import { endLeftovers, noteSession, readSession } from './session-file.ts';
import { startVsCode } from './vscode.ts';

interface Options {
  /** Of a real cluster, in place of the sandbox. */
  readonly kubeconfig: string | undefined;
  readonly port: number;
}

/** Starts everything, prints where it is, and returns when it was asked to end and has cleaned up. */
export async function main(args: readonly string[]): Promise<void> {
  const options = parseOptions(args);
  const folder = makeStartFolder(root);
  const earlier = readSession(folder.session);
  if (earlier !== undefined) {
    if (isAlive(earlier.owner)) {
      fail(
        `It already runs, as process ${earlier.owner.pid}${at(earlier.address)}: end it with Ctrl-C there.`,
      );
    }
    await endLeftovers(folder.session, earlier);
  }
  const hasSandbox = options.kubeconfig === undefined;
  await build(hasSandbox ? { cniMayFail: true } : { only: [...extensionBundles, 'cli'] });
  copySamples(root, folder);
  writeCommands(root, folder, hasSandbox);
  await run(options, folder);
}

async function run(options: Options, folder: StartFolder): Promise<void> {
  const asked = untilAskedToEnd();
  const undo: (() => Promise<void>)[] = [];
  const pids: number[] = [];
  const note = (pid: number, address?: string) => {
    pids.push(pid);
    noteSession(folder.session, address, pids);
  };
  try {
    const ended: Promise<string>[] = [asked];
    let sandbox: RunningSandbox | undefined;
    if (options.kubeconfig === undefined) {
      console.log('Starting the sandbox cluster ...');
      const program = path.join(root, 'dist/sandbox.mjs');
      sandbox = await startSandbox(program, folder.sandbox, folder.sandboxLog, note);
      const { group } = sandbox;
      undo.push(() => group.stop(20_000));
      ended.push(
        group.ended.then((end) => `The sandbox ${describeEnding(end)}. Its log: ${folder.sandboxLog}`),
      );
    }
    const kubeconfig = sandbox?.kubeconfig ?? options.kubeconfig ?? '';
    const { server, password } = await startVsCode(folder, kubeconfig, options.port);
    undo.push(() => server.stop());
    note(server.pid, server.url);
    ended.push(server.ended.then((end) => `VS Code ${describeEnding(end)}. Its log: ${folder.vscodeLog}`));
    console.log(welcome(server.url, password, sandbox, kubeconfig));
    console.log(`\n${await Promise.race(ended)}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    for (const step of undo.toReversed()) await step();
    rmSync(folder.session, { force: true });
  }
  process.exit();
}

/** Ctrl-C, a request to end, a closed terminal, or that npm, which started this, is gone. */
function untilAskedToEnd(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        resolve('Ending ...');
      });
    }
    whenOrphaned(() => {
      resolve('npm is gone. Ending ...');
    });
  });
}

function welcome(
  url: string,
  password: string,
  sandbox: RunningSandbox | undefined,
  kubeconfig: string,
): string {
  return [
    '',
    `  Address:   ${url}/`,
    `  Password:  ${password}`,
    `  Cluster:   ${sandbox === undefined ? kubeconfig : describeSandbox(sandbox)}`,
    '',
    '  1. Open router.yaml: completion, hover and checks know what an egress router means.',
    '  2. Click Deploy above the document and watch the router come up in the Egress Routers view.',
    sandbox === undefined
      ? '  3. Click Expose, then reach the server from a pod of that namespace through the new Service.'
      : '  3. Click Expose, then run in the terminal:  sandbox-client curl -s http://partner-api:8080',
    '',
    '  Ctrl-C ends it and leaves nothing behind.',
  ].join('\n');
}

function describeSandbox({ networking, reason }: RunningSandbox): string {
  return networking === 'real'
    ? 'a sandbox on this machine; its routers redirect packets'
    : `a sandbox on this machine; its routers are SIMULATED and redirect nothing (${reason ?? 'no reason given'})`;
}

function parseOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { kubeconfig: { type: 'string' }, port: { type: 'string', default: '0' } },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65535) fail(`Not a port: ${values.port}`);
    return { port, kubeconfig: values.kubeconfig === undefined ? undefined : readable(values.kubeconfig) };
  } catch (error) {
    const usage = 'Usage: npm start -- [--kubeconfig PATH] [--port N]';
    return fail(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

function readable(file: string): string {
  const whole = path.resolve(process.env.INIT_CWD ?? '.', file);
  try {
    accessSync(whole, constants.R_OK);
  } catch {
    fail(`Cannot read the kubeconfig ${whole}: give the path of a file that you may read.`);
  }
  return whole;
}

function at(address: string | undefined): string {
  return address === undefined ? '' : `, at ${address}`;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
