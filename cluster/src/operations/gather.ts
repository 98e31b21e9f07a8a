import type { LiveState } from '#core/egress-router/apply-plan.ts';
import { userFieldManager } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { applyObject } from '../apply.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { findKind } from '../kinds.ts';
import { findObject } from '../objects.ts';

/** What `planApply` wants to know of each object: how it is, and how it would be. */
export async function gather(
  connection: Connection,
  wanted: readonly KubernetesObject[],
  signal: AbortSignal,
): Promise<readonly { readonly object: KubernetesObject; readonly state: LiveState }[]> {
  return Promise.all(
    wanted.map(async (object) => {
      const [live, result] = await Promise.all([
        readLive(connection, object, signal),
        dryRun(connection, object, signal),
      ]);
      return { object, state: live === undefined ? { result } : { live, result } };
    }),
  );
}

async function readLive(
  connection: Connection,
  { apiVersion, kind, metadata }: KubernetesObject,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  const known = findKind(apiVersion, kind);
  return known === undefined ? undefined : findObject(connection, known, metadata, signal);
}

/** What applying without force would do. */
export async function dryRun(
  connection: Connection,
  object: KubernetesObject,
  signal: AbortSignal,
): Promise<LiveState['result']> {
  try {
    const options = { fieldManager: userFieldManager, dryRun: true, signal };
    return { kind: 'object', object: await applyObject(connection, object, options) };
  } catch (error) {
    if (ClusterError.is(error, 'conflict') && error.conflicts !== undefined) {
      return { kind: 'conflict', conflicts: error.conflicts, ...(await forced(connection, object, signal)) };
    }
    throw error;
  }
}

/** What taking the fields over would make of it: to be shown, so whatever hinders it is left to the apply itself. */
async function forced(
  connection: Connection,
  object: KubernetesObject,
  signal: AbortSignal,
): Promise<{ readonly forced?: KubernetesObject }> {
  try {
    const options = { fieldManager: userFieldManager, dryRun: true, force: true, signal };
    return { forced: await applyObject(connection, object, options) };
  } catch (error) {
    if (ClusterError.is(error, 'canceled')) throw error;
    return {};
  }
}
