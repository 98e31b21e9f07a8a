import type { ClusterSession, ExposePlan } from '#cluster/api.ts';
import { ClusterError } from '#cluster/errors.ts';
import type { RouterView } from '#cluster/view.ts';

/**
 * The command that brings the Service of the router's name in step, as a dry run of it tells. Whoever may not try that
 * is told what most Services need.
 *
 * @returns a sentence, where `expose` would do anything about it
 */
export async function exposeAdvice(
  session: Pick<ClusterSession, 'planExpose'>,
  { namespace, name, services }: RouterView,
  { program, signal }: { readonly program: string; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const own = services.find((service) => service.name === name);
  if (own?.outOfStep === undefined || own.isLeftByExpose === true) return undefined;
  const command = `${program} expose ${name} -n ${namespace}`;
  let plan: ExposePlan;
  try {
    plan = await session.planExpose({ namespace, name }, { signal });
  } catch (error) {
    if (!ClusterError.is(error) || ClusterError.is(error, 'canceled')) throw error;
    return own.leadsElsewhere === true ? undefined : `To bring it in step: ${command}`;
  }
  // Of one that is another's, what is wrong with it says so already.
  if (plan.refused !== undefined) {
    return own.leadsElsewhere === true ? undefined : `Expose does not bring it in step: ${plan.refused}`;
  }
  const conflicts = plan.items.flatMap((item) => (item.kind === 'conflict' ? item.conflicts : []));
  if (conflicts.length > 0) return `To bring it in step, ${takingOver(conflicts)}: ${command} --force`;
  return plan.items.every(({ kind }) => kind === 'unchanged') ? undefined : `To bring it in step: ${command}`;
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
