import { t } from '#client/l10n.ts';
import { notificationText } from '#client/notification-text.ts';
import { told } from '#client/told.ts';
import type { PreflightReport } from '#cluster/preflight-report.ts';
import { type Finding, type Verdict, worstFirst } from '#core/platform/finding.ts';
import { type FindingGroup, groupFindings } from '#core/platform/group-findings.ts';
import { shorten } from './plan-text.ts';

/** Lines for a dialog: what is not as it should be. */
export function findingLines(report: PreflightReport): readonly string[] {
  const { findings, routers } = report;
  const groups = groupFindings(routers).flatMap((group) => {
    // Of one router it is clear whose they are.
    const title = routers.length > 1 ? `${groupTitle(group, routers.length)}: ` : '';
    return group.findings.map(({ verdict, message }) => ({ verdict, line: `${title}${told(message)}` }));
  });
  const ofCluster = findings.map(({ verdict, message }) => ({ verdict, line: told(message) }));
  const lines = worstFirst([...ofCluster, ...groups])
    .filter(isTold)
    .map(({ verdict, line }) => `${marks[verdict]} ${line}`);
  return lines.length === 0 ? [] : ['', t`Preflight:`, ...shorten(lines)];
}

/** Whom a group is of. */
export function groupTitle({ routers }: FindingGroup, numberOfRouters: number): string {
  if (routers.length > 1 && routers.length === numberOfRouters) return t`all ${numberOfRouters} routers`;
  const shown = routers
    .slice(0, mostNamed)
    .map(({ namespace, name }) => `${namespace}/${name}`)
    .join(', ');
  return routers.length > mostNamed ? t`${shown} and ${routers.length - mostNamed} more` : shown;
}

const mostNamed = 5;

/** There is more to read than that all is well: the MAC address that a switch must admit, for example. */
export function hasMore(report: PreflightReport): boolean {
  return allOf(report).some(({ verdict }) => verdict !== 'ok');
}

export function hasErrors(report: PreflightReport): boolean {
  return allOf(report).some(({ verdict }) => verdict === 'error');
}

function allOf({ findings, routers }: PreflightReport): readonly Finding[] {
  return [...findings, ...routers.flatMap((router) => router.findings)];
}

/** What is only to be known is left to the whole report. */
function isTold({ verdict }: Pick<Finding, 'verdict'>): boolean {
  return verdict === 'error' || verdict === 'warning';
}

/** All of a report, as Markdown. */
export function reportText({ findings, routers }: PreflightReport): string {
  const parts = [
    { title: t`Cluster`, findings: worstFirst(findings) },
    ...groupFindings(routers).map((group) => ({
      title: groupTitle(group, routers.length),
      findings: group.findings,
    })),
  ];
  return parts
    .filter((part) => part.findings.length > 0)
    .map((part) => [`# ${part.title}`, ...part.findings.map(findingText)].join('\n\n'))
    .join('\n\n')
    .concat('\n');
}

function findingText({ verdict, message, remedy }: Finding): string {
  // Manifests and clusters are quoted, and the editor makes links of Markdown, also such as run a command.
  const line = `${marks[verdict]} **${words[verdict]}**: ${notificationText(told(message))}`;
  return remedy === undefined
    ? line
    : `${line}\n\n${told(remedy.title)}:\n\n\`\`\`\n${remedy.text.trimEnd()}\n\`\`\``;
}

const marks = { ok: '✓', information: 'ℹ', warning: '⚠', error: '✗' } as const satisfies Record<
  Verdict,
  string
>;

const words = {
  ok: t`Right`,
  information: t`Information`,
  warning: t`Warning`,
  error: t`Error`,
} as const satisfies Record<Verdict, string>;
