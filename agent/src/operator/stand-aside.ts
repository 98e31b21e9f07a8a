import { kinds } from '#cluster/kinds.ts';
import { cnoClusterOperator } from '#core/manifest/names.ts';
import type { World } from './world.ts';

/**
 * Tells whether the Cluster Network Operator is present, which acts on every EgressRouter itself: two that do
 * would put one address on the network twice. The answer is good for `maxAgeMs`; no answer is no leave to act.
 */
export class StandAside {
  readonly #world: World;
  readonly #maxAgeMs: number;
  readonly #now: () => number;
  readonly #onChange: (isPresent: boolean) => void;
  #answer: { readonly isPresent: boolean; readonly at: number } | undefined;

  constructor(options: {
    readonly world: World;
    readonly maxAgeMs: number;
    readonly now: () => number;
    /** Called with the first answer and with each that differs from the one before. */
    readonly onChange: (isPresent: boolean) => void;
  }) {
    this.#world = options.world;
    this.#maxAgeMs = options.maxAgeMs;
    this.#now = options.now;
    this.#onChange = options.onChange;
  }

  async isNeeded(signal: AbortSignal): Promise<boolean> {
    const before = this.#answer;
    if (before !== undefined && this.#now() - before.at < this.#maxAgeMs) return before.isPresent;
    const { name } = cnoClusterOperator;
    const isPresent = (await this.#world.get(kinds.clusterOperator, { name }, signal)) !== undefined;
    const isNews = this.#answer?.isPresent !== isPresent;
    this.#answer = { isPresent, at: this.#now() };
    if (isNews) this.#onChange(isPresent);
    return isPresent;
  }
}
