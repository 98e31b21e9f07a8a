import type { ApplyPlan, ApplyPlanItem } from '#core/egress-router/apply-plan.ts';
import { userFieldManager } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { RunPlanOptions } from '../api.ts';
import { applyObject } from '../apply.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { refOf, refText } from '../object-ref.ts';
import { dryRun } from './gather.ts';

/**
 * Applies what a plan says, in its order, and gives the objects as they are now. Nothing is applied at all while
 * one of them has a conflict that was not agreed to.
 *
 * @throws ClusterError `conflict`
 */
export async function runPlan(
  connection: Connection,
  { items }: ApplyPlan,
  { force = false, signal, onProgress }: RunPlanOptions,
): Promise<readonly KubernetesObject[]> {
  const conflict = items.find((item) => item.kind === 'conflict');
  if (conflict !== undefined && !force) throw conflictError(conflict);
  const applied: KubernetesObject[] = [];
  for (const item of items) {
    const { kind, wanted } = item;
    const isForced = kind === 'conflict';
    if (isForced) await checkAgreed(connection, item, signal);
    const options = { fieldManager: userFieldManager, force: isForced, signal };
    const object = await applyObject(connection, wanted, options);
    applied.push(object);
    onProgress({ object: refOf(object), message: done[kind] });
  }
  return applied;
}

const done = {
  create: 'Created.',
  change: 'Changed.',
  unchanged: 'Unchanged.',
  conflict: 'Changed, taking fields over from their other managers.',
} as const satisfies Record<ApplyPlanItem['kind'], string>;

type Conflict = Extract<ApplyPlanItem, { readonly kind: 'conflict' }>;

/** Force takes every field that is in the way: also those that became so after the person was asked. */
async function checkAgreed(connection: Connection, agreed: Conflict, signal: AbortSignal): Promise<void> {
  const now = await dryRun(connection, agreed.wanted, signal);
  if (now.kind !== 'conflict') return;
  const conflicts = now.conflicts.filter(
    ({ manager, field }) =>
      !agreed.conflicts.some((known) => known.manager === manager && known.field === field),
  );
  if (conflicts.length > 0) throw conflictError({ ...agreed, conflicts });
}

function conflictError(item: Conflict): ClusterError {
  const { kind, metadata } = item.wanted;
  const fields = item.conflicts.map(({ manager, field }) => `${field} ("${manager}")`).join(', ');
  return new ClusterError({
    reason: 'conflict',
    message:
      `Cannot apply ${refText({ kind, ...metadata })}: others manage ${fields}. ` +
      'Agree on one owner, or apply with force to take over.',
    conflicts: item.conflicts,
  });
}
