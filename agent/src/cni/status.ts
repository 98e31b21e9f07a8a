import type { NetConf } from '#core/netconf/model.ts';
import { CniFailure } from './failure.ts';
import { explain, type Tools } from './tools.ts';

/**
 * STATUS, on the node: whether an ADD of this configuration could begin.
 * @throws CniFailure naming what is not there
 */
export async function status(tools: Tools, conf: NetConf): Promise<void> {
  const missing = (['ip', 'nft', 'nsenter'] as const).filter((tool) => tools.find(tool) === undefined);
  if (missing.length > 0) {
    throw new CniFailure('not-available', `not installed on this node: ${missing.join(', ')}`);
  }
  const { master } = conf.macvlan;
  if (master === undefined) return;
  const shown = await tools.attempt('ip', ['link', 'show', 'dev', master]);
  if (shown.kind !== 'exited' || shown.code !== 0) {
    throw new CniFailure(
      'not-available',
      `macvlan master "${master}" does not exist on this node`,
      explain(shown, 'ip'),
    );
  }
}
