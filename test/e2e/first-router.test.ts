// A newcomer without a cluster: the sandbox that the packaged extension carries, a router from the sample, and all
// that can be looked at of it. The tests are the steps of one story.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openWorkbench } from './open-workbench.ts';
import type { Workbench } from './workbench.ts';

const slowMs = 90_000;

let folder: string;
let workbench: Workbench;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ert-first-'));
  workbench = await openWorkbench({ folder, kubeconfig: '/nonexistent/kubeconfig' });
});

afterAll(async () => {
  await workbench?.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(({ onTestFailed, task }) => {
  onTestFailed(() => workbench.picture(`failed-first-${task.name.replace(/\W+/g, '-').slice(0, 40)}`));
});

test('without a kubeconfig the view offers the sandbox', async () => {
  await workbench.openSidebar();
  await workbench.shows(workbench.sidebar, /No kubeconfig was found/);
  await workbench.picture('40-no-kubeconfig');
});

test('the walkthrough begins with it', async () => {
  await workbench.welcomeButton('Take the Tour').click();
  await workbench.shows(workbench.walkthrough, /Your First Egress Router/);
  await workbench.walkthroughButton('Start Sandbox Cluster').waitFor();
  // Narrow windows leave out the pictures of the steps.
  await workbench.page.setViewportSize({ width: 1700, height: 900 });
  await workbench.preview.locator('svg').first().waitFor();
  await workbench.picture('41-walkthrough');
  await workbench.page.setViewportSize({ width: 1280, height: 800 });
});

test('Start Sandbox Cluster: the view shows an empty cluster', async () => {
  await workbench.walkthroughButton('Start Sandbox Cluster').click();
  await workbench.sidebar.getByText('No egress router here yet').waitFor({ timeout: slowMs });
  await workbench.progressGone('Starting the sandbox cluster');
  await workbench.picture('42-sandbox');
});

test('the sample is deployed from the walkthrough, behind which an editor has it', async () => {
  await workbench.command('Egress Router: Open Sample Router');
  await workbench.line('kind: EgressRouter').waitFor();
  await workbench.lens('Deploy').waitFor();
  await workbench.tab('Welcome').click();
  await workbench.walkthrough.getByText('Deploy it').click();
  await workbench.walkthroughButton('Deploy').click();
  await workbench.shows(workbench.dialog, /partner-api.*egress-router-sandbox/s);
  await workbench.pictures('42a-deploy-plan');
  await workbench.answer('Deploy');
  await workbench.row(/partner-api.*Ready/).waitFor({ timeout: slowMs });
});

test('Expose in the walkthrough means the only router there is', async () => {
  await workbench.walkthrough.getByText('Give it to clients').click();
  await workbench.walkthroughButton('Expose').click();
  await workbench.shows(workbench.dialog, /Expose partner-api in context egress-router-sandbox/);
  await workbench.answer('Expose');
  await workbench.row('partner-api.demo.svc:8080').waitFor();
});

test('a live object is read-only, has its status, and no lens', async () => {
  await workbench.rowMenu(workbench.row(/partner-api.*Ready/), 'Open Live Object');
  await workbench.tab('EgressRouter partner-api.yaml').waitFor();
  await workbench.line('status:').waitFor();
  expect(await workbench.line('managedFields').count()).toBe(0);
  expect(await workbench.lens('Deploy').count()).toBe(0);
  await workbench.picture('43-live');
});

test('the log of its pod', async () => {
  await workbench.rowMenu(workbench.row(/partner-api.*Ready/), 'Show Pod Log');
  await workbench.tab(/^Pod egress-router-cni-deployment/).waitFor();
  await workbench.line('redirecting').waitFor();
  await workbench.picture('44-log');
});

test('its events, the newest first', async () => {
  await workbench.rowMenu(workbench.row(/partner-api.*Ready/), 'Show Events');
  await workbench.tab('EgressRouter partner-api.log').waitFor();
  await workbench.line('the newest first').waitFor();
  await workbench.line('AddedInterface').waitFor();
  await workbench.picture('45-events');
});

test('what differs from the manifest stands beside it', async () => {
  await workbench.selectUntitled();
  await workbench.replaceLine('- port: 8080', '- port: 8081');
  // Known once the rows say so.
  await workbench.shows(workbench.sidebar, /Manifest\s*drifted/);
  await workbench.rowMenu(workbench.row(/partner-api.*Ready/), 'Diff with Manifest');
  await workbench.tab('partner-api: in egress-router-sandbox ↔ manifest').waitFor();
  await workbench.line('- port: 8081').waitFor();
  await workbench.pictures('46-diff');
});

test('Tear Down names all that goes', async () => {
  await workbench.tab('Welcome').click();
  await workbench.walkthrough.getByText('Take it away').click();
  await workbench.walkthroughButton('Tear Down').click();
  await workbench.shows(workbench.dialog, 'EgressRouter demo/partner-api');
  await workbench.shows(workbench.dialog, 'Service demo/partner-api');
  await workbench.pictures('47-tear-down');
  await workbench.answer('Tear Down');
  await workbench.shows(workbench.sidebar, /No egress router here yet/);
});

test('another window looks at the same sandbox, and is told when it has ended', async () => {
  const other = await workbench.anotherWindow();
  await other.openSidebar();
  await other.shows(other.sidebar, /No kubeconfig was found/);
  await other.welcomeButton('Start Sandbox Cluster').click();
  await other.shows(other.sidebar, /No egress router here yet/);
  // Stop Sandbox Cluster leads back to where it began, here and there.
  await workbench.command('Egress Router: Stop Sandbox Cluster');
  await workbench.shows(workbench.sidebar, /No kubeconfig was found/);
  await other.toast(/The sandbox has ended/).waitFor();
  await other.shows(other.sidebar, /No kubeconfig was found/);
  await other.picture('48-sandbox-ended-elsewhere');
  await other.close();
});

test('nothing was asked of another machine', () => {
  expect([...workbench.refusedHosts]).toEqual([]);
});
