// Writing a router by hand, with a real VS Code, the packaged extension and no cluster: what a person sees of a
// mistake, and every way to mend it. The tests are the steps of one story.
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
  });
});

afterAll(() => workbench?.close());

beforeEach(({ onTestFailed, task }) => {
  onTestFailed(() => workbench.picture(`failed-editing-${task.name.replace(/\W+/g, '-').slice(0, 40)}`));
});

test('in an empty file the manifests come first, before the words of other files', async () => {
  workbench.write('words.yaml', 'egress: 1\nelsewhere: 2\n');
  workbench.write('new.yaml', '');
  await workbench.openFile('words.yaml');
  await workbench.openFile('new.yaml');
  await workbench.page.locator('.editor-instance .view-line').first().click();
  await workbench.page.keyboard.type('egr', { delay: 60 });
  await workbench.shows(workbench.suggestions.first(), /^egress-router/);
  expect(await workbench.suggestions.allInnerTexts()).toEqual([
    expect.stringMatching(/^egress-router\b/),
    expect.stringMatching(/^egress-router-dual-stack\b/),
    expect.stringMatching(/^egress-router-service\b/),
    expect.stringMatching(/^egress-router-nad\b/),
  ]);
  await workbench.picture('19-empty-file');
  await workbench.page.keyboard.press('Enter');
  await workbench.line('kind: EgressRouter').waitFor();
  // The next one after those of the other files, which nothing but this has read.
  await workbench.line('ip: 192.168.12.100/24').waitFor();
  await workbench.lens('Deploy').waitFor();
  await workbench.page.keyboard.press('Escape');
  await workbench.picture('19b-from-an-empty-file');
  await workbench.command('View: Revert and Close Editor');
  await workbench.tab('new.yaml').waitFor({ state: 'detached' });
});

test('what only names routers, such as a role, has no Deploy above it', async () => {
  workbench.write('role.yaml', role);
  await workbench.openFile('role.yaml');
  await workbench.line('kind: ClusterRole').waitFor();
  await workbench.openFile('router.yaml');
  await workbench.titleAction('Deploy').waitFor();
  await workbench.selectTab('role.yaml');
  await workbench.titleAction('Deploy').waitFor({ state: 'detached' });
  await workbench.picture('19c-role');
});

/** The scan for what concerns egress routers finds it. */
const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: egress-router-admin # of EgressRouter objects
rules:
  - apiGroups: [network.operator.openshift.io]
    resources: [egressrouters]
    verbs: ['*']
`;

test('a mistake is underlined, and listed among the problems', async () => {
  await workbench.openFile('router.yaml');
  await workbench.lens('Deploy').waitFor();
  await workbench.replaceLine('protocol: TCP', 'protocol: tcp');
  await workbench.squiggle.first().waitFor();
  await workbench.command('Problems: Focus on Problems View');
  await workbench.shows(workbench.problems, /Protocols are written in upper case: TCP, not tcp\./);
  await workbench.shows(workbench.problems, /protocol-lower-case/);
  await workbench.picture('20-problem');
});

test('its code leads to the page about it, which is in the package', async () => {
  await workbench.problemCode('protocol-lower-case').click();
  await workbench.tab('protocol-lower-case.md').waitFor();
  await workbench.shows(workbench.preview, /protocol-lower-case/);
  await workbench.picture('21-explained');
  await workbench.selectTab('router.yaml');
});

test('the quick fix mends it', async () => {
  await workbench.line('protocol: tcp').click();
  await workbench.page.keyboard.press('Control+.');
  await workbench.shows(workbench.quickFixes, /Use TCP/);
  await workbench.picture('22-quick-fix');
  await workbench.page.keyboard.press('Enter');
  await workbench.line('protocol: TCP').waitFor();
  await workbench.squiggle.first().waitFor({ state: 'detached' });
});

test('hover says what a rule does', async () => {
  await workbench.hoverOver('destinationIP', /203\.0\.113\.25/);
  await workbench.picture('23-hover');
  await workbench.closeHover();
});

test('an address that is typed in full stays as it was typed', async () => {
  const { keyboard } = workbench.page;
  await workbench.line('destinationIP: 203.0.113.25').click();
  await keyboard.press('End');
  await keyboard.press('Shift+Home');
  await keyboard.type('destinationIP: 203.0.113.27', { delay: 60 });
  await keyboard.press('Enter');
  await keyboard.type('# the next line');
  await workbench.line('# the next line').waitFor();
  await workbench.line('destinationIP: 203.0.113.27').waitFor();
});

test('what is left out is drawn as it is in force', async () => {
  await workbench.replaceLine('mode: Redirect', '# the mode is left out');
  await workbench.hint(/Redirect/).waitFor();
  await workbench.picture('24-hint');
});

test('the code lens of a command starts it', async () => {
  await workbench.lens('Diff').click();
  await workbench.toast(/kubeconfig/).waitFor();
  await workbench.picture('25-no-kubeconfig');
});

test('a router of OpenShift SDN is shown as what it becomes, with what is lost', async () => {
  await workbench.command('Notifications: Clear All Notifications');
  await workbench.command('View: Hide Panel');
  await workbench.openFile('egress-router-pod.yaml');
  await workbench.line('assign-macvlan').click();
  await workbench.page.keyboard.press('Control+.');
  await workbench.shows(workbench.quickFixes, /Migrate to an EgressRouter/);
  await workbench.picture('26a-migration-offered');
  await workbench.page.keyboard.press('Escape');
  await workbench.quickFix('Migrate to an EgressRouter', workbench.toast(/can become what is shown/));
  await workbench.picture('26-migration');
  await workbench.toastButton('Apply').click();
  await workbench.line('kind: EgressRouter').waitFor();
  await workbench.picture('27-migrated');
});

test('nothing was asked of another machine', () => {
  expect([...workbench.refusedHosts]).toEqual([]);
});
