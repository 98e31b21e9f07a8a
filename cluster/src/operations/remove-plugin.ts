import { toAgentObjects } from '#core/manifest/agent-objects.ts';
import { userFieldManager } from '#core/manifest/names.ts';
import type { RunOptions } from '../api.ts';
import { applyObject } from '../apply.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { refOf } from '../object-ref.ts';
import { followPart } from './install-follow.ts';
import { readRouters } from './routers-there.ts';

interface Until {
  readonly signal: AbortSignal;
  readonly onProgress: RunOptions['onProgress'];
  readonly deadline: number;
}

/**
 * By a DaemonSet in place of the one that keeps it there: only a pod reaches the folder of a node. That takes its time,
 * as a person may have over the question: a router that comes meanwhile gets the plugin back.
 */
export async function removePlugin(
  connection: Connection,
  namespace: string,
  image: string,
  until: Until,
): Promise<void> {
  const { signal, onProgress } = until;
  const { node, nodeCleanup } = toAgentObjects(image, namespace);
  const options = { fieldManager: userFieldManager, force: true, signal };
  const before = await readRouters(connection, signal);
  if (before.isAny) throw new ClusterError({ reason: 'refused', message: whyNeeded(before.example) });
  const applied = await applyObject(connection, nodeCleanup, options);
  onProgress({ object: refOf(applied), message: 'Taking the plugin from the nodes.' });
  const outcome = await followPart(connection, applied, { ...until, sparesForeign: true });
  const after = await readRouters(connection, signal);
  if (after.isAny) {
    await applyObject(connection, node, options);
    onProgress({ object: refOf(applied), message: 'Bringing the plugin back to the nodes.' });
    const message = `${whyNeeded(after.example)} The plugin is brought back to the nodes.`;
    throw new ClusterError({ reason: 'refused', message });
  }
  if (outcome.kind !== 'failed') return;
  throw new ClusterError({
    reason: outcome.reason,
    message: `The plugin is not taken from all nodes, so nothing was deleted. ${outcome.message} Mend that and remove the agent again; it goes on from there.`,
  });
}

function whyNeeded(example: string): string {
  return `Nothing was deleted: ${example} was made meanwhile, and its pod needs the plugin on the nodes. Remove the agent again to see what goes and what stays now.`;
}
