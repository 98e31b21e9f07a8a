// What Enter does to a question about a plan.
import { expect, test } from 'vitest';
import { agree } from '#client/commands/agree.ts';
import type { Desk } from '#client/commands/desk.ts';
import { buttonsOf } from '#client/question.ts';
import type { PreflightReport } from '#cluster/preflight-report.ts';
import type { Verdict } from '#core/platform/finding.ts';

function found(verdict: Verdict): PreflightReport {
  const findings = [{ code: 'address', verdict, message: 'It is taken.' } as const];
  return { findings: [], routers: [{ router: { namespace: 'web', name: 'a' }, findings }] };
}

test.each<[string, PreflightReport, readonly string[]]>([
  ['finds an error, Enter shows it', found('error'), ['Show Preflight', 'Deploy']],
  ['has something to say, Enter deploys', found('information'), ['Deploy', 'Show Preflight']],
  ['finds all well, Enter deploys', found('ok'), ['Deploy']],
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
