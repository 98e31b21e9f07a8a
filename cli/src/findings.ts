import type { PreflightReport } from '#cluster/preflight-report.ts';
import { type Finding, worstFirst } from '#core/platform/finding.ts';
import { inOneLine, oneLine } from './printable.ts';

/** For people: each finding with what there is to do about it, under the router that it is of. */
export function formatReport({ findings, routers }: PreflightReport): string {
  const parts = [
    findings.map(formatFinding).join(''),
    ...routers.map(
      ({ router: { namespace, name }, findings: own }) =>
        `${inOneLine(`${namespace}/${name}`)}\n${worstFirst(own).map(formatFinding).join('')}`,
    ),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** Without what is as it should be. */
export function withoutOk({ findings, routers }: PreflightReport): PreflightReport {
  const isTold = ({ verdict }: Finding): boolean => verdict !== 'ok';
  return {
    findings: findings.filter(isTold),
    routers: routers
      .map(({ router, findings: own }) => ({ router, findings: own.filter(isTold) }))
      .filter(({ findings: own }) => own.length > 0),
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
