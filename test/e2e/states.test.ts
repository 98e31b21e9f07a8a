// What the view says in every state of a router and of the cluster, as it looks in each kind of theme.
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
  folder = mkdtempSync(path.join(tmpdir(), 'ert-states-'));
  cluster = await startDrawnCluster(folder);
  workbench = await openWorkbench({ folder, kubeconfig: path.join(folder, 'kubeconfig') });
  await workbench.openSidebar();
  await workbench.widenSidebar();
});

afterAll(async () => {
  await workbench?.close();
  await cluster?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(({ onTestFailed, task }) => {
  onTestFailed(() => workbench.picture(`failed-states-${task.name.replace(/\W+/g, '-').slice(0, 40)}`));
});

const states = [
  /leads.*Address conflict/,
  /warehouse.*Degraded/,
  /bank.*Stale rules/,
  /statistics.*Not reconciled/,
  /smtp-relay.*Progressing/,
  /course.*Simulated/,
  /partner-api.*Ready/,
];

test('every state of a router stands in its row, in words', async () => {
  for (const state of states) await workbench.row(state).waitFor();
  await workbench.pictures('50-states');
});

test('below a router stand its reason and the next step', async () => {
  await workbench.row(/warehouse.*Degraded/).click();
  await workbench.row('No Service').waitFor();
  await workbench.pictures('51-degraded');
  await workbench.row(/warehouse.*Degraded/).click();
  await workbench.row('No Service').waitFor({ state: 'detached' });
});

test('routers are grouped by namespace, with how many of each state', async () => {
  await workbench.command('Egress Router: Group by Namespace');
  await workbench.row(/^crm\s*1 address conflict/).waitFor();
  await workbench.row(/^payments\s*1 ready/).waitFor();
  await workbench.pictures('51a-grouped');
  await workbench.command('Egress Router: Show as Flat List');
  await workbench.row(/^partner-api\s*Ready · payments/).waitFor();
});

test('an object is opened in the console that the cluster names', async () => {
  await workbench.rowMenu(workbench.row(/partner-api.*Ready/), 'Open in Web Console');
  // VS Code asks before it leaves.
  await workbench.shows(
    workbench.dialog,
    'https://console.okd.example/k8s/ns/payments/network.operator.openshift.io~v1~EgressRouter/partner-api',
  );
  await workbench.picture('51b-console');
  await workbench.answer('Cancel');
});

test('a cluster that no longer answers: since when, and the routers as they were', async () => {
  cluster.behave('silent');
  await workbench.shows(workbench.sidebar, /unreachable/);
  await workbench.shows(workbench.sidebar, /The routers below are as they were then/);
  await workbench.pictures('52-unreachable');
  cluster.behave('well');
  await workbench.row(/okd.*live/).waitFor();
});

const welcomes = [
  ['empty', /No egress router here yet/, '53-empty'],
  ['no-crd', /This cluster does not know EgressRouters/, '54-no-crd'],
  ['forbidden', /Your login may not list EgressRouters here/, '55-forbidden'],
] as const;

for (const [behavior, text, picture] of welcomes) {
  test(`a welcome text with its next step: ${behavior}`, async () => {
    cluster.behave(behavior);
    await workbench.command('Egress Router: Refresh');
    await workbench.pictures(picture, () => workbench.shows(workbench.sidebar, text));
  });
}

test('nothing was asked of another machine', () => {
  expect([...workbench.refusedHosts]).toEqual([]);
});
