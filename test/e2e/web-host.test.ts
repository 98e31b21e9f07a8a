// The web build in VS Code's own web extension host, a worker of the browser: what vscode.dev runs.
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openWorkbench } from './open-workbench.ts';
import type { Workbench } from './workbench.ts';

const root = path.dirname(path.dirname(import.meta.dirname));

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench({
    folder: path.join(root, 'samples'),
    kubeconfig: '/nonexistent/kubeconfig',
    settings: { 'remote.extensionKind': { 'egress-router-tools.egress-router-tools': ['web'] } },
  });
});

afterAll(() => workbench?.close());

beforeEach(({ onTestFailed, task }) => {
  onTestFailed(() => workbench.picture(`failed-web-host-${task.name.replace(/\W+/g, '-').slice(0, 40)}`));
});

test('a mistake is underlined, and its code leads to its page', async () => {
  await workbench.openFile('router.yaml');
  await workbench.line('protocol: TCP').waitFor();
  await workbench.replaceLine('protocol: TCP', 'protocol: tcp');
  await workbench.squiggle.first().waitFor();
  await workbench.command('Problems: Focus on Problems View');
  await workbench.problemCode('protocol-lower-case').click();
  await workbench.tab('protocol-lower-case.md').waitFor();
  await workbench.picture('30-web-host');
});

test('the quick fix mends it, and no command is offered that needs a cluster', async () => {
  await workbench.selectTab('router.yaml');
  await workbench.line('protocol: tcp').click();
  await workbench.page.keyboard.press('Control+.');
  await workbench.shows(workbench.quickFixes, /Use TCP/);
  await workbench.page.keyboard.press('Enter');
  await workbench.line('protocol: TCP').waitFor();
  expect(await workbench.lens('Deploy').count()).toBe(0);
});

test('nothing was asked of another machine', () => {
  expect([...workbench.refusedHosts]).toEqual([]);
});
