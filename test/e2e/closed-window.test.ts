// What is half done when the window goes is undone: VS Code waits a few seconds for `deactivate`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type DrawnCluster, startDrawnCluster } from './drawn-cluster.ts';
import { openWorkbench } from './open-workbench.ts';
import type { Workbench } from './workbench.ts';

let folder: string;
let cluster: DrawnCluster;
let workbench: Workbench;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ert-closed-'));
  cluster = await startDrawnCluster(folder);
  workbench = await openWorkbench({ folder, kubeconfig: path.join(folder, 'kubeconfig') });
});

afterAll(async () => {
  await workbench?.close();
  await cluster?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(({ onTestFailed, task }) => {
  onTestFailed(() => workbench.picture(`failed-closed-${task.name.replace(/\W+/g, '-').slice(0, 40)}`));
});

test('a window that is reloaded in the middle of a restart leaves the router its pod', async () => {
  await workbench.openSidebar();
  await workbench.rowMenu(workbench.row(/bank.*Stale rules/), 'Restart');
  await workbench.shows(workbench.dialog, /Restart bank in context okd, namespace billing\?/);
  await workbench.answer('Restart');
  // The old pod does not end, so the restart goes no further by itself.
  await workbench.toast(/Restarting billing\/bank.*Waiting for it to end/s).waitFor();
  expect(cluster.scales).toEqual([0]);
  await workbench.picture('90-restarting');
  await workbench.command('Developer: Reload Window');
  await expect.poll(() => cluster.scales, { timeout: 15_000 }).toEqual([0, 1]);
});

test('and the next window shows the router as it is', async () => {
  await workbench.row(/bank.*Stale rules/).waitFor();
  expect(cluster.scales).toEqual([0, 1]);
});
