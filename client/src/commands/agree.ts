import { commands, type Uri, window, workspace } from 'vscode';
import { t } from '#client/l10n.ts';
import { buttonsOf, type Question } from '#client/question.ts';
import { refText } from '#cluster/object-ref.ts';
import type { PreflightReport } from '#cluster/preflight-report.ts';
import type { ApplyPlan, Change } from '#core/egress-router/apply-plan.ts';
import type { Desk } from './desk.ts';
import { hasErrors, hasMore, reportText } from './findings-text.ts';
import { hasConflict } from './plan-text.ts';

export interface Proposal {
  readonly context: string;
  readonly question: Question;
  readonly plan: ApplyPlan;
  /** What a preflight of it found. */
  readonly report?: PreflightReport;
  /** Another way to go on, which ends the question. */
  readonly other?: string;
}

/**
 * Asks whether a plan is to be carried out. Whoever wants to see the changes side by side, or the whole preflight,
 * is shown them and asked again in a notification, which does not hide them.
 *
 * @returns the action or the other way that was chosen
 */
export async function agree(desk: Desk, proposal: Proposal): Promise<string | undefined> {
  const { question, plan, report, other } = proposal;
  const changes = plan.items.flatMap((item) => {
    if (item.kind === 'change') return [item];
    return item.kind === 'conflict' && item.taken !== undefined ? [item.taken] : [];
  });
  const hasFindings = report !== undefined && hasMore(report);
  const others = [
    ...(other === undefined ? [] : [other]),
    ...(changes.length === 0 ? [] : [showChanges]),
    ...(hasFindings ? [showPreflight] : []),
    ...(changes.length === 0 && hasConflict(plan) ? [leave] : []),
  ];
  const preferred = preferredOf(proposal, changes.length > 0);
  let chosen = await desk.dialogs.decide({ ...question, others, ...preferred });
  for (;;) {
    if (chosen === showChanges) await openChanges(desk, proposal.context, changes);
    else if (chosen === showPreflight && report !== undefined) await openReport(desk, report);
    else return chosen;
    const kind = question.isGrave === true ? 'warning' : 'information';
    chosen = await desk.dialogs.tell(
      kind,
      question.message,
      buttonsOf({ action: question.action, others, ...preferred }),
    );
  }
}

/** Enter neither overlooks an error nor takes a field from somebody. */
function preferredOf({ plan, report }: Proposal, hasChanges: boolean): { readonly preferred?: string } {
  if (report !== undefined && hasErrors(report)) return { preferred: showPreflight };
  if (!hasConflict(plan)) return {};
  return { preferred: hasChanges ? showChanges : leave };
}

const showChanges = t`Show Changes`;
const leave = t`Leave It As It Is`;
const showPreflight = t`Show Preflight`;

/** As the API server says that the objects would become. */
async function openChanges(desk: Desk, context: string, changes: readonly Change[]): Promise<void> {
  const sides = await Promise.all(
    changes.map(async ({ before, after }) => {
      const { kind, metadata } = after;
      const path = `/changes/${context}/${metadata.namespace ?? ''}/${kind}-${metadata.name}.yaml`;
      return {
        title: refText({ kind, ...metadata }),
        left: desk.texts.put(path, await desk.language.toYaml(before), undefined, 'before'),
        right: desk.texts.put(path, await desk.language.toYaml(after), undefined, 'after'),
      };
    }),
  );
  const [first, ...more] = sides;
  if (first === undefined) return;
  if (more.length === 0) {
    const title = t`${first.title}: in ${context} ↔ then`;
    await commands.executeCommand('vscode.diff', first.left, first.right, title, { preview: true });
    return;
  }
  const resources: readonly (readonly [Uri, Uri, Uri])[] = sides.map(({ left, right }) => [
    right,
    left,
    right,
  ]);
  await commands.executeCommand(
    'vscode.changes',
    t`${sides.length} objects: in ${context} ↔ then`,
    resources,
  );
}

/** As text, from which commands and settings can be copied. */
export async function openReport(desk: Desk, report: PreflightReport): Promise<void> {
  const [first, ...more] = report.routers;
  const name =
    first === undefined || more.length > 0 ? 'cluster' : `${first.router.namespace}/${first.router.name}`;
  const uri = desk.texts.put(`/preflight/${name}.md`, reportText(report));
  await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
}
