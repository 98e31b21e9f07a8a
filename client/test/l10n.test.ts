// In another language: every text that is drawn comes from the bundle, values in their places.
import { expect, test, vi } from 'vitest';
import { l10n } from 'vscode';
import { eventsText } from '#client/commands/events-text.ts';
import { LogTail } from '#client/commands/log-tail.ts';
import { planLines } from '#client/commands/plan-text.ts';
import { t } from '#client/l10n.ts';
import { sentencesOf } from '#client/sentences.ts';
import { told } from '#client/told.ts';
import { SidebarMaker } from '#client/tree/sidebar.ts';
import { toRouterState } from '#cluster/router-state.ts';
import { decodeSandboxError } from '#cluster/sandbox-error.ts';
import { router } from '../../cluster/test/objects-of-a-router.ts';
import { messagesOf, sentencesIn } from '../../scripts/generate-l10n.mjs';

vi.mock('vscode', async () => {
  const { pseudoL10n } = await import('./pseudo-bundle.ts');
  return { l10n: pseudoL10n() };
});

test('the sidebar', () => {
  const sidebar = new SidebarMaker().make(
    { kind: 'failed', reason: 'unreachable', message: 'said by the cluster' },
    { namespace: undefined, grouping: 'flat', filter: '' },
  );
  expect(sidebar.place).toBe('⟦cannot connect⟧');
  expect(sidebar.nodes.map(({ label }) => label)).toEqual(['⟦Try Again⟧', '⟦Switch Context…⟧', '⟦Show Log⟧']);
});

test('texts with values', () => {
  expect(eventsText('demo/a', 'okd', [])).toMatch(
    /^⟦# Events of demo\/a [^⟧]* okd, [^⟧]*⟧\n\n⟦# There are none.*⟧\n$/,
  );
  const tail = new LogTail(1);
  tail.push(['one', 'two']);
  expect(tail.text).toBe('⟦[1 earlier lines are not shown.]⟧\ntwo\n');
  const metadata = { name: 'a', namespace: 'demo' };
  expect(
    planLines({ items: [{ kind: 'create', wanted: { apiVersion: 'v1', kind: 'Service', metadata } }] }),
  ).toEqual(['⟦+ create Service demo/a⟧']);
});

function checkTold(said: string, translated: string): void {
  expect(told(said)).toBe(translated);
}

test('what the code for clusters says, sentence by sentence', () => {
  const facts = { router: router(), nad: undefined, deployment: undefined, current: [] };
  const around = {
    rival: { ip: '192.168.12.99', namespace: 'other', name: 'b' },
    pending: undefined,
    unseen: [],
  };
  const state = toRouterState({ ...facts, ...around });
  checkTold(
    state.kind === 'ready' ? '' : state.message,
    "⟦EgressRouter other/b reserves 192.168.12.99 too: two pods with one address take each other's connections.⟧ ⟦Give one of them another address, or tear it down.⟧",
  );
});

test('what a plugin said on some node, with what to do about it', () =>
  checkTold(
    decodeSandboxError(
      'error adding container to network "a": macvlan master "ens9" does not exist on this node (it has: eth0)',
    ),
    '⟦macvlan master "ens9" does not exist on this node (⟦it has: eth0⟧)⟧. ⟦Set networkInterface.macvlan.master to a NIC that the node has, or leave it out.⟧',
  ));

test('what stands in another sentence, and before one', () => {
  checkTold(
    'Pod a-b: waiting for its interface on the outside network.',
    'Pod a-b: ⟦waiting for its interface on the outside network.⟧',
  );
  checkTold(
    'Running without net1: Multus has attached other networks only. Look at the NetworkAttachmentDefinition, then restart the router.',
    '⟦Running without net1: ⟦Multus has attached other networks only.⟧.⟧ ⟦Look at the NetworkAttachmentDefinition, then restart the router⟧.',
  );
  checkTold(
    'spec.addresses[0]: Waiting for the Deployment.',
    'spec.addresses[0]: ⟦Waiting for the Deployment.⟧',
  );
});

test('what nobody has translated stays', () => {
  for (const text of ['', 'x', 'Back-off restarting failed container egress-router', 'A. b\nC, d.  ']) {
    checkTold(text, text);
  }
});

test('hostile texts end within the time of a test', () => {
  for (const text of ['Cluster "', 'a. B', 'Pod a: ', '. Namespace ', 'No node takes the pod: ']) {
    told(text.repeat(Math.floor(10_000 / text.length)));
    checkTold(text.repeat(1_000_000), text.repeat(1_000_000));
  }
});

test('each text of the bundle is found again by how it reads', () => {
  const lost = Object.keys(l10n.bundle ?? {}).filter((message) => {
    const words = message.replace(/\{\d+\}/g, ' ').match(/[A-Za-z]{2,}/g) ?? [];
    if (words.length < 2 || sentencesOf(message).length > 1 || message.includes('\n')) return false;
    return !told(message.replace(/\{(\d+)\}/g, '<$1>')).includes('⟦');
  });
  expect(lost).toEqual([]);
});

test('sentences are found in the code that says them', () => {
  const source =
    "say(`Pod ${name} is late. Look at ${node}.${more}`, 'no', /It's a pattern/, 'eth0', 'Wait a bit.')";
  expect(sentencesIn(source)).toEqual(['Pod {0} is late.', 'Look at {0}.', 'Wait a bit.']);
});

test('what is not in the bundle would be seen', () => {
  expect(() => t`nobody says this`).toThrow('Not in the bundle');
});

test('texts are found in the code as they are looked up', () => {
  const source = 'f(t`one`, t`a \\`${x ? `b ${t`in ${{ a: "}" }.a}`}` : \'}\'}\\` and ${y}`, cat`no`)';
  expect(messagesOf(source)).toEqual(['one', 'a `{0}` and {1}', 'in {0}']);
});
