// New Router as a newcomer answers it, in a real VS Code with the packaged extension and no cluster: what is wrong is
// said as it is typed, the way back keeps what was typed, and nothing is written before the end.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openWorkbench } from './open-workbench.ts';
import { QuickInput } from './quick-input.ts';
import type { Workbench } from './workbench.ts';

let folder: string;
let workbench: Workbench;
let quickInput: QuickInput;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ert-new-'));
  workbench = await openWorkbench({ folder, kubeconfig: '/nonexistent/kubeconfig' });
  quickInput = new QuickInput(workbench.page);
});

afterAll(async () => {
  await workbench?.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(({ onTestFailed, task }) => {
  onTestFailed(() => workbench.picture(`failed-new-${task.name.replace(/\W+/g, '-').slice(0, 40)}`));
});

test('it can be closed at any step, and then nothing is written', async () => {
  await workbench.command('Egress Router: New Router');
  await quickInput.answer('New Egress Router: Name (1/9)', 'partner');
  await quickInput.asks('New Egress Router: Namespace (2/9)');
  await workbench.page.keyboard.press('Escape');
  await quickInput.closed();
  expect(await workbench.tab('Untitled').count()).toBe(0);
});

test('what is wrong with an answer is said as it is typed, and Enter does not pass it', async () => {
  await workbench.command('Egress Router: New Router');
  await quickInput.asks('Name (1/9)');
  await quickInput.type('Partner_API');
  await workbench.shows(quickInput.message, /Partner_API/);
  await workbench.page.keyboard.press('Enter');
  await workbench.shows(quickInput.message, /Partner_API/);
  await workbench.picture('60-wrong-name');
  await quickInput.answer('Name (1/9)', 'partner');
  await quickInput.answer('Namespace (2/9)', 'demo');
  await quickInput.answer('Reserved address (3/9)', '192.168.12.77/24');
  await quickInput.asks('Gateway (4/9)');
  await quickInput.holds('192.168.12.1');
  await quickInput.type('10.0.0.1');
  await workbench.shows(quickInput.message, /10\.0\.0\.1 is outside 192\.168\.12\.0\/24/);
  await workbench.picture('61-wrong-gateway');
});

test('the way back leads to the answer before, which is still there, by the pointer and by the keyboard', async () => {
  await quickInput.goBack();
  await quickInput.asks('Reserved address (3/9)');
  await quickInput.holds('192.168.12.77/24');
  await workbench.page.keyboard.press('Control+Alt+Minus');
  await quickInput.asks('Namespace (2/9)');
  await quickInput.holds('demo');
  await workbench.picture('62-back');
  await quickInput.keep('Namespace (2/9)', 'demo');
  await quickInput.keep('Reserved address (3/9)', '192.168.12.77/24');
});

test('the end is an open document without a problem', async () => {
  await quickInput.answer('Gateway (4/9)', '192.168.12.1');
  await quickInput.choose('What it redirects (5/9)', 'Ports, each to its server');
  await quickInput.answer('Port of rule 1 (6/9)', '8080');
  await quickInput.choose('Protocol of rule 1 (7/9)', 'TCP');
  await quickInput.answer('Server of rule 1 (8/9)', '203.0.113.25');
  await quickInput.answer('Port of the server of rule 1 (9/9)', '80');
  await quickInput.choose('One rule so far', 'Done');
  await quickInput.choose('where to', 'New untitled file');
  await workbench.line('kind: EgressRouter').waitFor();
  await workbench.line('gateway: 192.168.12.1').waitFor();
  await workbench.toast('partner is written. Nothing is deployed yet.').waitFor();
  await workbench.lens('Deploy').waitFor();
  await workbench.command('Problems: Focus on Problems View');
  await workbench.shows(workbench.page.locator('.markers-panel'), /No problems have been detected/);
  await workbench.picture('63-new-router');
});

test('or a file that the person chooses, which is opened; none of the two documents has a fault', async () => {
  await workbench.command('Egress Router: New Router');
  await quickInput.answer('Name (1/9)', 'bank');
  await quickInput.answer('Namespace (2/9)', 'demo-2');
  await quickInput.answer('Reserved address (3/9)', '192.168.12.78/24');
  await quickInput.keep('Gateway (4/9)', '192.168.12.1');
  await quickInput.choose('What it redirects (5/9)', 'Everything to one server');
  await quickInput.answer('Server of the fallback (6/9)', '203.0.113.26');
  await quickInput.choose('where to', 'A file…');
  await quickInput.asks('New Egress Router');
  await quickInput.holds(path.join(workbench.workspace, 'bank.yaml'));
  await workbench.picture('64-where-to');
  await workbench.page.keyboard.press('Enter');
  await workbench.tab('bank.yaml').waitFor();
  await workbench.line('fallbackIP: 203.0.113.26').waitFor();
  expect(workbench.read('bank.yaml')).toMatch(/^ {2}name: bank\n {2}namespace: demo-2\n[^]*fallbackIP: 203/m);
  // No more of both documents than what the reconciler of the cluster, which is not known, may not do.
  await workbench.shows(workbench.problems, /cno-ignores-fallback/);
  expect(await workbench.problems.allInnerTexts()).toEqual([
    expect.stringMatching(/^bank\.yaml/),
    expect.stringMatching(/cno-ignores-fallback/),
  ]);
  await workbench.picture('65-written-file');
});
