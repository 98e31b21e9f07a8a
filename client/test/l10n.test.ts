// In another language: every text that is drawn comes from the bundle, values in their places.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { eventsText } from '#client/commands/events-text.ts';
import { LogTail } from '#client/commands/log-tail.ts';
import { planLines } from '#client/commands/plan-text.ts';
import { t } from '#client/l10n.ts';
import { SidebarMaker } from '#client/tree/sidebar.ts';
import { messagesOf } from '../../scripts/generate-l10n.mjs';

/** A bundle as a translator would make it: each text in brackets, its values in the other order. */
vi.mock('vscode', () => {
  const root = path.dirname(path.dirname(import.meta.dirname));
  const bundle: object = JSON.parse(readFileSync(path.join(root, 'l10n/bundle.l10n.json'), 'utf8'));
  return {
    l10n: {
      t: (message: string, ...values: readonly (string | number)[]) => {
        if (!Object.hasOwn(bundle, message)) throw new Error(`Not in the bundle: ${message}`);
        return `⟦${message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)]))}⟧`;
      },
    },
  };
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
    /^⟦# Events of demo\/a .* okd, .*⟧\n\n⟦# There are none.*⟧\n$/,
  );
  const tail = new LogTail(1);
  tail.push(['one', 'two']);
  expect(tail.text).toBe('⟦[1 earlier lines are not shown.]⟧\ntwo\n');
  const metadata = { name: 'a', namespace: 'demo' };
  expect(
    planLines({ items: [{ kind: 'create', wanted: { apiVersion: 'v1', kind: 'Service', metadata } }] }),
  ).toEqual(['⟦+ create Service demo/a⟧']);
});

test('what is not in the bundle would be seen', () => {
  expect(() => t`nobody says this`).toThrow('Not in the bundle');
});

test('texts are found in the code as they are looked up', () => {
  const source = 'f(t`one`, t`a \\`${x ? `b ${t`in ${{ a: "}" }.a}`}` : \'}\'}\\` and ${y}`, cat`no`)';
  expect(messagesOf(source)).toEqual(['one', 'a `{0}` and {1}', 'in {0}']);
});
