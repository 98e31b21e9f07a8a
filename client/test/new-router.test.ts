// What New Router goes on with, and what it asks about once more.
import { expect, test } from 'vitest';
import { type NewRouterDesk, newRouter } from '#client/commands/new-router.ts';
import type { Answer } from '#client/steps.ts';

const message = 'Router demo/bank of the cluster has this address. Take another one.';

test.each<[string, string, readonly string[]]>([
  [
    'is asked for again',
    'Another Address',
    [
      'Name',
      'Namespace',
      'Reserved address',
      'Another Address, Use It Anyway',
      'Reserved address: 192.168.12.80/24',
    ],
  ],
  [
    'is gone on with by a choice',
    'Use It Anyway',
    ['Name', 'Namespace', 'Reserved address', 'Another Address, Use It Anyway', 'Gateway'],
  ],
])('an address that something else has %s', async (_, chosen, expected) => {
  const answers = ['partner', 'demo', '192.168.12.80/24'];
  const asked: string[] = [];
  const dialogs = {
    ask: async ({ title, value }: { title: string; value: string }): Promise<Answer> => {
      asked.push(title.replace('New Egress Router: ', '') + (value === '' ? '' : `: ${value}`));
      const text = answers.shift();
      return text === undefined ? { kind: 'closed' } : { kind: 'value', text };
    },
    choose: async ({ choices }: { choices: readonly { text: string }[] }): Promise<Answer> => {
      asked.push(choices.map(({ text }) => text).join(', '));
      return { kind: 'value', text: chosen };
    },
  };
  const language = {
    toYaml: async () => '',
    draft: async (path: readonly unknown[], value: unknown) => ({
      offers: [],
      ...(path.at(-1) === 'ip' && JSON.stringify(value).includes('192.168.12.80')
        ? { problem: { severity: 'warning', message, isTaken: true } }
        : {}),
    }),
  };
  await newRouter({ dialogs, language } as unknown as NewRouterDesk, undefined);
  expect(asked).toEqual(expected);
});
