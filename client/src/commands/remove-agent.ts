import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import { told } from '#client/told.ts';
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
          ...plan.stays.map(({ object, why }) => `${refText(object)}: ${told(why)}`),
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
    ...(plugin.kind === 'kept' ? [t`The plugin on the nodes: ${told(plugin.why)}`] : []),
    ...stays.map(({ object, why }) => `${refText(object)}: ${told(why)}`),
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
        report(`${refText(object)}: ${told(message)}`);
      },
    }),
  );
}

function tell(desk: Desk, { context }: ClusterSession, result: TeardownResult): void {
  const { kind, message } = removalText(context, result);
  const gone = result.gone.map(refText).join(', ');
  desk.log[kind === 'information' ? 'info' : 'warn'](`Remove agent: ${message} Gone: ${gone}`);
  void desk.dialogs.tell(kind, message, []);
}

/** A warning where something is left that was to go, or somebody has made a router meanwhile. */
export function removalText(
  context: string,
  { gone, residue, stays = [] }: TeardownResult,
): { readonly kind: 'information' | 'warning'; readonly message: string } {
  const count = gone.length === 1 ? t`1 object` : t`${gone.length} objects`;
  const list = (rest: TeardownResult['residue']): string =>
    rest.map(({ object, why }) => `${refText(object)} (${told(why)})`).join(', ');
  const kept = stays.length === 0 ? '' : t` Changed meanwhile, and left: ${list(stays)}.`;
  if (residue.length > 0) {
    return {
      kind: 'warning',
      message: t`${context}: ${count} deleted, still there: ${list(residue)}.${kept}`,
    };
  }
  return {
    kind: stays.length === 0 ? 'information' : 'warning',
    message: t`The agent is removed from ${context}: ${count} deleted.${kept}`,
  };
}
