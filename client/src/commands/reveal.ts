import { t } from '#client/l10n.ts';
import { deploy } from './deploy.ts';
import { type Desk, offer } from './desk.ts';
import { findRouter } from './router.ts';

/** Shows a router's row in the view of the cluster. */
export async function reveal(desk: Desk, argument: unknown): Promise<void> {
  const { router, context, live } = await desk.connection.use(async (session) => {
    const found = await findRouter(desk, session, argument, t`Show which egress router?`);
    if (found === undefined) return { router: undefined, context: session.context, live: undefined };
    const stored = await desk.dialogs.progress(t`Looking for ${found.namespace}/${found.name}`, (_, signal) =>
      session.read(found, signal),
    );
    return { router: found, context: session.context, live: stored };
  });
  if (router === undefined) return;
  if (live === undefined) {
    const message = t`${router.namespace}/${router.name} is not deployed in context ${context}.`;
    offer(desk, message, t`Deploy`, () => deploy(desk, argument));
    return;
  }
  const { namespace, ...selection } = desk.connection.selection;
  // The view may be narrowed to another namespace.
  if (namespace !== undefined && namespace !== router.namespace) await desk.select(selection);
  // Or to what was typed into the filter.
  if (desk.layout.filter !== '') desk.layout.setFilter('');
  await desk.tree.reveal(router);
}
