import type { Reconciler } from '#core/egress-router/reconciler.ts';
import type { ClusterFacts } from '#core/relations/cluster-facts.ts';
import { defaultSettings, type Settings } from './settings.ts';

/** What the client has told besides its documents: its settings, and what its cluster knows. */
export class Situation {
  #settings = defaultSettings;
  #cluster: ClusterFacts | undefined;

  /** Absent where no cluster is connected. */
  get cluster(): ClusterFacts | undefined {
    return this.#cluster;
  }

  /** Who makes routers, where a document does not say otherwise. */
  get reconciler(): Reconciler {
    const { reconciler } = this.#settings;
    return reconciler === 'auto' ? (this.#cluster?.reconciler ?? 'unknown') : reconciler;
  }

  configure(settings: Settings): void {
    this.#settings = settings;
  }

  /** @param facts undefined once there is no cluster any more. */
  connect(facts: ClusterFacts | undefined): void {
    this.#cluster = facts;
  }
}
