import { t } from '#client/l10n.ts';
import { told } from '#client/told.ts';
import type { ClusterSession, TeardownPlan, TeardownResult } from '#cluster/api.ts';
import { type ObjectName, refText } from '#cluster/object-ref.ts';
import { confirmDeletion } from './confirm-deletion.ts';
import { type Desk, tellUnlessShown } from './desk.ts';
import { shorten } from './plan-text.ts';
import { findRouter } from './router.ts';

const teardownTimeoutMs = 60_000;

/** Deletes a router and what belongs to it, after one question that names all of it. */
export async function teardown(desk: Desk, argument: unknown): Promise<void> {
  await desk.connection.use(async (session) => {
    const router = await findRouter(desk, session, argument, t`Tear down which egress router?`);
    if (router === undefined) return;
    const shown = `${router.namespace}/${router.name}`;
    const plan = await desk.dialogs.progress(t`Looking at what belongs to ${shown}`, (_, signal) =>
      session.planTeardown(router, signal),
    );
    if (!(await isMeant(desk, session, plan))) return;
    const result = await desk.dialogs.progress(t`Tearing down ${shown}`, (report, signal) =>
      session.teardown(plan, {
        signal,
        wait: true,
        timeoutMs: teardownTimeoutMs,
        onProgress: ({ object, message }) => {
          desk.log.info(`Tear down: ${refText(object)}: ${message}`);
          report(`${refText(object)}: ${told(message)}`);
        },
      }),
    );
    tell(desk, session, router, result);
  });
}

function isMeant(desk: Desk, { context }: ClusterSession, plan: TeardownPlan): Promise<boolean> {
  const { name, namespace } = plan.router;
  const message = t`Tear down ${name} in context ${context}, namespace ${namespace}?`;
  return confirmDeletion(desk, { context, message, lines: linesOf(plan), action: t`Tear Down`, name });
}

function linesOf({ objects, stays, unseen }: TeardownPlan): readonly string[] {
  return [
    t`This deletes:`,
    ...shorten(objects.map((object) => `- ${refText(object)}`)),
    ...(stays.length === 0 ? [] : ['', t`This stays:`]),
    ...shorten(stays.map(({ object, why }) => `${refText(object)}: ${told(why)}`)),
    ...(unseen.length === 0 ? [] : ['', t`Not looked at, as you may not list them: ${unseen.join(', ')}.`]),
    '',
    t`Connections through the router end.`,
  ];
}

function tell(
  desk: Desk,
  { context }: ClusterSession,
  { namespace, name }: ObjectName,
  result: TeardownResult,
): void {
  const { kind, message } = teardownText(`${namespace}/${name}`, result);
  const gone = result.gone.map(refText).join(', ');
  desk.log[kind === 'information' ? 'info' : 'warn'](`Tear down: ${message} Gone: ${gone}`);
  if (kind === 'information') tellUnlessShown(desk, { context, namespace }, message);
  else void desk.dialogs.tell(kind, message, []);
}

/** A warning where something is left, or could not be looked at. */
export function teardownText(
  shown: string,
  { gone, residue, stays = [], unseen = [] }: TeardownResult,
): { readonly kind: 'information' | 'warning'; readonly message: string } {
  const count = gone.length === 1 ? t`1 object` : t`${gone.length} objects`;
  const list = (rest: TeardownPlan['stays']): string =>
    rest.map(({ object, why }) => `${refText(object)} (${told(why)})`).join(', ');
  const hidden =
    unseen.length === 0
      ? ''
      : t` Not looked at, as you may not list them: ${unseen.join(', ')}. One of the router may still be there.`;
  const kept = `${stays.length === 0 ? '' : t` Not the router's, and left: ${list(stays)}.`}${hidden}`;
  if (residue.length > 0) {
    return {
      kind: 'warning',
      message: t`${shown}: ${count} deleted, still there: ${list(residue)}.${kept}`,
    };
  }
  return {
    kind: kept === '' ? 'information' : 'warning',
    message: t`${shown} is torn down: ${count} deleted.${kept}`,
  };
}
