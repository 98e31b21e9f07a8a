import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What `npm start` keeps from one time to the next, out of git's sight. Deleting it starts afresh. */
export interface StartFolder {
  readonly root: string;
  readonly session: string;
  readonly sandbox: string;
  readonly sandboxLog: string;
  readonly vscode: string;
  readonly vscodeLog: string;
  readonly samples: string;
  readonly bin: string;
}

export function makeStartFolder(repository: string): StartFolder {
  const root = path.join(repository, '.tools/start');
  const folder = {
    root,
    session: path.join(root, 'session.json'),
    sandbox: path.join(root, 'sandbox'),
    sandboxLog: path.join(root, 'sandbox.log'),
    vscode: path.join(root, 'vscode'),
    vscodeLog: path.join(root, 'vscode.log'),
    samples: path.join(root, 'samples'),
    bin: path.join(root, 'bin'),
  };
  for (const each of [folder.sandbox, folder.vscode, folder.samples, folder.bin]) {
    mkdirSync(each, { recursive: true });
  }
  return folder;
}

/** Copies the samples that are not there yet: a person's changes to the others stay, and git sees none. */
export function copySamples(repository: string, folder: StartFolder): void {
  cpSync(path.join(repository, 'samples'), folder.samples, { recursive: true, force: false });
}

/** Commands for VS Code's terminal: the command line tool and, with a sandbox, the way into its client pod. */
export function writeCommands(
  repository: string,
  folder: Pick<StartFolder, 'bin' | 'sandbox'>,
  kubeconfig: string,
  hasSandbox: boolean,
): void {
  rmSync(folder.bin, { recursive: true, force: true });
  mkdirSync(folder.bin);
  const program = (name: string) => path.join(repository, 'dist', name);
  // Whoever names a cluster means it, here as with kubectl; and so does --kubeconfig.
  const writeCli = (name: string, file: string) =>
    writeCommand(folder.bin, name, [
      `[ -n "\${KUBECONFIG-}" ] || export KUBECONFIG=${quote([kubeconfig])}`,
      `exec ${quote([process.execPath, file])} "$@"`,
    ]);
  writeCli('egress-router', program('cli.mjs'));
  const plugins = path.join(folder.bin, 'plugins');
  mkdirSync(plugins);
  for (const name of ['kubectl-egress_router', 'oc-egress_router']) {
    // The name it is run by tells it how people call it.
    const link = path.join(plugins, name);
    symlinkSync(program('cli.mjs'), link);
    writeCli(name, link);
  }
  if (!hasSandbox) return;
  const client = [process.execPath, program('sandbox.mjs'), 'client', '--dir', folder.sandbox, '--'];
  writeCommand(folder.bin, 'sandbox-client', [
    "usage='Usage: sandbox-client COMMAND [ARGUMENT ...]   runs a command in the client pod of the sandbox",
    `The pod has a /tmp of its own: give a command its files by standard input.'`,
    'case "${1-}" in',
    '  -h | --help) echo "$usage"; exit 0 ;;',
    '  "" | -*) echo "$usage" >&2; exit 2 ;;',
    'esac',
    `exec ${quote(client)} "$@"`,
  ]);
}

function quote(argv: readonly string[]): string {
  return argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

function writeCommand(bin: string, name: string, lines: readonly string[]): void {
  const file = path.join(bin, name);
  writeFileSync(file, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(file, 0o755);
}
