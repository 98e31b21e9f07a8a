import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import { configuredRoutersPerNic } from '#client/settings.ts';
import { told } from '#client/told.ts';
import type { PreflightSubject } from '#cluster/api.ts';
import type { PreflightReport } from '#cluster/preflight-report.ts';
import { type Finding, worstFirst } from '#core/platform/finding.ts';
import { groupFindings } from '#core/platform/group-findings.ts';
import { openReport } from './agree.ts';
import type { Desk } from './desk.ts';
import { groupTitle } from './findings-text.ts';
import { findSelected } from './sources.ts';
import { toTarget } from './target.ts';

/**
 * Says what of the cluster is ready for egress routers and what is missing; started on a router, or on a manifest,
 * also whether that one could come up. A finding that has something to copy copies it when it is chosen.
 */
export async function preflight(desk: Desk, argument?: unknown): Promise<void> {
  const asked = await subjectOf(desk, argument);
  if (asked === undefined) return;
  const { subject, name } = asked;
  const { report, context } = await desk.connection.use(async (session) => ({
    context: session.context,
    report: await desk.dialogs.progress(t`Checking ${name ?? t`context ${session.context}`}`, (_, signal) =>
      session.preflight(subject, { signal, routersPerNic: configuredRoutersPerNic() }),
    ),
  }));
  for (const { code, verdict, message } of allOf(report)) {
    desk.log.info(`Preflight: ${code}: ${verdict}: ${message}`);
  }
  const title =
    name === undefined
      ? t`Context ${context}: ready for egress routers?`
      : t`${name}: can it work in ${context}?`;
  const picked = await desk.dialogs.pick(title, [...itemsOf(report), showAll]);
  if (picked === undefined) return;
  if ('finding' in picked && picked.finding?.remedy !== undefined) {
    await desk.dialogs.copy(picked.finding.remedy.text);
    void desk.dialogs.tell('information', t`Copied: ${told(picked.finding.remedy.title)}.`, []);
    return;
  }
  await openReport(desk, report);
}

const showAll: { readonly label: string; readonly finding?: Finding } = {
  label: t`$(file-text) Show All as Text`,
};

interface Asked {
  readonly subject: PreflightSubject;
  /** Absent: of no router. */
  readonly name?: string;
}

async function subjectOf(desk: Desk, argument: unknown): Promise<Asked | undefined> {
  const target = toTarget(argument);
  switch (target.kind) {
    case 'router': {
      const { namespace, name } = target;
      return { subject: { kind: 'router', router: { namespace, name } }, name: `${namespace}/${name}` };
    }
    case 'document': {
      const sources = await findSelected(desk, target);
      const [first, ...more] = sources ?? [];
      if (first === undefined) return undefined;
      if (first.document.object === undefined) {
        throw new CommandError(t`The document cannot be read. Correct what the editor underlines first.`);
      }
      const all = [first, ...more];
      const documents = all.map(({ document }) => ({
        value: document.object,
        source: document.name ?? t`The router`,
      }));
      const name =
        more.length === 0 ? (first.document.name ?? t`The router`) : t`${all.length} egress routers`;
      return { subject: { kind: 'documents', documents }, name };
    }
    case 'none': {
      const { namespace } = desk.connection.selection;
      return { subject: { kind: 'namespace', ...(namespace === undefined ? {} : { namespace }) } };
    }
  }
}

function allOf({ findings, routers }: PreflightReport): readonly Finding[] {
  return [...findings, ...routers.flatMap((router) => router.findings)];
}

/** Of several routers each names those that it is of. */
export function itemsOf({ findings, routers }: PreflightReport) {
  const groups = groupFindings(routers).flatMap((group) => {
    const title = routers.length > 1 ? groupTitle(group, routers.length) : undefined;
    return group.findings.map((finding) => ({ finding, title, verdict: finding.verdict }));
  });
  const ofCluster = findings.map((finding) => ({ finding, title: undefined, verdict: finding.verdict }));
  return worstFirst([...ofCluster, ...groups]).map(({ finding, title }) => {
    const copied = finding.remedy === undefined ? undefined : `$(copy) ${told(finding.remedy.title)}`;
    const description = [title, copied].filter((part) => part !== undefined).join(' ');
    return {
      label: `${iconOf(finding)} ${titles[finding.code]}`,
      ...(description === '' ? {} : { description }),
      detail: told(finding.message),
      finding,
    };
  });
}

const titles = {
  crd: 'EgressRouters',
  multus: 'Multus',
  reconciler: t`Operator`,
  permissions: t`Permissions`,
  document: t`Manifest`,
  router: t`Router`,
  platform: t`Platform`,
  address: t`Address`,
  nic: 'NIC',
  capacity: t`Routers on the NIC`,
  sctp: 'SCTP',
  'pod-security': t`Pod Security`,
  scc: 'SecurityContextConstraints',
  'second-router': t`Other Routers in the Namespace`,
} as const satisfies Record<Finding['code'], string>;

function iconOf({ verdict }: Finding): string {
  switch (verdict) {
    case 'ok':
      return '$(pass)';
    case 'information':
      return '$(info)';
    case 'warning':
      return '$(warning)';
    case 'error':
      return '$(error)';
  }
}
