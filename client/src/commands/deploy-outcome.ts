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

type Routed = DeployResult['routers'][number];

/** How each router came out, with the next step; of many alike, how many they are: the view shows each. */
export async function tellOutcomes(
  desk: Desk,
  session: ClusterSession,
  { routers }: DeployResult,
): Promise<void> {
  const alike = (router: Routed): readonly Routed[] =>
    routers.filter(({ outcome }) => textKind(outcome) === textKind(router.outcome));
  for (const one of routers) {
    log(desk, session, one);
    const group = alike(one);
    if (group.length <= mostTold) await tellOutcome(desk, session, one);
    else if (group[0] === one) tellMany(desk, one, group.length);
  }
}

/** A notification for each would bury the editor. */
const mostTold = 3;

function textKind({ kind }: Routed['outcome']): Exclude<Routed['outcome']['kind'], 'applied'> {
  return kind === 'applied' ? 'ready' : kind;
}

function nameOf({ object }: Routed, session: ClusterSession): ObjectName {
  return { name: object.name, namespace: object.namespace ?? session.namespace };
}

function log({ log }: Desk, session: ClusterSession, router: Routed): void {
  const { namespace, name } = nameOf(router, session);
  const { outcome } = router;
  const shown = `${namespace}/${name}`;
  switch (outcome.kind) {
    case 'failed':
      return log.error(`Deploy: ${outcome.message} (${outcome.reason})`);
    case 'stale-rules':
      return log.warn(`Deploy: ${shown} keeps its old rules: ${outcome.message}`);
    case 'unfollowed':
      return log.warn(`Deploy: ${shown} cannot be followed: ${outcome.message}`);
    case 'ready':
      return outcome.message === undefined
        ? log.info(`Deploy: ${shown} is ready`)
        : log.warn(`Deploy: ${shown} is ready: ${outcome.message}`);
    case 'applied':
      return log.info(`Deploy: ${shown} is ready`);
  }
}

async function tellOutcome(desk: Desk, session: ClusterSession, one: Routed): Promise<void> {
  const router = nameOf(one, session);
  const { outcome } = one;
  const shown = `${router.namespace}/${router.name}`;
  switch (outcome.kind) {
    case 'failed':
      return tellFailed(desk, router, told(outcome.message));
    case 'stale-rules':
      return offer(
        desk,
        t`${shown} is deployed, but keeps its old rules. ${told(outcome.message)}`,
        t`Restart`,
        () => restart(desk, { router }),
      );
    case 'unfollowed':
      return void desk.dialogs.tell(
        'warning',
        t`${shown} is deployed, but cannot be followed. ${told(outcome.message)}`,
        [],
      );
    case 'ready':
    case 'applied':
      return tellReady(desk, session, router);
  }
}

function tellMany({ dialogs }: Desk, { outcome }: Routed, count: number): void {
  switch (outcome.kind) {
    case 'failed':
      return void dialogs.tell(
        'error',
        t`Deploy: ${count} egress routers do not come up. Of the first: ${told(outcome.message)} The view shows why of each.`,
        [],
      );
    case 'stale-rules':
      return void dialogs.tell(
        'warning',
        t`${count} egress routers are deployed, but keep their old rules. Restart each from its row in the view.`,
        [],
      );
    case 'unfollowed':
      return void dialogs.tell(
        'warning',
        t`${count} egress routers are deployed, but cannot be followed. ${told(outcome.message)}`,
        [],
      );
    case 'ready':
    case 'applied':
      return void dialogs.tell(
        'information',
        t`${count} egress routers are ready. Expose those that clients call from their rows in the view.`,
        [],
      );
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
