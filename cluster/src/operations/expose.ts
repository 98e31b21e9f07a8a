import { planApply } from '#core/egress-router/apply-plan.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import type { KubernetesObject, OwnerReference } from '#core/manifest/object.ts';
import { toService } from '#core/manifest/service.ts';
import type { ExposePlan, ExposeResult, RunPlanOptions } from '../api.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { kinds } from '../kinds.ts';
import { type ObjectName, refOf } from '../object-ref.ts';
import { findObject, getObject } from '../objects.ts';
import { isOwnedBy, selects, toServiceView } from '../router-view.ts';
import { gather } from './gather.ts';
import { namesOf } from './names-of.ts';
import { runPlan } from './run-plan.ts';

/** One Service that bears the router's name, with a port for each rule; run again, it follows the rules. */
export async function planExpose(
  connection: Connection,
  router: ObjectName,
  signal: AbortSignal,
): Promise<ExposePlan> {
  const live = await getObject(connection, kinds.egressRouter, router, signal);
  const { router: parsed, problems } = parseRouter(live);
  const called = `EgressRouter ${router.namespace}/${router.name}`;
  const refuse = (refused: string): ExposePlan => ({ router, items: [], refused });
  if (parsed === undefined) {
    const errors = problems.map(({ message }) => message).join(' ');
    return refuse(`${called} has errors. ${errors} Correct and deploy it first.`);
  }
  if (parsed.rules.length === 0) {
    return refuse(
      `${called} has no rules, so it has no ports to expose. Add a rule for each port that clients call.`,
    );
  }
  const names = await namesOf(connection, live, signal);
  const service = toService(parsed, { owner: ownerOf(live), names });
  const present = await findObject(connection, kinds.service, router, signal);
  const obstacle = present === undefined ? undefined : obstacleOf(present, live, service.spec.selector);
  if (obstacle !== undefined) {
    return refuse(
      `Service ${router.namespace}/${router.name} exists already and ${obstacle}. Delete it, or give the router another name.`,
    );
  }
  return { router, items: planApply(await gather(connection, [service], signal)).items };
}

/** Why a Service must not become the router's: its clients would be led elsewhere, and Tear Down would delete it. */
function obstacleOf(
  service: KubernetesObject,
  router: KubernetesObject,
  podLabels: unknown,
): string | undefined {
  if (isOwnedBy(service, router)) return undefined;
  const owner = service.metadata.ownerReferences?.find(({ kind }) => kind !== router.kind);
  if (owner !== undefined) return `belongs to ${owner.kind} ${owner.name}`;
  return selects(service, podLabels) ? undefined : 'leads to other pods';
}

export async function expose(
  connection: Connection,
  plan: ExposePlan,
  options: RunPlanOptions,
): Promise<ExposeResult> {
  const { namespace, name } = plan.router;
  const [service] = plan.refused === undefined ? await runPlan(connection, plan, options) : [];
  if (service === undefined) {
    const message = plan.refused ?? `There is nothing to expose of EgressRouter ${namespace}/${name}.`;
    throw new ClusterError({ reason: 'refused', message });
  }
  const { clusterIP, ports } = toServiceView(service);
  const ref = refOf(service);
  return clusterIP === undefined ? { service: ref, ports } : { service: ref, address: clusterIP, ports };
}

/** Without `blockOwnerDeletion`, which takes the right to change the router's finalizers. */
function ownerOf({ metadata: { name, uid = '' } }: KubernetesObject): OwnerReference {
  return { apiVersion: egressRouterApiVersion, kind: egressRouterKind, name, uid };
}
