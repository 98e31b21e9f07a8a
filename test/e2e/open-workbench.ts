// Starts VS Code with the packaged extension in an empty profile, and a browser that shows it.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageExtension } from '../../scripts/package.mjs';
import {
  installVsix,
  makeClosedProfile,
  type Profile,
  startCodeServer,
} from '../../tools/vscode-host/code-server.ts';
import { setupVsCode } from '../../tools/vscode-host/setup.mjs';
import { openBrowser } from '../host/browser.ts';
import { type OpenWindow, Workbench } from './workbench.ts';

const slowMs = 60_000;

export interface WorkbenchOptions {
  /** Copied, so that the person may change what is in it. */
  readonly folder: string;
  readonly kubeconfig: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The folder is not trusted until the person says so. */
  readonly isUntrusted?: boolean;
  /** Changes the profile with the extension in it. @returns arguments for VS Code */
  readonly prepare?: (profile: Profile) => readonly string[];
}

/** Installs the packaged extension into an empty profile and opens the folder. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { folder, kubeconfig, settings, isUntrusted = false, prepare = () => [] } = options;
  const vscode = setupVsCode();
  const vsix = await packageExtension();
  const home = mkdtempSync(path.join(tmpdir(), 'ert-e2e-'));
  const own = {
    'git.enabled': false,
    'editor.minimap.enabled': false,
    'explorer.autoReveal': false,
    'window.autoDetectColorScheme': true,
    ...(isUntrusted ? untrusting : {}),
    ...settings,
  };
  const profile = makeClosedProfile(home, own);
  installVsix(vscode, profile, vsix);
  const workspace = path.join(home, path.basename(folder));
  cpSync(folder, workspace, { recursive: true });
  const env = { KUBECONFIG: kubeconfig };
  const args = prepare(profile);
  const server = await startCodeServer(vscode, profile, { port: 0, isCautious: isUntrusted, env, args });
  const browser = await openBrowser(server.url);
  const open: OpenWindow = async (close) => {
    const page = await browser.context.newPage();
    page.setDefaultTimeout(slowMs);
    await page.goto(`${server.url}/?folder=${encodeURIComponent(workspace)}`);
    await page.locator('.explorer-folders-view').first().waitFor();
    return new Workbench(page, workspace, browser.refusedHosts, open, close);
  };
  return open(async () => {
    await browser.close();
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  });
}

const untrusting = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
};
