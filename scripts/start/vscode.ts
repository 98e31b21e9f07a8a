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
import { step } from './step.ts';
import { startEnvironment, startSettings } from './vscode-settings.ts';

export interface RunningVsCode {
  readonly server: CodeServer;
  readonly password: string;
}

/** Packages and installs the extension where it changed, and starts VS Code with the samples open. */
export async function startVsCode(
  folder: StartFolder,
  { kubeconfig, isSandbox }: { readonly kubeconfig: string; readonly isSandbox: boolean },
  port: number,
  temp: string,
): Promise<RunningVsCode> {
  const vscode = await step(
    'Looking for VS Code (the first time, its installation takes minutes)',
    setupVsCode,
  );
  if (!vscode.hasOutput)
    console.error('Without g++, make and python3 the Output panel of VS Code stays empty.');
  const settings = startSettings(kubeconfig, folder.bin, process.env);
  const profile = makeProfile(folder.vscode, settings.user, settings.machine);
  const vsix = await step('Packaging the extension', packageExtension);
  const { size, mtimeMs } = statSync(vsix);
  const stamp = `${path.basename(vsix)}:${size}:${mtimeMs}`;
  const stampFile = path.join(folder.vscode, 'installed');
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
    await step('Installing the extension', () => {
      installVsix(vscode, profile, vsix);
    });
    writeFileSync(stampFile, stamp);
  }
  const password = randomBytes(12).toString('base64url');
  const server = await step('Starting VS Code', () =>
    startCodeServer(vscode, profile, {
      port,
      password,
      args: [folder.samples],
      env: startEnvironment({ kubeconfig, isSandbox, bin: folder.bin, temp }, process.env),
      logFile: folder.vscodeLog,
    }),
  );
  return { server, password };
}
