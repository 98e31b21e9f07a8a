// What Enter does to a question about a plan.
import { expect, test } from 'vitest';
import { agree } from '#client/commands/agree.ts';
import type { Desk } from '#client/commands/desk.ts';
import { buttonsOf } from '#client/question.ts';
import type { PreflightReport } from '#cluster/preflight-report.ts';
import type { ApplyPlan } from '#core/egress-router/apply-plan.ts';
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

const wanted = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'web' } };
const conflict = {
  kind: 'conflict',
  wanted,
  conflicts: [{ manager: 'argocd', field: '.spec.type' }],
} as const;
const taken = { changes: [], before: wanted, after: wanted };

test.each<[string, ApplyPlan['items'], PreflightReport | undefined, readonly string[]]>([
  ['shows what would change', [{ ...conflict, taken }], undefined, ['Show Changes', 'Take Over']],
  ['leaves it, where that is not known', [conflict], undefined, ['Leave It As It Is', 'Take Over']],
  [
    'shows an error of preflight',
    [conflict],
    found('error'),
    ['Show Preflight', 'Take Over', 'Leave It As It Is'],
  ],
])('where a field is taken from somebody, Enter %s', async (_, items, report, buttons) => {
  const asked: (readonly string[])[] = [];
  const dialogs: Partial<Desk['dialogs']> = {
    decide: async (decision) => {
      asked.push(buttonsOf(decision));
      return undefined;
    },
  };
  const desk = { dialogs } as unknown as Desk;
  const question = { message: 'Deploy?', detail: '', action: 'Take Over' };
  await agree(desk, { context: 'prod', question, plan: { items }, ...(report && { report }) });
  expect(asked).toEqual([buttons]);
});
