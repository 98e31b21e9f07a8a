import { commands } from 'vscode';
import { t } from '#client/l10n.ts';
import { told } from '#client/told.ts';
import type { ClusterSession, DeployResult } from '#cluster/api.ts';
import { toFailure } from '#cluster/errors.ts';
import type { ObjectName } from '#cluster/object-ref.ts';
import { type Desk, offer } from './desk.ts';
import { addressesText, expose, exposedAs } from './expose.ts';
import { changesNothing } from './plan-text.ts';
import { preflight } from './preflight.ts';
import { restart } from './restart.ts';

/** How each router came out, with the next step. */
export async function tellOutcomes(
  desk: Desk,
  session: ClusterSession,
  { routers }: DeployResult,
): Promise<void> {
  for (const { object, outcome } of routers) {
    const router: ObjectName = { name: object.name, namespace: object.namespace ?? session.namespace };
    const shown = `${router.namespace}/${router.name}`;
    switch (outcome.kind) {
      case 'failed':
        desk.log.error(`Deploy: ${outcome.message} (${outcome.reason})`);
        tellFailed(desk, router, told(outcome.message));
        break;
      case 'stale-rules':
        desk.log.warn(`Deploy: ${shown} keeps its old rules: ${outcome.message}`);
        offer(
          desk,
          t`${shown} is deployed, but keeps its old rules. ${told(outcome.message)}`,
          t`Restart`,
          () => restart(desk, { router }),
        );
        break;
      case 'unfollowed':
        desk.log.warn(`Deploy: ${shown} cannot be followed: ${outcome.message}`);
        void desk.dialogs.tell(
          'warning',
          t`${shown} is deployed, but cannot be followed. ${told(outcome.message)}`,
          [],
        );
        break;
      case 'ready':
      case 'applied':
        desk.log.info(`Deploy: ${shown} is ready`);
        await tellReady(desk, session, router);
    }
  }
}

function tellFailed(desk: Desk, router: ObjectName, message: string): void {
  const [events, check] = [t`Show Events`, t`Check Router`];
  void desk.run(check, async () => {
    const chosen = await desk.dialogs.tell('error', t`Deploy: ${message}`, [events, check]);
    if (chosen === events) await commands.executeCommand('egressRouter.showEvents', { router });
    if (chosen === check) await preflight(desk, { router });
  });
}

/** Offers Expose, with the very address that clients would call. */
async function tellReady(desk: Desk, session: ClusterSession, router: ObjectName): Promise<void> {
  const shown = `${router.namespace}/${router.name}`;
  const plan = await desk.dialogs
    .progress(t`Looking for the Service of ${shown}`, (_, signal) => session.planExpose(router, { signal }))
    .catch((error: unknown) => toFailure(error));
  if ('reason' in plan) {
    // Deploy has done its part: what hinders Expose must not read as its failure.
    const hindrance = plan.reason === 'canceled' ? '' : ` ${told(plan.message)}`;
    void desk.dialogs.tell('information', t`${shown} is ready.${hindrance}`, []);
    return;
  }
  if (plan.refused !== undefined && plan.needsPort !== true) {
    void desk.dialogs.tell('information', t`${shown} is ready. ${told(plan.refused)}`, []);
    return;
  }
  if (plan.refused !== undefined) {
    offer(desk, t`${shown} is ready. ${told(plan.refused)}`, t`Expose`, () => expose(desk, { router }));
    return;
  }
  const addresses = exposedAs(plan);
  const calls = addressesText(addresses);
  if (plan.annotation === 'kept-by-operator') {
    offer(
      desk,
      t`${shown} is ready. The operator makes its Service: clients call ${calls}.`,
      t`Copy Address`,
      () => desk.dialogs.copy(addresses[0]?.address ?? shown),
    );
    return;
  }
  if (changesNothing(plan)) {
    offer(desk, t`${shown} is ready. Clients call ${calls}.`, t`Copy Address`, () =>
      desk.dialogs.copy(addresses[0]?.address ?? shown),
    );
    return;
  }
  if (plan.items.every(({ kind }) => kind !== 'create')) {
    const message = t`${shown} is ready, and its Service does not follow the rules. Expose it again, and clients call ${calls}.`;
    offer(desk, message, t`Expose`, () => expose(desk, { router }));
    return;
  }
  if (plan.annotation === 'ignored-by-cno') {
    const message = t`${shown} is ready. The Cluster Network Operator ignores the annotation egress-router-tools/expose. Expose it, and clients call ${calls}.`;
    offer(desk, message, t`Expose`, () => expose(desk, { router }));
    return;
  }
  offer(desk, t`${shown} is ready. Expose it, and clients call ${calls}.`, t`Expose`, () =>
    expose(desk, { router }),
  );
}
