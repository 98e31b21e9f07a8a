import type { DeployPlan } from '#cluster/api.ts';
import type { ObjectName } from '#cluster/object-ref.ts';
import type { PreflightReport } from '#cluster/preflight-report.ts';
import type { Finding } from '#core/platform/finding.ts';
import { type FindingGroup, groupFindings } from '#core/platform/group-findings.ts';
import { inOneLine, oneLine } from './printable.ts';

/** For people: each finding with what there is to do about it, under the router or routers that it is of. */
export function formatReport({ findings, routers }: PreflightReport): string {
  const parts = [
    findings.map(formatFinding).join(''),
    ...groupFindings(routers).map(
      (group) =>
        `${inOneLine(titleOf(group, routers.length))}\n${group.findings.map(formatFinding).join('')}`,
    ),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function titleOf({ routers }: FindingGroup, numberOfRouters: number): string {
  if (routers.length > 1 && routers.length === numberOfRouters) return `all ${numberOfRouters} routers`;
  const shown = routers.slice(0, mostNamed).map(({ namespace, name }) => `${namespace}/${name}`);
  return `${shown.join(', ')}${routers.length > mostNamed ? ` and ${routers.length - mostNamed} more` : ''}`;
}

const mostNamed = 5;

/**
 * What a deploy tells: nothing that is as it should be, and what is only worth knowing of routers that are new alone,
 * as it was told when the others were.
 */
export function remarksOf({ items, preflight: { findings, routers } }: DeployPlan): PreflightReport {
  const isNew = ({ namespace, name }: ObjectName): boolean =>
    items.some(
      ({ kind, wanted: { metadata } }) =>
        kind === 'create' && metadata.name === name && metadata.namespace === namespace,
    );
  const isRemark = ({ verdict }: Finding): boolean => verdict !== 'ok';
  const isUrgent = ({ verdict }: Finding): boolean => verdict !== 'ok' && verdict !== 'information';
  return {
    findings: findings.filter(isRemark),
    routers: routers.map(({ router, findings: own }) => ({
      router,
      findings: own.filter(isNew(router) ? isRemark : isUrgent),
    })),
  };
}

export function hasErrors({ findings, routers }: PreflightReport): boolean {
  const all = [...findings, ...routers.flatMap((router) => router.findings)];
  return all.some(({ verdict }) => verdict === 'error');
}

function formatFinding({ verdict, message, remedy }: Finding): string {
  const line = `${verdict.padEnd(11)} ${oneLine(message)}\n`;
  if (remedy === undefined) return line;
  const text = remedy.text.trimEnd().replaceAll('\n', '\n    ');
  return `${line}\n    # ${remedy.title}\n    ${text}\n\n`;
}
