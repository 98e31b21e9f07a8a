import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  type CodeServer,
  installVsix,
  makeProfile,
  startCodeServer,
} from '../../tools/vscode-host/code-server.ts';
import { setupVsCode } from '../../tools/vscode-host/setup.mjs';
import type { StartFolder } from './folder.ts';

export interface RunningVsCode {
  readonly server: CodeServer;
  readonly password: string;
}

/** Packages and installs the extension where it changed, and starts VS Code with the samples open. */
export async function startVsCode(
  repository: string,
  folder: StartFolder,
  kubeconfig: string,
  port: number,
): Promise<RunningVsCode> {
  const vscode = setupVsCode();
  if (!vscode.hasOutput)
    console.error('Without g++, make and python3 the Output panel of VS Code stays empty.');
  const profile = makeProfile(folder.vscode, { 'git.openRepositoryInParentFolders': 'never' });
  const vsix = packaged(repository);
  const { size, mtimeMs } = statSync(vsix);
  const stamp = `${path.basename(vsix)}:${size}:${mtimeMs}`;
  const stampFile = path.join(folder.vscode, 'installed');
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
    installVsix(vscode, profile, vsix);
    writeFileSync(stampFile, stamp);
  }
  const password = randomBytes(12).toString('base64url');
  const server = await startCodeServer(vscode, profile, {
    port,
    password,
    args: [folder.samples],
    env: { KUBECONFIG: kubeconfig, PATH: `${folder.bin}${path.delimiter}${process.env.PATH ?? ''}` },
    logFile: folder.vscodeLog,
  });
  return { server, password };
}

/** The packager prints its list of files, which is nobody's concern here unless it fails. */
function packaged(repository: string): string {
  const script = path.join(repository, 'scripts/package.mjs');
  const run = spawnSync(process.execPath, [script], { cwd: repository, encoding: 'utf8' });
  const file = run.stdout.trimEnd().split('\n').at(-1);
  if (run.status !== 0 || file === undefined) throw new Error(`No package:\n${run.stdout}${run.stderr}`);
  return path.resolve(repository, file);
}
