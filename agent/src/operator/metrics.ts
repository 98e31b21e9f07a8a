import { type MetricFamily, type MetricSample, toPrometheusText } from '#core/prometheus-text.ts';

/** What can be told at the moment of asking. */
export interface Gauges {
  readonly isLeader: boolean;
  /** Keys that wait to be worked on. */
  readonly queued: number;
  /** How many routers have each condition with status True. */
  readonly routers: ReadonlyMap<string, number>;
}

export type EventResult = 'written' | 'failed' | 'dropped';

/** Counts for as long as the process lives, whoever leads. */
export class OperatorMetrics {
  readonly #reconciled = new Map<'success' | 'error', number>([
    ['success', 0],
    ['error', 0],
  ]);
  readonly #buckets = boundsSeconds.map(() => 0);
  #seconds = 0;
  readonly #answers = new Map<string, Answers>();
  readonly #events = new Map<EventResult, number>();

  reconciled(result: 'success' | 'error', seconds: number): void {
    increment(this.#reconciled, result);
    this.#seconds += seconds;
    for (const [index, bound] of boundsSeconds.entries()) {
      if (seconds <= bound) this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
    }
  }

  /** `code` is absent where no answer came. */
  answered(verb: string, code: number | undefined): void {
    const key = `${verb} ${code ?? ''}`;
    const entry = this.#answers.get(key) ?? { labels: { verb, code: code ?? 'none' }, value: 0 };
    entry.value += 1;
    this.#answers.set(key, entry);
  }

  event(result: EventResult): void {
    increment(this.#events, result);
  }

  toText({ isLeader, queued, routers }: Gauges): string {
    const count = [...this.#reconciled.values()].reduce((sum, value) => sum + value, 0);
    return toPrometheusText([
      gauge('leader', 'Whether this process holds the Lease and acts.', [{ value: isLeader ? 1 : 0 }]),
      gauge('queue_depth', 'Routers that wait to be reconciled.', [{ value: queued }]),
      gauge(
        'routers',
        'Routers of which a condition is true.',
        [...routers].map(([condition, value]) => ({ labels: { condition }, value })),
      ),
      counter(
        'reconcile_total',
        'Reconciliations, by their result.',
        [...this.#reconciled].map(([result, value]) => ({ labels: { result }, value })),
      ),
      {
        name: `${prefix}reconcile_seconds`,
        type: 'histogram',
        help: 'How long a reconciliation took.',
        samples: [
          ...boundsSeconds.map((le, index) => bucket(le, this.#buckets[index] ?? 0)),
          bucket('+Inf', count),
          { suffix: '_sum', value: this.#seconds },
          { suffix: '_count', value: count },
        ],
      },
      counter('api_requests_total', 'Answers of the API server, by HTTP code.', [...this.#answers.values()]),
      counter(
        'events_total',
        'Events about routers, by what became of them.',
        [...this.#events].map(([result, value]) => ({ labels: { result }, value })),
      ),
    ]);
  }
}

interface Answers {
  readonly labels: Readonly<Record<string, string | number>>;
  value: number;
}

const prefix = 'egress_router_operator_';
const boundsSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

function bucket(le: number | string, value: number): MetricSample {
  return { suffix: '_bucket', labels: { le }, value };
}

function gauge(name: string, help: string, samples: readonly MetricSample[]): MetricFamily {
  return { name: prefix + name, type: 'gauge', help, samples };
}

function counter(name: string, help: string, samples: readonly MetricSample[]): MetricFamily {
  return { name: prefix + name, type: 'counter', help, samples };
}

function increment<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
