import { planApply } from '#core/egress-router/apply-plan.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import type { KubernetesObject, OwnerReference } from '#core/manifest/object.ts';
import { toService } from '#core/manifest/service.ts';
import type { ExposePlan, ExposeResult, PlanOptions, RunOptions } from '../api.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { kinds } from '../kinds.ts';
import type { ObjectName } from '../object-ref.ts';
import { refOf } from '../object-ref.ts';
import { getObject } from '../objects.ts';
import { toServiceView } from '../router-view.ts';
import { gather } from './gather.ts';
import { runPlan } from './run-plan.ts';

/** One Service that bears the router's name, with a port for each rule; run again, it follows the rules. */
export async function planExpose(
  connection: Connection,
  router: ObjectName,
  { signal }: PlanOptions,
): Promise<ExposePlan> {
  const live = await getObject(connection, kinds.egressRouter, router, signal);
  const parsed = parseRouter(live).router;
  const called = `EgressRouter ${router.namespace}/${router.name}`;
  if (parsed === undefined) {
    return { router, items: [], refused: `${called} has errors. Correct and deploy it first.` };
  }
  if (parsed.rules.length === 0) {
    const refused = `${called} has no rules, so it has no ports to expose. Add a rule for each port that clients call.`;
    return { router, items: [], refused };
  }
  const service = toService(parsed, { owner: ownerOf(live) });
  return { router, items: planApply(await gather(connection, [service], signal)).items };
}

export async function expose(
  connection: Connection,
  plan: ExposePlan,
  options: RunOptions & { readonly force?: boolean },
): Promise<ExposeResult> {
  if (plan.refused !== undefined) throw new ClusterError({ reason: 'refused', message: plan.refused });
  const [service] = await runPlan(connection, plan, options);
  if (service === undefined) throw new ClusterError({ reason: 'refused', message: 'The plan is empty.' });
  const { clusterIP, ports } = toServiceView(service);
  const ref = refOf(service);
  return clusterIP === undefined ? { service: ref, ports } : { service: ref, address: clusterIP, ports };
}

/** Without `blockOwnerDeletion`, which takes the right to change the router's finalizers. */
function ownerOf({ metadata: { name, uid = '' } }: KubernetesObject): OwnerReference {
  return { apiVersion: egressRouterApiVersion, kind: egressRouterKind, name, uid };
}
