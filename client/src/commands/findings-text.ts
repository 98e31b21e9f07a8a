import { notificationText } from '#client/notification-text.ts';
import type { PreflightReport } from '#cluster/preflight-report.ts';
import { type Finding, type Verdict, worstFirst } from '#core/platform/finding.ts';
import { shorten } from './plan-text.ts';

/** Lines for a dialog: what is not as it should be. */
export function findingLines(report: PreflightReport): readonly string[] {
  const told = toldOf(report);
  return told.length === 0
    ? []
    : ['', 'Preflight:', ...shorten(told.map(({ verdict, message }) => `${marks[verdict]} ${message}`))];
}

export function hasTold(report: PreflightReport): boolean {
  return toldOf(report).length > 0;
}

export function hasErrors(report: PreflightReport): boolean {
  return toldOf(report).some(({ verdict }) => verdict === 'error');
}

/** What is only to be known is left to the whole report. */
function toldOf({ findings, routers }: PreflightReport): readonly Finding[] {
  const all = [...findings, ...routers.flatMap((router) => router.findings)];
  return worstFirst(all).filter(({ verdict }) => verdict === 'error' || verdict === 'warning');
}

/** All of a report, as Markdown. */
export function reportText({ findings, routers }: PreflightReport): string {
  const parts = [
    { title: 'Cluster', findings },
    ...routers.map(({ router, findings: own }) => ({
      title: `${router.namespace}/${router.name}`,
      findings: own,
    })),
  ];
  return parts
    .filter((part) => part.findings.length > 0)
    .map((part) => [`# ${part.title}`, ...worstFirst(part.findings).map(findingText)].join('\n\n'))
    .join('\n\n')
    .concat('\n');
}

function findingText({ verdict, message, remedy }: Finding): string {
  // Manifests and clusters are quoted, and the editor makes links of Markdown, also such as run a command.
  const line = `${marks[verdict]} **${words[verdict]}**: ${notificationText(message)}`;
  return remedy === undefined
    ? line
    : `${line}\n\n${remedy.title}:\n\n\`\`\`\n${remedy.text.trimEnd()}\n\`\`\``;
}

const marks = { ok: '✓', information: 'ℹ', warning: '⚠', error: '✗' } as const satisfies Record<
  Verdict,
  string
>;

const words = {
  ok: 'Right',
  information: 'Information',
  warning: 'Warning',
  error: 'Error',
} as const satisfies Record<Verdict, string>;
