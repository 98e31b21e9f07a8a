import { namespaceInForce } from '#client/cluster/connection.ts';
import { t } from '#client/l10n.ts';
import { ClusterError } from '#cluster/errors.ts';
import type { Desk } from './desk.ts';

/** Chooses among the contexts of the kubeconfig, for this workspace only: the file is never written. */
export async function switchContext(desk: Desk): Promise<void> {
  const chosen = await contexts(desk);
  if (chosen === undefined) return;
  await desk.select({ context: chosen });
}

async function contexts(desk: Desk): Promise<string | undefined> {
  const list = await desk.connection
    .use(async (session) => ({ current: session.context, contexts: session.contexts }))
    .catch(async (error: unknown) => {
      // The context chosen before is no longer in the file: go back to the file's own.
      if (!ClusterError.is(error, 'no-context') || desk.connection.selection.context === undefined)
        throw error;
      await desk.select({});
      return desk.connection.use(async (session) => ({
        current: session.context,
        contexts: session.contexts,
      }));
    });
  const picked = await desk.dialogs.pick(
    t`Context for egress routers in this workspace`,
    list.contexts.map(({ name, cluster, user, namespace }) => ({
      label: name,
      description: name === list.current ? t`current` : '',
      detail: t`cluster ${cluster}, user ${user}${namespace === undefined ? '' : t`, namespace ${namespace}`}`,
    })),
  );
  return picked?.label;
}

/** Chooses what the sidebar lists, and where documents go that name no namespace. */
export async function switchNamespace(desk: Desk): Promise<void> {
  const all = t`$(list-flat) All namespaces`;
  const { context, names } = await desk.connection.use(async (session) => ({
    context: session.context,
    names: await desk.dialogs.progress(t`Reading the namespaces of ${session.context}`, (_, signal) =>
      session.namespaces(signal),
    ),
  }));
  const { namespace: chosen, ...selection } = desk.connection.selection;
  const current = namespaceInForce(desk.connection.view, chosen);
  const picked = await desk.dialogs.pick(t`Namespace in context ${context}`, [
    { label: all, description: current === undefined ? t`current` : '' },
    ...names.map((name) => ({ label: name, description: name === current ? t`current` : '' })),
  ]);
  if (picked === undefined) return;
  await desk.select(picked.label === all ? selection : { ...selection, namespace: picked.label });
}
