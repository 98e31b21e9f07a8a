import { t } from '#client/l10n.ts';
import { told } from '#client/told.ts';
import type { ClusterSession, RestartResult } from '#cluster/api.ts';
import { ClusterError } from '#cluster/errors.ts';
import { type ObjectName, refText } from '#cluster/object-ref.ts';
import { type Desk, tellUnlessShown } from './desk.ts';
import { findRouter } from './router.ts';

/** As long as a large image may take to pull. */
const restartTimeoutMs = 180_000;

/** Gives a router a new pod, after one question. */
export async function restart(desk: Desk, argument: unknown): Promise<void> {
  await desk.connection.use(async (session) => {
    const router = await findRouter(desk, session, argument, t`Restart which egress router?`);
    if (router === undefined) return;
    const confirmed = await desk.dialogs.confirm({
      isGrave: true,
      message: t`Restart ${router.name} in context ${session.context}, namespace ${router.namespace}?`,
      detail: t`Its pod ends, and when the address is free again a new one starts. Until that is up, connections through the router end and new ones are refused.`,
      action: t`Restart`,
    });
    if (!confirmed) return;
    const shown = `${router.namespace}/${router.name}`;
    const result = await desk.dialogs.progress(t`Restarting ${shown}`, (report, signal) =>
      session.restart(router, {
        signal,
        wait: true,
        timeoutMs: restartTimeoutMs,
        onProgress: ({ object, message }) => {
          desk.log.info(`Restart: ${refText(object)}: ${message}`);
          report(`${refText(object)}: ${told(message)}`);
        },
      }),
    );
    tell(desk, session, router, result);
  });
}

function tell(
  desk: Desk,
  { context }: ClusterSession,
  { namespace, name }: ObjectName,
  { outcome }: RestartResult,
): void {
  if (outcome.kind === 'failed') throw new ClusterError(outcome);
  if (outcome.kind === 'unfollowed') {
    desk.log.warn(`Restart: ${namespace}/${name} cannot be followed: ${outcome.message}`);
    const message = t`${namespace}/${name} is restarted, but cannot be followed. ${told(outcome.message)}`;
    void desk.dialogs.tell('warning', message, []);
    return;
  }
  desk.log.info(`Restart: ${namespace}/${name} is ready`);
  tellUnlessShown(desk, { context, namespace }, t`${namespace}/${name} is ready, with a new pod.`);
}
