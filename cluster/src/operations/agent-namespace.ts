import { listAt, textAt } from '#core/json-value.ts';
import { toAgentObjects } from '#core/manifest/agent-objects.ts';
import { operatorNamespace } from '#core/manifest/names.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { kinds } from '../kinds.ts';
import { findObject } from '../objects.ts';

/**
 * The namespace whose operator the cluster lets act on routers. Told by the ClusterRoleBinding, which takes an
 * administrator: objects that merely bear the agent's names, anybody may make in a namespace of theirs.
 *
 * @returns undefined where no operator may act
 */
export async function agentNamespace(
  connection: Connection,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { rbac } = toAgentObjects('', operatorNamespace);
  const binding = rbac.find(({ kind }) => kind === kinds.clusterRoleBinding.kind);
  if (binding === undefined) return undefined;
  const live = await findObject(connection, kinds.clusterRoleBinding, binding.metadata, signal).catch(
    (error: unknown) => {
      if (ClusterError.is(error, 'crd-missing')) return undefined;
      throw error;
    },
  );
  return listAt(live, 'subjects').flatMap((subject) => textAt(subject, 'namespace') ?? [])[0];
}
