import type { ClusterSession, ExposePlan } from '#cluster/api.ts';
import { ClusterError } from '#cluster/errors.ts';
import type { RouterView } from '#cluster/view.ts';
import { advisedCommand, type Called } from './advised-command.ts';

/** Each dry run is a write to the cluster, and nobody mends more Services at once. */
const mostDryRuns = 5;

/**
 * The commands that bring the Services of the routers' names in step, as dry runs of them tell, one after the other.
 * Whoever may not try one, and whoever asks for more than a few, is told what most Services need.
 *
 * @returns a sentence for each router for which `expose` would do anything about it
 */
export async function exposeAdvice(
  session: Pick<ClusterSession, 'planExpose'>,
  routers: readonly RouterView[],
  called: Called & { readonly signal: AbortSignal },
): Promise<ReadonlyMap<RouterView, string>> {
  const advice = new Map<RouterView, string>();
  let dryRuns = 0;
  for (const router of routers) {
    const own = router.services.find((service) => service.name === router.name);
    if (own?.outOfStep === undefined || own.isLeftByExpose === true) continue;
    dryRuns += 1;
    const plan = dryRuns > mostDryRuns ? undefined : await dryRun(session, router, called.signal);
    const sentence = sentenceOf(router, own, plan, called);
    if (sentence !== undefined) advice.set(router, sentence);
  }
  return advice;
}

/** @returns undefined where this person may not try it, or it fails */
async function dryRun(
  session: Pick<ClusterSession, 'planExpose'>,
  { namespace, name }: RouterView,
  signal: AbortSignal,
): Promise<ExposePlan | undefined> {
  try {
    return await session.planExpose({ namespace, name }, { signal });
  } catch (error) {
    if (!ClusterError.is(error) || ClusterError.is(error, 'canceled')) throw error;
    return undefined;
  }
}

function sentenceOf(
  { namespace, name }: RouterView,
  { leadsElsewhere }: RouterView['services'][number],
  plan: ExposePlan | undefined,
  called: Called,
): string | undefined {
  const words = ['expose', name, '-n', namespace];
  const plain = `To bring it in step: ${advisedCommand(called, ...words)}`;
  // Of one that is another's, what is wrong with it says so already.
  if (plan === undefined) return leadsElsewhere === true ? undefined : plain;
  if (plan.refused !== undefined) {
    return leadsElsewhere === true ? undefined : `Expose does not bring it in step: ${plan.refused}`;
  }
  const conflicts = plan.items.flatMap((item) => (item.kind === 'conflict' ? item.conflicts : []));
  if (conflicts.length > 0) {
    return `To bring it in step, ${takingOver(conflicts)}: ${advisedCommand(called, ...words, '--force')}`;
  }
  return plan.items.every(({ kind }) => kind === 'unchanged') ? undefined : plain;
}

/** `and take .spec.type over from "kubectl-edit"` */
function takingOver(conflicts: readonly { readonly manager: string; readonly field: string }[]): string {
  const managers = [...new Set(conflicts.map(({ manager }) => manager))];
  const fields = managers.map((manager) => {
    const own = conflicts.filter((one) => one.manager === manager).map(({ field }) => field);
    return `${[...new Set(own)].join(', ')} over from "${manager}"`;
  });
  return `and take ${fields.join(', and ')}`;
}
