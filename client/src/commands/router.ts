import { window } from 'vscode';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import { holdsRouter } from '#client/served-documents.ts';
import { stateText } from '#client/tree/router-node.ts';
import type { ClusterSession } from '#cluster/api.ts';
import type { ObjectName } from '#cluster/object-ref.ts';
import type { Desk } from './desk.ts';
import { documentAt } from './document-at.ts';
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
  // What the person has in front, or has selected in the view, is likely to be meant, and is only proposed.
  const likely = [await routerInFront(desk, session), desk.tree.selectedRouter];
  const rank = (router: ObjectName): number => {
    const found = likely.findIndex((one) => one?.name === router.name && one.namespace === router.namespace);
    return found < 0 ? likely.length : found;
  };
  const picked = await desk.dialogs.pick(
    question,
    snapshot.routers
      .toSorted((a, b) => rank(a) - rank(b))
      .map(({ name, namespace, state }) => ({
        label: name,
        description: `${namespace} · ${stateText(state)}`,
        router: { name, namespace },
      })),
  );
  return picked?.router;
}

/** That of the manifest that the cursor stands in. */
async function routerInFront(desk: Desk, session: ClusterSession): Promise<ObjectName | undefined> {
  const editor = window.activeTextEditor;
  if (editor === undefined || !holdsRouter(editor.document)) return undefined;
  try {
    const { documents } = await desk.language.documents(editor.document);
    const document = documentAt(documents, editor.selection.active.line);
    if (document?.name === undefined) return undefined;
    return { name: document.name, namespace: document.namespace ?? session.namespace };
  } catch {
    return undefined; // A language server that does not answer keeps nobody from choosing.
  }
}
