import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import { stateText } from '#client/tree/router-node.ts';
import type { ClusterSession } from '#cluster/api.ts';
import type { ObjectName } from '#cluster/object-ref.ts';
import type { Desk } from './desk.ts';
import { findSource } from './source.ts';
import { toTarget } from './target.ts';

/**
 * The live router that a command means: the row or document it was started on, else the only one there is, else one the person picks.
 * @returns undefined when no answer was given.
 */
export async function findRouter(
  desk: Desk,
  session: ClusterSession,
  argument: unknown,
  question: string,
): Promise<ObjectName | undefined> {
  const target = toTarget(argument);
  switch (target.kind) {
    case 'router':
      return { namespace: target.namespace, name: target.name };
    case 'document': {
      const source = await findSource(desk, target);
      if (source === undefined) return undefined;
      const { name, namespace } = source.document;
      if (name === undefined) {
        throw new CommandError(t`The document has no metadata.name. Give the router a name first.`);
      }
      return { name, namespace: namespace ?? session.namespace };
    }
    case 'none':
      return pickRouter(desk, session, question);
  }
}

async function pickRouter(
  desk: Desk,
  session: ClusterSession,
  question: string,
): Promise<ObjectName | undefined> {
  const snapshot = await desk.dialogs.progress(t`Reading the routers of ${session.context}`, (_, signal) =>
    session.status({}, signal),
  );
  const [only, ...more] = snapshot.routers;
  if (only === undefined) {
    throw new CommandError(
      t`Context ${session.context} has no egress router that you may see. Deploy one from its YAML file first.`,
    );
  }
  // What changes anything asks by its name before it does.
  if (more.length === 0) return { name: only.name, namespace: only.namespace };
  // What the person has selected in the view is likely to be meant, and is only proposed.
  const selected = desk.tree.selectedRouter;
  const isSelected = ({ name, namespace }: ObjectName): boolean =>
    name === selected?.name && namespace === selected.namespace;
  const picked = await desk.dialogs.pick(
    question,
    [...snapshot.routers.filter(isSelected), ...snapshot.routers.filter((router) => !isSelected(router))].map(
      ({ name, namespace, state }) => ({
        label: name,
        description: `${namespace} · ${stateText(state)}`,
        router: { name, namespace },
      }),
    ),
  );
  return picked?.router;
}
