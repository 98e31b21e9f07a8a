import { stateText } from '#client/tree/router-node.ts';
import type { Surroundings } from '#cluster/api.ts';
import type { RoutersSnapshot, RouterView } from '#cluster/view.ts';

/** What the language server is told of the cluster, in the shape that `parseClusterFacts` reads. */
export interface SentFacts extends Surroundings {
  readonly context: string;
  readonly routers: readonly SentRouter[];
}

export interface SentRouter {
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

/** Of two calls, what is sent of the same router is the same object as long as it says the same. */
export class SentRouters {
  #views = new WeakMap<RouterView, SentRouter>();
  #last: readonly SentRouter[] = [];

  of({ routers }: Pick<RoutersSnapshot, 'routers'>): readonly SentRouter[] {
    const now = routers.map((view, index) => this.#sent(view, index));
    const isSame = now.length === this.#last.length && now.every((one, index) => one === this.#last[index]);
    if (!isSame) this.#last = now;
    return this.#last;
  }

  /** Most are as they were, in the place where they were. */
  #sent(view: RouterView, index: number): SentRouter {
    const known = this.#views.get(view);
    if (known !== undefined) return known;
    const before = this.#last[index];
    const made = toSentRouter(view);
    const sent = before !== undefined && JSON.stringify(before) === JSON.stringify(made) ? before : made;
    this.#views.set(view, sent);
    return sent;
  }
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
