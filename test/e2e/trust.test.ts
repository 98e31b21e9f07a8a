// A folder that nobody trusts: its settings choose no kubeconfig, and no login program runs, whatever a person clicks.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openWorkbench } from './open-workbench.ts';
import type { Workbench } from './workbench.ts';

let home: string;
let workbench: Workbench;

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'ert-trust-'));
  const folder = path.join(home, 'folder');
  const ofFolder = writeKubeconfig('of-folder', folder);
  mkdirSync(path.join(folder, '.vscode'));
  writeFileSync(
    path.join(folder, '.vscode/settings.json'),
    JSON.stringify({ 'egressRouter.kubeconfig': ofFolder }),
  );
  workbench = await openWorkbench({
    folder,
    kubeconfig: writeKubeconfig('of-person', path.join(home, 'person')),
    isUntrusted: true,
  });
});

afterAll(async () => {
  await workbench?.close();
  rmSync(home, { recursive: true, force: true });
});

beforeEach(({ onTestFailed, task }) => {
  onTestFailed(() => workbench.picture(`failed-trust-${task.name.replace(/\W+/g, '-').slice(0, 40)}`));
});

/** With a login program that leaves a mark. Its cluster is nowhere. */
function writeKubeconfig(name: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const program = path.join(folder, 'login.sh');
  writeFileSync(program, `#!/bin/sh\ntouch '${markOf(name)}'\nexit 1\n`);
  chmodSync(program, 0o755);
  const file = path.join(folder, 'kubeconfig');
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: program, interactiveMode: 'Never' };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name, user: { exec } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

function markOf(name: string): string {
  return path.join(home, `${name}-ran`);
}

test('the view and a command say that a program would have to run, and none has', async () => {
  await workbench.openSidebar();
  await workbench.shows(workbench.sidebar, /User "of-person" of the kubeconfig logs in by running a program/);
  await workbench.command('Egress Router: Preflight');
  await workbench.shows(workbench.toast('logs in by running a program'), /Trust the workspace/);
  await workbench.toastButton('Manage Workspace Trust').waitFor();
  await workbench.picture('32-untrusted-folder');
  expect(existsSync(markOf('of-person'))).toBe(false);
  expect(existsSync(markOf('of-folder'))).toBe(false);
});

test('once the folder is trusted the program of the person runs, and never that of the folder', async () => {
  await workbench.row('Manage Workspace Trust').click();
  await workbench.trustFolder();
  await expect.poll(() => existsSync(markOf('of-person')), { timeout: 20_000 }).toBe(true);
  await workbench.shows(workbench.sidebar, /Cannot get credentials for user "of-person"/);
  expect(existsSync(markOf('of-folder'))).toBe(false);
});
