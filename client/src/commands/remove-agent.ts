import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import type { ClusterSession, RemovePlan, TeardownResult } from '#cluster/api.ts';
import { refText } from '#cluster/object-ref.ts';
import { confirmDeletion } from './confirm-deletion.ts';
import type { Desk } from './desk.ts';
import { shorten } from './plan-text.ts';

const removeTimeoutMs = 180_000;

/** Takes the agent out of the cluster again, after one question that names what goes and what stays. */
export async function removeAgent(desk: Desk): Promise<void> {
  await desk.connection.use(async (session) => {
    const plan = await desk.dialogs.progress(t`Looking for the agent in ${session.context}`, (_, signal) =>
      session.planRemove({ signal }),
    );
    const withCrd = await chooseCrd(desk, plan);
    if (withCrd === undefined) return;
    if (plan.objects.length === 0 && !withCrd) {
      throw new CommandError(
        [
          t`There is nothing of the agent to remove from context ${session.context}.`,
          ...plan.stays.map(({ object, why }) => `${refText(object)}: ${why}`),
        ].join(' '),
      );
    }
    const { context } = session;
    const confirmed = await confirmDeletion(desk, {
      context,
      message: t`Remove the agent from context ${context}, namespace ${plan.namespace}?`,
      lines: linesOf(plan, withCrd),
      action: t`Remove Agent`,
      name: context,
    });
    if (confirmed) tell(desk, session, await run(desk, session, plan, withCrd));
  });
  // What acts on routers has changed, which the editor is told of when it connects.
  desk.connection.reopen();
}

/** @returns undefined when no answer was given */
async function chooseCrd(desk: Desk, { crd }: RemovePlan): Promise<boolean | undefined> {
  if (crd === undefined) return false;
  const keep = {
    label: t`Keep the CustomResourceDefinition`,
    detail: t`EgressRouters can still be written.`,
  };
  const remove = {
    label: t`Remove it as well`,
    detail: t`No router exists. Nothing of the agent is left in the cluster.`,
  };
  const picked = await desk.dialogs.pick(t`Remove ${refText(crd)} as well?`, [keep, remove]);
  return picked && picked.label === remove.label;
}

function linesOf({ objects, crd, routers, plugin, stays }: RemovePlan, withCrd: boolean): readonly string[] {
  const doomed = [...objects, ...(withCrd && crd !== undefined ? [crd] : [])];
  const kept = [
    ...routers.map(
      ({ namespace, name }) => t`EgressRouter ${namespace}/${name}: nothing acts on it any more.`,
    ),
    ...(plugin.kind === 'kept' ? [t`The plugin on the nodes: ${plugin.why}`] : []),
    ...stays.map(({ object, why }) => `${refText(object)}: ${why}`),
    ...(!withCrd && crd !== undefined ? [t`${refText(crd)}: as chosen.`] : []),
  ];
  const count = routers.length === 0 ? '' : t` (${routers.length} of them routers)`;
  return [
    ...(plugin.kind === 'removed' ? [t`This is taken from each node: the plugin.`, ''] : []),
    t`This deletes:`,
    ...shorten(doomed.map((object) => `- ${refText(object)}`)),
    ...(kept.length === 0 ? [] : ['', t`This stays${count}:`]),
    ...shorten(kept),
  ];
}

function run(
  desk: Desk,
  session: ClusterSession,
  plan: RemovePlan,
  withCrd: boolean,
): Promise<TeardownResult> {
  return desk.dialogs.progress(t`Removing the agent from ${session.context}`, (report, signal) =>
    session.remove(plan, {
      signal,
      withCrd,
      wait: true,
      timeoutMs: removeTimeoutMs,
      onProgress: ({ object, message }) => {
        desk.log.info(`Remove agent: ${refText(object)}: ${message}`);
        report(`${refText(object)}: ${message}`);
      },
    }),
  );
}

function tell(desk: Desk, { context }: ClusterSession, { gone, residue, stays = [] }: TeardownResult): void {
  const count = gone.length === 1 ? t`1 object` : t`${gone.length} objects`;
  const list = (rest: TeardownResult['residue']): string =>
    rest.map(({ object, why }) => `${refText(object)} (${why})`).join(', ');
  const kept = stays.length === 0 ? '' : t` Changed meanwhile, and left: ${list(stays)}.`;
  if (residue.length === 0) {
    desk.log.info(`Remove agent: gone from ${context} (${gone.map(refText).join(', ')})${kept}`);
    const kind = stays.length === 0 ? 'information' : 'warning';
    void desk.dialogs.tell(kind, t`The agent is removed from ${context}: ${count} deleted.${kept}`, []);
    return;
  }
  const left = list(residue);
  desk.log.warn(`Remove agent: still there: ${left}${kept}`);
  void desk.dialogs.tell('warning', t`${context}: ${count} deleted, still there: ${left}.${kept}`, []);
}
