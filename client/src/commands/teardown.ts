import type { TeardownPlan, TeardownResult } from '#cluster/api.ts';
import { refText } from '#cluster/object-ref.ts';
import type { Desk } from './desk.ts';
import { shorten } from './plan-text.ts';
import { findRouter } from './router.ts';

const teardownTimeoutMs = 60_000;

/** Deletes a router and what belongs to it, after one question that names all of it. */
export async function teardown(desk: Desk, argument: unknown): Promise<void> {
  await desk.connection.use(async (session) => {
    const router = await findRouter(desk, session, argument, 'Tear down which egress router?');
    if (router === undefined) return;
    const shown = `${router.namespace}/${router.name}`;
    const plan = await desk.dialogs.progress(`Looking at what belongs to ${shown}`, (_, signal) =>
      session.planTeardown(router, signal),
    );
    const confirmed = await desk.dialogs.confirm({
      isGrave: true,
      message: `Tear down ${router.name} in context ${session.context}, namespace ${router.namespace}?`,
      detail: detailOf(plan),
      action: 'Tear Down',
    });
    if (!confirmed) return;
    const result = await desk.dialogs.progress(`Tearing down ${shown}`, (report, signal) =>
      session.teardown(plan, {
        signal,
        wait: true,
        timeoutMs: teardownTimeoutMs,
        onProgress: ({ object, message }) => {
          desk.log.info(`Tear down: ${refText(object)}: ${message}`);
          report(`${refText(object)}: ${message}`);
        },
      }),
    );
    tell(desk, shown, result);
  });
}

function detailOf({ objects, stays }: TeardownPlan): string {
  return [
    'This deletes:',
    ...shorten(objects.map((object) => `- ${refText(object)}`)),
    ...(stays.length === 0 ? [] : ['', 'This stays:']),
    ...shorten(stays.map(({ object, why }) => `${refText(object)}: ${why}`)),
    '',
    'Connections through the router end.',
  ].join('\n');
}

function tell(desk: Desk, shown: string, { gone, residue }: TeardownResult): void {
  const count = `${gone.length} ${gone.length === 1 ? 'object' : 'objects'}`;
  if (residue.length === 0) {
    desk.log.info(`Tear down: ${shown} is gone (${gone.map(refText).join(', ')})`);
    void desk.dialogs.tell('information', `${shown} is torn down: ${count} deleted.`, []);
    return;
  }
  const left = residue.map(({ object, why }) => `${refText(object)} (${why})`).join(', ');
  desk.log.warn(`Tear down: ${shown}: still there: ${left}`);
  void desk.dialogs.tell('warning', `${shown}: ${count} deleted, still there: ${left}.`, []);
}
