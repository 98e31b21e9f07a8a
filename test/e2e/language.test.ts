// VS Code in another language: what the extension says in the view, in notifications, in the status bar and in its
// questions comes from a bundle, values in their places.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type DrawnCluster, startDrawnCluster } from './drawn-cluster.ts';
import { openWorkbench } from './open-workbench.ts';
import { speakPseudo, untranslated } from './pseudo-language.ts';
import { QuickInput } from './quick-input.ts';
import type { Workbench } from './workbench.ts';

const root = path.dirname(path.dirname(import.meta.dirname));

const outsideTheSubnet = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: written-here
  namespace: demo
spec:
  addresses:
    - ip: 192.168.12.60/24
      gateway: 10.0.0.1
  redirect:
    redirectRules:
      - { port: 8080, protocol: TCP, destinationIP: 203.0.113.25 }
    fallbackIP: 203.0.113.26
`;

let folder: string;
let cluster: DrawnCluster;
let workbench: Workbench;
let quickInput: QuickInput;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ert-language-'));
  writeFileSync(path.join(folder, 'router.yaml'), outsideTheSubnet);
  cluster = await startDrawnCluster(folder);
  workbench = await openWorkbench({
    folder,
    kubeconfig: path.join(folder, 'kubeconfig'),
    prepare: speakPseudo,
  });
  quickInput = new QuickInput(workbench.page);
});

afterAll(async () => {
  await workbench?.close();
  await cluster?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(({ onTestFailed, task }) => {
  onTestFailed(() => workbench.picture(`failed-language-${task.name.replace(/\W+/g, '-').slice(0, 40)}`));
});

test('the view: states, rows and what they say', async () => {
  await workbench.openSidebar();
  await workbench.widenSidebar();
  await workbench.row(/^partner-api⟦Ready⟧/).waitFor();
  await workbench.row(/^okd⟦live⟧ · ⟦all namespaces⟧/).waitFor();
  await workbench.row(/^partner-api⟦Ready⟧/).click();
  await workbench.row(/^⟦Manifest⟧⟦none in the workspace⟧/).waitFor();
  await workbench.row(/^⟦Rules⟧/).click();
  await workbench.row(/^⟦Other ports⟧⟦rejected⟧/).waitFor();
  await workbench
    .row(/^smtp-relay⟦Progressing⟧.*⟦waiting for its interface on the outside network\.⟧/)
    .waitFor();
  await workbench.row(/^warehouse⟦Degraded⟧/).click();
  await workbench
    .row(/^⟦macvlan master "enp9s9" does not exist on this node \(⟦it has: enp1s0, cni0⟧\)⟧/)
    .waitFor();
  await workbench.row(/^⟦Set networkInterface\.macvlan\.master to a NIC/).waitFor();
  const below = workbench.sidebar.locator('.monaco-list-row:not([aria-level="1"])');
  const texts = await below.locator('.label-name, .label-description').allInnerTexts();
  const outside = texts.flatMap((text) => untranslated(text).split(/[\s·,]+/));
  expect(outside).toContain('192.168.12.20/24');
  expect(wordsOfBundle().filter((word) => outside.includes(word))).toEqual([]);
  await workbench.picture('80-pseudo-view');
});

/** Texts of one word, which a row would hold as it is. */
function wordsOfBundle(): readonly string[] {
  const bundle: object = JSON.parse(readFileSync(path.join(root, 'l10n/bundle.l10n.json'), 'utf8'));
  return Object.keys(bundle).filter((text) => /^[A-Za-z]{3,}$/.test(text));
}

test('the status bar, to those who hear it', async () => {
  const item = workbench.page.locator('.statusbar-item[id*="egressRouter.place"] [aria-label]').first();
  expect(await item.getAttribute('aria-label')).toBe(
    '⟦Egress routers: context okd, default namespace payments⟧',
  );
});

test('the titles of commands, and the questions of New Router', async () => {
  await workbench.command('⟦Egress Router⟧: ⟦New Router⟧');
  await quickInput.asks('⟦New Egress Router: ⟦Name⟧⟧ (1/9)');
  await workbench.shows(quickInput.message, /^⟦One of its kind in the namespace\./);
  await workbench.picture('81-pseudo-question');
  await quickInput.answer('Name', 'partner');
  await quickInput.answer('Namespace', 'demo');
  await quickInput.asks('⟦New Egress Router: ⟦Reserved address⟧⟧ (3/9)');
  await workbench.page.keyboard.press('Escape');
  await quickInput.closed();
});

test('a notification, and its buttons', async () => {
  await workbench.command('⟦Egress Router⟧: ⟦Diff with Cluster⟧');
  await workbench
    .toast(/⟦Diff⟧: ⟦No editor is open\. Open a YAML file with an EgressRouter first\.⟧/)
    .waitFor();
  await workbench.toastButton('⟦Show Log⟧').waitFor();
  await workbench.picture('82-pseudo-notification');
});

test('a finding of the language server, and its fix', async () => {
  await workbench.openFile('router.yaml');
  await workbench.squiggle.first().waitFor();
  await workbench.hoverOver('10.0.0.1', /⟦.*10\.0\.0\.1 is outside 192\.168\.12\.0\/24.*⟧/);
  await workbench.closeHover();
  await workbench.word('10.0.0.1').click();
  await workbench.quickFix('⟦Use 192.168.12.1', workbench.line('gateway: 192.168.12.1'));
});

test('what stands beside the text of a manifest: lenses, hints, the outline', async () => {
  await workbench.openFile('router.yaml');
  await workbench.lens('⟦Deploy⟧').waitFor();
  const lenses = await workbench.page.locator('.codelens-decoration a').allInnerTexts();
  expect(lenses.filter((text) => text.trim() !== '' && !text.startsWith('⟦'))).toEqual([]);
  // Cut by VS Code, as it is long.
  await workbench.hint(/⟦master:/).waitFor();
  await workbench.page.keyboard.press('Control+Shift+O');
  await quickInput.rows.filter({ hasText: '⟦other ports → 203.0.113.26⟧' }).waitFor();
  await workbench.page.keyboard.press('Escape');
  await quickInput.closed();
});

test('a hover over a field', async () => {
  await workbench.hoverOver('gateway', /⟦The next hop on that network/);
  const text = untranslated(await workbench.hover.innerText()).replace(
    /gateway|View Problem.*|Quick Fix.*/g,
    '',
  );
  expect(text.match(/[A-Za-z]{3,} [a-z]{2,}/g) ?? []).toEqual([]);
  await workbench.picture('84-pseudo-hover');
  await workbench.closeHover();
});

test('completion, and what it says of its first offer', async () => {
  workbench.write('new.yaml', '');
  await workbench.openFile('new.yaml');
  await workbench.page.locator('.editor-instance .view-line').first().click();
  await workbench.page.keyboard.type('egr', { delay: 60 });
  await workbench.shows(workbench.suggestions.nth(1), /⟦EgressRouter for IPv4 and IPv6⟧/);
  await workbench.page.keyboard.press('Control+Space');
  await workbench.shows(
    workbench.page.locator('.suggest-details'),
    /⟦A router with a reserved IPv4 address that redirects one port⟧\./,
  );
  await workbench.picture('85-pseudo-completion');
  await workbench.page.keyboard.press('Escape');
  await workbench.command('View: Revert and Close Editor');
});

test('why a router is not renamed', async () => {
  await workbench.openFile('router.yaml');
  await workbench.word('written-here').click();
  await workbench.page.keyboard.press('F2');
  const input = workbench.page.locator('.rename-box input');
  await input.fill('Not_a_name');
  await input.press('Enter');
  await workbench.shows(
    workbench.page.locator('.monaco-editor-overlaymessage, .notification-toast'),
    /⟦"Not_a_name" cannot be a name: lower-case letters/,
  );
  await workbench.page.keyboard.press('Escape');
});

test('a question before something is done, all of it but names', async () => {
  const row = workbench.row(/^partner-api⟦Ready⟧/);
  await workbench.rowMenu(row, '⟦Tear Down⟧');
  await workbench.dialog.waitFor();
  const lines = (await workbench.dialog.innerText()).split('\n').filter((line) => line.trim() !== '');
  await workbench.picture('86-pseudo-dialog');
  expect(lines.flatMap((line) => (isLeft(line) ? [line] : []))).toEqual(['Cancel']);
  await workbench.page.keyboard.press('Escape');
  await workbench.dialog.waitFor({ state: 'detached' });
});

test('the walkthrough', async () => {
  await workbench.command('⟦Egress Router⟧: ⟦Get Started⟧');
  await workbench.shows(workbench.walkthrough, /⟦Your First Egress Router⟧/);
  const titles = await workbench.walkthrough.locator('.step-title').allInnerTexts();
  expect(titles.length).toBeGreaterThan(5);
  expect(titles.filter((text) => !text.startsWith('⟦'))).toEqual([]);
  const said = workbench.walkthrough.locator('.step-description-container, .button-container');
  const texts = (await said.allInnerTexts()).flatMap((text) => text.split('\n'));
  expect(texts.filter(isLeft)).toEqual([]);
  await workbench.picture('87-pseudo-walkthrough');
});

test('the settings', async () => {
  await workbench.page.keyboard.press('Control+,');
  const settings = workbench.page.locator('.settings-editor');
  await settings.locator('.search-container .view-line').first().click();
  await workbench.page.keyboard.type('@id:egressRouter.*');
  const said = settings.locator('.setting-item-description .setting-item-markdown');
  await workbench.shows(said, /⟦Contexts in which/);
  const texts = await said.allInnerTexts();
  expect(texts.length).toBeGreaterThan(3);
  expect(texts.filter((text) => isLeft(text.replaceAll('\n', ' ')))).toEqual([]);
  await workbench.picture('88-pseudo-settings');
});

/** Words side by side that no bracket holds. */
function isLeft(line: string): boolean {
  return /[A-Za-z]{3,} [a-z]{2,}(?!\S*\/)|^[A-Z][a-z]{2,}$/.test(untranslated(line).trim());
}

test('a welcome text, and its buttons', async () => {
  cluster.behave('empty');
  await workbench.command('⟦Egress Router⟧: ⟦Refresh⟧');
  await workbench.shows(workbench.sidebar, /⟦No egress router here yet\.⟧/);
  await workbench.welcomeButton('⟦New Router⟧').waitFor();
  await workbench.picture('83-pseudo-welcome');
});
