import { type Uri, workspace } from 'vscode';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import { configuredRoutersPerNic } from '#client/settings.ts';
import { told } from '#client/told.ts';
import type { ClusterSession, DeployPlan, DeployResult } from '#cluster/api.ts';
import { agree } from './agree.ts';
import { refuseFaulty } from './deploy-faults.ts';
import { tellOutcomes } from './deploy-outcome.ts';
import { type Desk, isListed } from './desk.ts';
import { findingLines, hasErrors } from './findings-text.ts';
import {
  changesNothing,
  hasConflict,
  planLines,
  problemLines,
  progressText,
  toComeLines,
} from './plan-text.ts';
import type { Source } from './source.ts';
import { findInFiles, findSelected } from './sources.ts';
import { toTarget } from './target.ts';

/** As long as a large image may take to pull. */
const deployTimeoutMs = 180_000;

/** Puts the EgressRouters that are selected, else the one under the cursor, as the editor shows them, into the cluster. */
export async function deploy(desk: Desk, argument: unknown): Promise<void> {
  const target = toTarget(argument);
  if (target.kind === 'router') {
    throw new CommandError(
      t`Deploy reads a manifest. Open the YAML file of the router and deploy from there.`,
    );
  }
  const sources = await findSelected(desk, target);
  if (sources !== undefined) await deploySources(desk, sources);
}

/** The same with every router of files and folders. */
export async function deployFiles(desk: Desk, uris: readonly Uri[]): Promise<void> {
  if (uris.length === 0) throw new CommandError(t`Choose Deploy on a file or folder of the Explorer.`);
  await deploySources(desk, await findInFiles(desk, uris));
}

async function deploySources(desk: Desk, sources: readonly Source[]): Promise<void> {
  const [first, ...more] = sources;
  if (first === undefined) return;
  const name =
    more.length === 0 ? (first.document.name ?? t`the router`) : t`${sources.length} egress routers`;
  if (await refuseFaulty(desk, sources, name)) return;
  await desk.connection.use(async (session) => {
    const documents = sources.map((source) => ({ value: source.document.object, source: placeOf(source) }));
    const routersPerNic = configuredRoutersPerNic();
    const plan = await desk.dialogs.progress(t`Checking ${name} against ${session.context}`, (_, signal) =>
      session.planDeploy(documents, { signal, routersPerNic }),
    );
    if (!(await confirm(desk, session, plan, name))) return;
    await showFirst(desk, session, plan);
    const result = await run(desk, session, plan, name);
    await tellOutcomes(desk, session, result);
  });
}

/** The view shows how it comes up, while the person goes on in the editor. */
async function showFirst(desk: Desk, session: ClusterSession, plan: DeployPlan): Promise<void> {
  const { tree, log } = desk;
  const [first] = plan.items;
  if (first === undefined) return;
  const { name, namespace = session.namespace } = first.wanted.metadata;
  // What the view was told to leave out is left out here, too.
  if (!isListed(desk, namespace)) return;
  // The row may go between its being drawn and its being shown: no reason not to deploy.
  await tree.showBeside({ name, namespace }).catch((error) => log.info(`Not shown in the view: ${error}`));
}

function placeOf({ text, document }: Source): string {
  return `${workspace.asRelativePath(text.uri)}:${document.range.start.line + 1}`;
}

async function confirm(
  desk: Desk,
  session: ClusterSession,
  plan: DeployPlan,
  name: string,
): Promise<boolean> {
  const refused = plan.refused.flatMap(({ problems }) => problems);
  if (refused.length > 0) {
    throw new CommandError(
      t`${name} cannot be deployed. ${refused.map(({ message }) => told(message)).join(' ')}`,
    );
  }
  if (changesNothing(plan)) return true;
  const warnings = plan.warnings.flatMap(({ problems }) => problems);
  const { context } = session;
  const action = actionOf(plan);
  const chosen = await agree(desk, {
    context,
    plan,
    report: plan.preflight,
    question: {
      isGrave: action !== t`Deploy`,
      message: t`Deploy ${name} to context ${context}, namespace ${namespacesOf(plan, session)}?`,
      detail: [
        ...planLines(plan, (wanted) => toComeLines(plan, wanted)),
        ...(warnings.length > 0 ? ['', ...problemLines(warnings)] : []),
        ...findingLines(plan.preflight),
      ].join('\n'),
      action,
    },
  });
  return chosen === action;
}

function actionOf(plan: DeployPlan): string {
  if (hasConflict(plan)) return t`Deploy and Take Over`;
  return hasErrors(plan.preflight) ? t`Deploy Anyway` : t`Deploy`;
}

function namespacesOf(plan: DeployPlan, session: ClusterSession): string {
  const names = plan.items.map(({ wanted }) => wanted.metadata.namespace ?? session.namespace);
  return [...new Set(names)].join(', ');
}

function run(desk: Desk, session: ClusterSession, plan: DeployPlan, name: string): Promise<DeployResult> {
  return desk.dialogs.progress(t`Deploying ${name} to ${session.context}`, (report, signal) =>
    session.deploy(plan, {
      signal,
      wait: true,
      timeoutMs: deployTimeoutMs,
      force: hasConflict(plan),
      onProgress: (progress) => {
        desk.log.info(`Deploy: ${progressText(progress)}`);
        report(progressText(progress));
      },
    }),
  );
}
