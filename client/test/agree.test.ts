// What Enter does to a question about a plan.
import { expect, test } from 'vitest';
import { agree } from '#client/commands/agree.ts';
import type { Desk } from '#client/commands/desk.ts';
import { buttonsOf } from '#client/question.ts';
import type { PreflightReport } from '#cluster/preflight-report.ts';

const taken: PreflightReport = {
  findings: [],
  routers: [
    {
      router: { namespace: 'web', name: 'a' },
      findings: [{ code: 'address', verdict: 'error', message: 'It is taken.' }],
    },
  ],
};

test.each<[string, PreflightReport, readonly string[]]>([
  ['finds an error, Enter shows it', taken, ['Show Preflight', 'Deploy']],
  ['finds nothing, Enter deploys', { findings: [], routers: [] }, ['Deploy']],
])('where preflight %s', async (_, report, buttons) => {
  const asked: (readonly string[])[] = [];
  const dialogs: Partial<Desk['dialogs']> = {
    decide: async (decision) => {
      asked.push(buttonsOf(decision));
      return undefined;
    },
  };
  const question = { message: 'Deploy?', detail: '', action: 'Deploy' };
  const desk = { dialogs } as unknown as Desk;
  await agree(desk, { context: 'prod', question, plan: { items: [] }, report });
  expect(asked).toEqual([buttons]);
});
