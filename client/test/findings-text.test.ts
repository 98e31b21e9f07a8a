import { expect, test } from 'vitest';
import { findingLines, hasErrors, hasTold, reportText } from '#client/commands/findings-text.ts';
import type { PreflightReport } from '#cluster/preflight-report.ts';

const report: PreflightReport = {
  findings: [{ code: 'crd', verdict: 'ok', message: 'The cluster knows EgressRouters.' }],
  routers: [
    {
      router: { namespace: 'web', name: 'a' },
      findings: [
        { code: 'nic', verdict: 'information', message: 'Nothing tells.' },
        {
          code: 'platform',
          verdict: 'warning',
          message: 'Set it.',
          remedy: { title: 'Command', text: 'set\nit\n' },
        },
        { code: 'address', verdict: 'error', message: 'It is taken.' },
      ],
    },
  ],
};

test('a dialog tells what is not as it should be, the worst first', () => {
  expect(findingLines(report)).toEqual(['', 'Preflight:', '✗ It is taken.', '⚠ Set it.']);
  expect([hasTold(report), hasErrors(report)]).toEqual([true, true]);
  const fine: PreflightReport = { findings: report.findings, routers: [] };
  expect(findingLines(fine)).toEqual([]);
  expect([hasTold(fine), hasErrors(fine)]).toEqual([false, false]);
});

test('the text has all of it, with what there is to copy', () => {
  expect(reportText(report)).toBe(`# Cluster

✓ **Right**: The cluster knows EgressRouters.

# web/a

✗ **Error**: It is taken.

⚠ **Warning**: Set it.

Command:

\`\`\`
set
it
\`\`\`

ℹ **Information**: Nothing tells.
`);
});

test('what is quoted makes no link', () => {
  const message = '"[x](command:workbench.action.quit)" cannot be a name.';
  const text = reportText({ findings: [{ code: 'document', verdict: 'error', message }], routers: [] });
  expect(text).toContain('cannot be a name');
  expect(text).not.toContain('](');
});
