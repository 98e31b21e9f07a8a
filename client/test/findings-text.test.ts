import { expect, test } from 'vitest';
import { findingLines, hasErrors, hasMore, reportText } from '#client/commands/findings-text.ts';
import { itemsOf } from '#client/commands/preflight.ts';
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
  expect([hasMore(report), hasErrors(report)]).toEqual([true, true]);
  const fine: PreflightReport = { findings: report.findings, routers: [] };
  expect(findingLines(fine)).toEqual([]);
  expect([hasMore(fine), hasErrors(fine)]).toEqual([false, false]);
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

test('of several routers, what is said of all is said once, and each other line names its router', () => {
  const nic = { code: 'nic', verdict: 'warning', message: 'No NIC is on the network.' } as const;
  const taken = { code: 'address', verdict: 'error', message: 'It is taken.' } as const;
  const several: PreflightReport = {
    findings: [],
    routers: ['a', 'b'].map((name) => ({
      router: { namespace: 'web', name },
      findings: name === 'a' ? [nic, taken] : [nic],
    })),
  };
  expect(findingLines(several)).toEqual([
    '',
    'Preflight:',
    '✗ web/a: It is taken.',
    '⚠ all 2 routers: No NIC is on the network.',
  ]);
  expect(reportText(several)).toBe(`# all 2 routers

⚠ **Warning**: No NIC is on the network.

# web/a

✗ **Error**: It is taken.
`);
  expect(itemsOf(several).map(({ label, description, detail }) => [label, description, detail])).toEqual([
    ['$(error) Address', 'web/a', 'It is taken.'],
    ['$(warning) NIC', 'all 2 routers', 'No NIC is on the network.'],
  ]);
});
