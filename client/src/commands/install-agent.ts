import { commands } from 'vscode';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import { agentImageSetting, configuredAgentImage } from '#client/settings.ts';
import { told } from '#client/told.ts';
import type { ClusterSession, InstallPlan, InstallResult } from '#cluster/api.ts';
import { refText } from '#cluster/object-ref.ts';
import { agree } from './agree.ts';
import type { Desk } from './desk.ts';
import { changesNothing, hasConflict, planLines } from './plan-text.ts';

/** As long as large images may take to pull, on every node. */
const installTimeoutMs = 300_000;

/** Puts CRD, permissions, operator and the nodes' part into a cluster that has no Cluster Network Operator. */
export async function installAgent(desk: Desk): Promise<void> {
  const image = configuredAgentImage();
  if (image === '') return askForImage(desk);
  await desk.connection.use(async (session) => {
    const plan = await desk.dialogs.progress(t`Trying the installation in ${session.context}`, (_, signal) =>
      session.planInstall({ image, signal }),
    );
    if (plan.refused !== undefined) throw new CommandError(plan.refused);
    if (!changesNothing(plan) && !(await confirm(desk, session, plan))) return;
    tell(desk, session, await run(desk, session, plan));
  });
  // What acts on routers has changed, which the editor is told of when it connects.
  desk.connection.reopen();
}

/** Not a default that would be somebody's registry, and nothing that a person types each time. */
async function askForImage(desk: Desk): Promise<void> {
  const open = t`Open Setting`;
  const message = t`Set the image of the agent first, in a registry that your nodes pull from, such as registry.example/egress-router-agent:0.1.0. "npm run image" in a clone of the project makes it. Then install again.`;
  if ((await desk.dialogs.tell('warning', message, [open])) !== open) return;
  await commands.executeCommand('workbench.action.openSettings', agentImageSetting);
}

async function confirm(desk: Desk, { context }: ClusterSession, plan: InstallPlan): Promise<boolean> {
  const isGrave = hasConflict(plan) || plan.warnings.length > 0;
  const action = hasConflict(plan) ? t`Install and Take Over` : t`Install`;
  const question = {
    isGrave,
    message: t`Install the agent in context ${context}, namespace ${plan.namespace}?`,
    detail: [
      ...planLines(plan),
      '',
      t`Image: ${plan.image}`,
      ...plan.warnings.map((warning) => t`Warning: ${told(warning)}`),
    ].join('\n'),
    action,
  };
  return (await agree(desk, { context, plan, question })) === action;
}

function run(desk: Desk, session: ClusterSession, plan: InstallPlan): Promise<InstallResult> {
  return desk.dialogs.progress(t`Installing the agent in ${session.context}`, (report, signal) =>
    session.install(plan, {
      signal,
      wait: true,
      timeoutMs: installTimeoutMs,
      force: hasConflict(plan),
      onProgress: ({ object, message }) => {
        desk.log.info(`Install agent: ${refText(object)}: ${message}`);
        report(`${refText(object)}: ${told(message)}`);
      },
    }),
  );
}

function tell(desk: Desk, { context }: ClusterSession, { parts }: InstallResult): void {
  const failures = parts.flatMap(({ outcome }) => (outcome.kind === 'failed' ? [told(outcome.message)] : []));
  if (failures.length > 0) {
    throw new CommandError(t`The agent is installed in ${context}, but not up. ${failures.join(' ')}`);
  }
  desk.log.info(`Install agent: all parts are up in ${context}`);
  const message = t`The agent is installed in ${context}, and up on all nodes. Deploy a router next.`;
  void desk.dialogs.tell('information', message, []);
}
