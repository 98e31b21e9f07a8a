import { listAt, textAt } from '#core/json-value.ts';
import { toAgentObjects } from '#core/manifest/agent-objects.ts';
import { operatorNamespace, sandboxOperatorAnnotation } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
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
  const binding = await findBinding(connection, signal);
  return listAt(binding, 'subjects').flatMap((subject) => textAt(subject, 'namespace') ?? [])[0];
}

/** Whether operator and plugin are part of a sandbox, which has them outside of pods and pulls no images. */
export async function isOfSandbox(connection: Connection, signal: AbortSignal): Promise<boolean> {
  const binding = await findBinding(connection, signal);
  return binding?.metadata.annotations?.[sandboxOperatorAnnotation] !== undefined;
}

async function findBinding(
  connection: Connection,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  const { rbac } = toAgentObjects('', operatorNamespace);
  const binding = rbac.find(({ kind }) => kind === kinds.clusterRoleBinding.kind);
  if (binding === undefined) return undefined;
  return findObject(connection, kinds.clusterRoleBinding, binding.metadata, signal).catch(
    (error: unknown) => {
      if (ClusterError.is(error, 'crd-missing')) return undefined;
      throw error;
    },
  );
}
