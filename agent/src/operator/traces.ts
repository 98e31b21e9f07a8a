import type { Connection } from '#cluster/connect.ts';
import { ClusterError } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import { listPages } from '#cluster/objects.ts';
import { conditionsOf } from './stored-conditions.ts';

/** Whether any operator has acted on EgressRouters here; also where that cannot be told. */
export async function hasTraces(
  connection: Connection,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    for await (const { objects } of listPages(connection, kinds.egressRouter, { namespace, signal })) {
      if (objects.some((router) => conditionsOf(router).length > 0)) return true;
    }
    return false;
  } catch (error) {
    return !ClusterError.is(error, 'crd-missing');
  }
}
