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
import { packageExtension } from '../package.mjs';
import type { StartFolder } from './folder.ts';

export interface RunningVsCode {
  readonly server: CodeServer;
  readonly password: string;
}

/** Packages and installs the extension where it changed, and starts VS Code with the samples open. */
export async function startVsCode(
  folder: StartFolder,
  kubeconfig: string,
  port: number,
): Promise<RunningVsCode> {
  const vscode = setupVsCode();
  if (!vscode.hasOutput)
    console.error('Without g++, make and python3 the Output panel of VS Code stays empty.');
  const profile = makeProfile(folder.vscode, { 'git.openRepositoryInParentFolders': 'never' });
  const vsix = await packageExtension();
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
