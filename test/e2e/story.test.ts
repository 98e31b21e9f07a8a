// The main job by hand: write a router, deploy it, expose it, send traffic through it, tear it down; with a real
// VS Code, the packaged extension, and a sandbox whose routers move real packets. The tests are the steps of one
// story: each begins where the one before it ended.
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSandbox, type TestSandbox } from '../host/sandbox.ts';
import { openWorkbench } from './open-workbench.ts';
import type { Workbench } from './workbench.ts';

const root = path.dirname(path.dirname(import.meta.dirname));
const slowMs = 90_000;

/** A datagram may be lost, so it is sent again until something comes back. */
const askByUdp = `
  exec 3<>/dev/udp/partner-api.demo.svc/8053
  for try in 1 2 3 4 5; do
    echo x >&3
    timeout 2 head -n 1 <&3 && exit
  done
  exit 1
`;

let sandbox: TestSandbox;
let workbench: Workbench;

beforeAll(async () => {
  sandbox = await openSandbox('e2e');
  expect(sandbox.networking, sandbox.reason).toBe('real');
  workbench = await openWorkbench({ folder: path.join(root, 'samples'), kubeconfig: sandbox.kubeconfig });
});

afterAll(async () => {
  await workbench?.close();
  await sandbox?.stop();
});

test('an empty cluster is said to be empty, with the next step', async () => {
  await workbench.openSidebar();
  await workbench.shows(workbench.sidebar, /No egress router here yet/);
  await workbench.shows(workbench.sidebar, /Deploy the Router in the Editor/);
  await workbench.picture('01-empty-cluster');
});

test('a gateway outside the subnet is underlined, and the hover says why', async () => {
  await workbench.openFile('router.yaml');
  await workbench.replaceLine('gateway: 192.168.12.1', 'gateway: 10.0.0.1');
  await workbench.squiggle.first().waitFor();
  await workbench.hoverOver('10.0.0.1', /10\.0\.0\.1 is outside 192\.168\.12\.0\/24/);
  await workbench.picture('02-gateway-outside-the-subnet');
});

test('Deploy refuses a document with errors, and names them', async () => {
  await workbench.lens('Deploy').click();
  await workbench.shows(workbench.dialog, /partner-api cannot be deployed yet/);
  await workbench.shows(workbench.dialog, /Line \d+: The gateway 10\.0\.0\.1 is outside/);
  await workbench.picture('03-deploy-refused');
  await workbench.answer('Cancel');
});

test('completion offers the gateways of the subnet, and taking one mends the router', async () => {
  await workbench.replaceLine('gateway: 10.0.0.1', 'gateway: ');
  await workbench.page.keyboard.press('Control+Space');
  await workbench.shows(workbench.suggestions.first(), /192\.168\.12\.1/);
  await workbench.picture('04-completion');
  await workbench.page.keyboard.press('Enter');
  await workbench.line('gateway: 192.168.12.1').waitFor();
  await workbench.squiggle.first().waitFor({ state: 'detached' });
});

test('Deploy shows what it will make, then the router comes up in the sidebar, beside the editor', async () => {
  await workbench.openExplorer();
  await workbench.lens('Deploy').click();
  await workbench.shows(workbench.dialog, /Deploy partner-api to context sandbox, namespace demo\?/);
  await workbench.shows(workbench.dialog, /create EgressRouter demo\/partner-api/);
  await workbench.picture('05-deploy-plan');
  await workbench.answer('Deploy');
  await workbench.row(/partner-api.*Ready/).waitFor({ timeout: slowMs });
  await workbench.row('192.168.12.99/24').waitFor();
  await workbench.sidebar.locator('.monaco-list-row.selected', { hasText: 'partner-api' }).waitFor();
  expect(await workbench.page.locator('.sidebar :focus').count()).toBe(0);
  await workbench
    .toast(/demo\/partner-api is ready\. Expose it, and clients call partner-api\.demo\.svc:8080/)
    .waitFor();
  await workbench.lens('Ready in sandbox').waitFor();
  await workbench.picture('06-ready');
});

test('Expose gives clients an address', async () => {
  await workbench.toastButton('Expose').click();
  await workbench.shows(workbench.dialog, /Expose partner-api in context sandbox, namespace demo\?/);
  await workbench.shows(workbench.dialog, /create Service demo\/partner-api/);
  await workbench.picture('07-expose-plan');
  await workbench.answer('Expose');
  await workbench.toast(/Clients call partner-api\.demo\.svc:8080 \(TCP\)/).waitFor();
  await workbench.row('partner-api.demo.svc:8080').waitFor();
  await workbench.progressGone('Exposing demo/partner-api');
  // Those of the README, in docs/images, are these: small, and without what only the pointer shows.
  await workbench.page.mouse.move(200, 500);
  await workbench.page.setViewportSize({ width: 1120, height: 620 });
  await workbench.pictures('08-exposed');
  await workbench.page.setViewportSize({ width: 1280, height: 800 });
});

test('a client of the Service reaches the outside server from the reserved address', async () => {
  const answer = await sandbox.inClient('curl', '-s', '-m', '10', 'http://partner-api.demo.svc:8080');
  expect(JSON.parse(answer)).toEqual({ peer: '192.168.12.99', server: '203.0.113.25:80' });
});

test('so does one that sends datagrams', async () => {
  const answer = await sandbox.inClient('bash', '-c', askByUdp);
  expect(JSON.parse(answer)).toEqual({ peer: '192.168.12.99', server: '203.0.113.26:53' });
});

test('Tear Down asks once, naming all that goes, and then the sidebar is empty', async () => {
  await workbench.rowAction(workbench.row(/partner-api.*Ready/), 'Tear Down');
  await workbench.shows(workbench.dialog, /Tear down partner-api in context sandbox, namespace demo\?/);
  for (const object of ['EgressRouter demo/partner-api', 'Service demo/partner-api', 'Deployment demo/']) {
    await workbench.shows(workbench.dialog, object);
  }
  await workbench.picture('09-tear-down');
  await workbench.answer('Tear Down');
  await workbench.shows(workbench.sidebar, /No egress router here yet/);
});

test('a NIC that the node does not have: the reason the plugin gave stands on the router', async () => {
  await workbench.replaceLine('mode: Bridge', 'mode: Bridge\nmaster: enp9s9');
  await workbench.command('Egress Router: Deploy');
  await workbench.answer('Deploy');
  await workbench.row(/partner-api.*Degraded/).waitFor({ timeout: slowMs });
  await workbench.row(/^macvlan master "enp9s9" does not exist on this node/).waitFor();
  await workbench.toast(/EgressRouter demo\/partner-api does not come up\. .*enp9s9/).waitFor();
  await workbench.progressGone('Deploying partner-api');
  await workbench.widenSidebar();
  await workbench.picture('10-no-such-nic');
});

test('the router that never came up goes as well', async () => {
  await workbench.rowAction(workbench.row(/partner-api.*Degraded/), 'Tear Down');
  await workbench.answer('Tear Down');
  await workbench.shows(workbench.sidebar, /No egress router here yet/);
  await workbench.progressGone('Tearing down demo/partner-api');
  // The view has shown it.
  expect(await workbench.toast(/is torn down/).count()).toBe(0);
  await workbench.picture('11-gone');
});

test('nothing was asked of another machine', () => {
  expect([...workbench.refusedHosts]).toEqual([]);
});
