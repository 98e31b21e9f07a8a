import { window, workspace } from 'vscode';
import { t } from '#client/l10n.ts';
import { ClusterError } from '#cluster/errors.ts';
import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import type { Desk } from './desk.ts';
import { eventsText } from './events-text.ts';
import { objectPath } from './object.ts';
import { findRouter } from './router.ts';

/** Shows what the cluster has noted about a router and all that was made for it. */
export async function showEvents(desk: Desk, argument: unknown): Promise<void> {
  const found = await desk.connection.use(async (session) => {
    const router = await findRouter(desk, session, argument, t`Show the events of which egress router?`);
    if (router === undefined) return undefined;
    const shown = `${router.namespace}/${router.name}`;
    const events = await desk.dialogs.progress(t`Reading the events of ${shown}`, (_, signal) =>
      session.events(router, signal),
    );
    return { context: session.context, router, text: eventsText(shown, session.context, events) };
  });
  if (found === undefined) return;
  const { context, router, text } = found;
  const ref = { apiVersion: egressRouterApiVersion, kind: egressRouterKind, ...router };
  const uri = desk.texts.put(objectPath('events', context, ref, 'log'), text, () =>
    desk.connection.use(async (session) => {
      if (session.context !== context) return undefined;
      const shown = `${router.namespace}/${router.name}`;
      try {
        return eventsText(shown, context, await session.events(router, AbortSignal.timeout(readTimeoutMs)));
      } catch (error) {
        // Its Events stay for an hour: what was seen last is more than nothing.
        if (ClusterError.is(error, 'not-found')) return undefined;
        throw error;
      }
    }),
  );
  await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
}

const readTimeoutMs = 15_000;
