import { Range, Selection, TextEditorRevealType, window, workspace } from 'vscode';
import { CommandError } from '#client/report.ts';
import type { ClusterSession, DeployPlan, DeployResult } from '#cluster/api.ts';
import { ClusterError, toFailure } from '#cluster/errors.ts';
import { type ObjectName, refText } from '#cluster/object-ref.ts';
import { type Desk, offer } from './desk.ts';
import { addressesText, expose, exposedAs } from './expose.ts';
import { changesNothing, documentProblemLines, hasConflict, planLines, problemLines } from './plan-text.ts';
import { findSource, type Source } from './source.ts';
import { toTarget } from './target.ts';

/** As long as a large image may take to pull. */
const deployTimeoutMs = 180_000;

/** Puts the EgressRouter under the cursor, as the editor shows it now, into the cluster and follows it. */
export async function deploy(desk: Desk, argument: unknown): Promise<void> {
  const target = toTarget(argument);
  if (target.kind === 'router') {
    throw new CommandError(
      'Deploy reads a manifest. Open the YAML file of the router and deploy from there.',
    );
  }
  const source = await findSource(desk, target);
  if (source === undefined) return;
  const name = source.document.name ?? 'the router';
  if (source.document.problems.some(({ severity }) => severity === 'error')) {
    await refuse(desk, source, name);
    return;
  }
  await desk.connection.use(async (session) => {
    const plan = await desk.dialogs.progress(`Checking ${name} against ${session.context}`, (_, signal) =>
      session.planDeploy([{ value: source.document.object, source: placeOf(source) }], { signal }),
    );
    if (!(await confirm(desk, session, plan, name))) return;
    const result = await run(desk, session, plan, name);
    for (const router of result.routers) await tellOutcome(desk, session, router);
  });
}

function placeOf({ text, document }: Source): string {
  return `${workspace.asRelativePath(text.uri)}:${document.range.start.line + 1}`;
}

/** Problems of the document stop Deploy, with the list and the way to the first of them. */
async function refuse(desk: Desk, { text, document }: Source, name: string): Promise<void> {
  const goTo = await desk.dialogs.confirm({
    isGrave: true,
    message: `${name} cannot be deployed yet: its document has errors.`,
    detail: documentProblemLines(document.problems).join('\n'),
    action: 'Go to the First Error',
  });
  const first = document.problems.find(({ severity }) => severity === 'error');
  if (!goTo || first === undefined) return;
  const { start, end } = first.range;
  const range = new Range(start.line, start.character, end.line, end.character);
  const editor = await window.showTextDocument(text);
  editor.selection = new Selection(range.start, range.start);
  editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
}

async function confirm(
  desk: Desk,
  session: ClusterSession,
  plan: DeployPlan,
  name: string,
): Promise<boolean> {
  const refused = plan.refused.flatMap(({ problems }) => problems);
  if (refused.length > 0) {
    throw new CommandError(`${name} cannot be deployed. ${refused.map(({ message }) => message).join(' ')}`);
  }
  if (changesNothing(plan)) return true;
  const warnings = plan.warnings.flatMap(({ problems }) => problems);
  return desk.dialogs.confirm({
    isGrave: hasConflict(plan),
    message: `Deploy ${name} to context ${session.context}, namespace ${namespacesOf(plan, session)}?`,
    detail: [...planLines(plan), ...(warnings.length > 0 ? ['', ...problemLines(warnings)] : [])].join('\n'),
    action: hasConflict(plan) ? 'Deploy and Take Over' : 'Deploy',
  });
}

function namespacesOf(plan: DeployPlan, session: ClusterSession): string {
  const names = plan.items.map(({ wanted }) => wanted.metadata.namespace ?? session.namespace);
  return [...new Set(names)].join(', ');
}

function run(desk: Desk, session: ClusterSession, plan: DeployPlan, name: string): Promise<DeployResult> {
  return desk.dialogs.progress(`Deploying ${name} to ${session.context}`, (report, signal) =>
    session.deploy(plan, {
      signal,
      wait: true,
      timeoutMs: deployTimeoutMs,
      force: hasConflict(plan),
      onProgress: ({ object, message }) => {
        desk.log.info(`Deploy: ${refText(object)}: ${message}`);
        report(`${refText(object)}: ${message}`);
      },
    }),
  );
}

async function tellOutcome(
  desk: Desk,
  session: ClusterSession,
  { object, outcome }: DeployResult['routers'][number],
): Promise<void> {
  if (outcome.kind === 'failed') throw new ClusterError(outcome);
  const router: ObjectName = { name: object.name, namespace: object.namespace ?? session.namespace };
  const shown = `${router.namespace}/${router.name}`;
  desk.log.info(`Deploy: ${shown} is ready`);
  const plan = await desk.dialogs
    .progress(`Looking for the Service of ${shown}`, (_, signal) => session.planExpose(router, { signal }))
    .catch((error: unknown) => toFailure(error));
  if ('reason' in plan) {
    // Deploy has done its part: what hinders Expose must not read as its failure.
    const hindrance = plan.reason === 'canceled' ? '' : ` ${plan.message}`;
    void desk.dialogs.tell('information', `${shown} is ready.${hindrance}`, []);
    return;
  }
  if (plan.refused !== undefined) {
    void desk.dialogs.tell('information', `${shown} is ready. ${plan.refused}`, []);
    return;
  }
  const addresses = exposedAs(plan);
  const calls = addressesText(addresses);
  if (changesNothing(plan)) {
    offer(desk, `${shown} is ready. Clients call ${calls}.`, 'Copy Address', () =>
      desk.dialogs.copy(addresses[0] ?? shown),
    );
    return;
  }
  offer(desk, `${shown} is ready. Expose it, and clients call ${calls}.`, 'Expose', () =>
    expose(desk, { router }),
  );
}
