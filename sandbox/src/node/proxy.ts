import type { Mirror } from '../mirror.ts';
import { loadNft, type Netns } from '../netns.ts';
import type { EndpointSlice, Service } from '../objects.ts';
import { WorkQueue } from '../queue.ts';
import { toProxyRuleset, toServiceRules } from './proxy-rules.ts';

export interface ServiceProxy {
  close(): Promise<void>;
}

/** Keeps the node's table of Services in step with the cluster. */
export function runServiceProxy(
  node: Netns,
  services: Mirror<Service>,
  slices: Mirror<EndpointSlice>,
  log: (line: string) => void,
): ServiceProxy {
  let loaded = '';
  const queue = new WorkQueue({
    handle: async () => {
      const ruleset = toProxyRuleset(toServiceRules(services.list(), slices.list()));
      if (ruleset === loaded) return undefined;
      await loadNft(node, ruleset);
      loaded = ruleset;
      return undefined;
    },
    onError: (_key, error) => log(`service proxy: ${error instanceof Error ? error.message : String(error)}`),
    maxBackOffMs: 5000,
  });
  services.onChange(() => queue.add('rules'));
  slices.onChange(() => queue.add('rules'));
  return { close: () => queue.close() };
}
