import { stateText } from '#client/tree/router-node.ts';
import type { Surroundings } from '#cluster/api.ts';
import type { RoutersSnapshot, RouterView } from '#cluster/view.ts';

/** What the language server is told of the cluster, in the shape that `parseClusterFacts` reads. */
export interface SentFacts extends Surroundings {
  readonly context: string;
  readonly routers: readonly SentRouter[];
}

interface SentRouter {
  readonly namespace: string;
  readonly name: string;
  readonly addresses: readonly string[];
  readonly rules: readonly {
    readonly port: number;
    readonly protocol: string;
    readonly destination: string;
    readonly targetPort: number;
  }[];
  readonly state: string;
}

export function toClusterFacts({ context, routers }: RoutersSnapshot, around: Surroundings): SentFacts {
  return { context, ...around, routers: routers.map(toSentRouter) };
}

function toSentRouter({ namespace, name, addresses, rules, state }: RouterView): SentRouter {
  return {
    namespace,
    name,
    // Without the length of the prefix: what is taken is the address.
    addresses: addresses.map(({ ip }) => ip.replace(/\/.*/, '')),
    rules: rules.map(({ port, protocol, destinationIP, targetPort }) => ({
      port,
      protocol,
      destination: destinationIP,
      targetPort,
    })),
    state: stateText(state),
  };
}
