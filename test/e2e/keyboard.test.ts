// Several routers and no pointer: deployed from their folder, changed, found by the filter, and torn down, in a real
// VS Code with the packaged extension and a sandbox. The tests are the steps of one story.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openSandbox, type TestSandbox } from '../host/sandbox.ts';
import { Keys } from './keys.ts';
import { openWorkbench } from './open-workbench.ts';
import { QuickInput } from './quick-input.ts';
import type { Workbench } from './workbench.ts';

const slowMs = 90_000;

let folder: string;
let sandbox: TestSandbox;
let workbench: Workbench;
let keys: Keys;
let quickInput: QuickInput;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ert-keys-'));
  mkdirSync(path.join(folder, 'routers'));
  for (const name of ['partner', 'bank'] as const) {
    writeFileSync(path.join(folder, 'routers', `${name}.yaml`), manifestOf(name, 8080));
  }
  sandbox = await openSandbox('keyboard');
  workbench = await openWorkbench({ folder, kubeconfig: sandbox.kubeconfig });
  keys = new Keys(workbench.page);
  quickInput = new QuickInput(workbench.page);
});

afterAll(async () => {
  await workbench?.close();
  await sandbox?.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(({ onTestFailed, task }) => {
  onTestFailed(() => workbench.picture(`failed-keys-${task.name.replace(/\W+/g, '-').slice(0, 40)}`));
});

const routers = {
  partner: { namespace: 'demo', ip: '192.168.12.61/24' },
  bank: { namespace: 'demo-2', ip: '192.168.12.62/24' },
} as const;

function manifestOf(name: keyof typeof routers, port: number): string {
  const { namespace, ip } = routers[name];
  return `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  mode: Redirect
  networkInterface:
    macvlan:
      mode: Bridge
  addresses:
    - ip: ${ip}
      gateway: 192.168.12.1
  redirect:
    redirectRules:
      - port: ${port}
        protocol: TCP
        destinationIP: 203.0.113.25
        targetPort: 80
`;
}

async function deployFolder(): Promise<void> {
  await workbench.command('Explorer: Focus on Folders View');
  await keys.toRow(workbench.page.locator('.explorer-folders-view'), /^routers/);
  await keys.choose('Deploy Egress Routers');
}

test('all routers of a folder are deployed from its menu', async () => {
  await workbench.command('View: Show Egress Routers');
  await workbench.shows(workbench.sidebar, /No egress router here yet/);
  await deployFolder();
  await workbench.shows(workbench.dialog, /Deploy 2 egress routers to context sandbox/);
  await workbench.picture('70-several');
  await keys.answer('Deploy');
  await workbench.command('View: Show Egress Routers');
  await workbench.row(/partner.*Ready/).waitFor({ timeout: slowMs });
  await workbench.row(/bank.*Ready/).waitFor({ timeout: slowMs });
  await workbench.command('Notifications: Clear All Notifications');
});

test('what a change of several will do is shown side by side, and can then be agreed to', async () => {
  workbench.write('routers/partner.yaml', manifestOf('partner', 8081));
  workbench.write('routers/bank.yaml', manifestOf('bank', 8082));
  await deployFolder();
  await workbench.shows(workbench.dialog, /change EgressRouter demo\/partner/);
  await keys.answer('Show Changes');
  await workbench.tab('2 objects: in sandbox ↔ then').waitFor();
  await workbench.line('- port: 8081').waitFor();
  await workbench.line('- port: 8082').waitFor();
  await workbench.toast(/Deploy 2 egress routers to context sandbox/).waitFor();
  // One object in two states, none of which was renamed.
  expect(await workbench.comparedFiles.allInnerTexts()).toEqual([
    expect.stringMatching(/^EgressRouter-bank\.yaml\s*\/changes\/sandbox\/demo-2$/),
    expect.stringMatching(/^EgressRouter-partner\.yaml\s*\/changes\/sandbox\/demo$/),
  ]);
  await workbench.pictures('71-changes');
  await workbench.command('Notifications: Accept Notification Primary Action');
  await workbench.toast(/Deploying 2 egress routers/).waitFor();
  await workbench.progressGone('Deploying 2 egress routers');
  await workbench.command('Egress Routers: Focus on Egress Routers View');
  await keys.toRow(workbench.sidebar, /^Rules/, 'last');
  await workbench.page.keyboard.press('ArrowRight');
  await workbench.row('8082/TCP').waitFor({ timeout: slowMs });
  await workbench.command('Notifications: Clear All Notifications');
  await workbench.command('View: Close All Editors');
});

test('the filter takes what is typed from the first key on', async () => {
  await workbench.command('Egress Routers: Focus on Egress Routers View');
  await workbench.command('Egress Router: Filter Routers');
  await quickInput.asks('Filter Egress Routers');
  await workbench.page.keyboard.type('bank');
  await quickInput.holds('bank');
  await workbench.shows(workbench.sidebar, /Filter "bank": 1 of 2 routers\./);
  await workbench.row(/^partner/).waitFor({ state: 'detached' });
  await workbench.picture('72-filter');
  await workbench.page.keyboard.press('Enter');
  await quickInput.closed();
});

test('a menu that was open while its row was drawn anew acts on that row', async () => {
  const row = await keys.toRow(workbench.sidebar, /^bank.*Ready/);
  await keys.openMenu();
  workbench.write('routers/bank.yaml', manifestOf('bank', 8083));
  await workbench.row(/Manifest\s*drifted/).waitFor();
  await workbench.picture('73-menu');
  await keys.chooseFromMenu('Open Live Object');
  await workbench.tab('EgressRouter bank.yaml').waitFor();
  expect(await row.count()).toBe(1);
});

test('a command of the palette proposes the router of the row that is selected', async () => {
  await workbench.command('Egress Router: Clear Filter');
  await workbench.command('Egress Routers: Focus on Egress Routers View');
  await keys.toRow(workbench.sidebar, /^192\.168\.12\.61\/24/);
  await workbench.page.keyboard.press('Enter');
  await workbench.command('Egress Router: Show Events');
  await quickInput.asks('');
  await workbench.shows(quickInput.rows.first(), /^partner/);
  await workbench.picture('74-proposed');
  await workbench.page.keyboard.press('Enter');
  await workbench.tab('EgressRouter partner.log').waitFor();
});

test('Expose and Tear Down from the menu of a row', async () => {
  await workbench.command('Egress Routers: Focus on Egress Routers View');
  await keys.toRow(workbench.sidebar, /^bank.*Ready/);
  await keys.choose('Expose');
  await keys.answer('Expose');
  await workbench.row('bank.demo-2.svc:8082').waitFor();
  await workbench.toast(/Clients call bank\.demo-2\.svc:8082/).waitFor();
  await workbench.command('Egress Routers: Focus on Egress Routers View');
  await keys.toRow(workbench.sidebar, /^bank.*Ready/);
  await keys.choose('Tear Down');
  await workbench.shows(workbench.dialog, /Tear down bank in context sandbox, namespace demo-2\?/);
  await workbench.picture('75-tear-down');
  await keys.answer('Tear Down');
  await workbench.row(/^bank/).waitFor({ state: 'detached' });
  await workbench.row(/^partner/).waitFor();
});
