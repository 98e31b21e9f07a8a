import { textAt } from '#core/json-value.ts';
import { simulatedAnnotation } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';

/** Whether a pod redirects by a given configuration. */
export type RulesState =
  | 'inForce'
  /** It redirects by another one. */
  | 'pending'
  /** It cannot be asked. */
  | 'unknown'
  /** It is being asked: `onNews` tells when to look again. */
  | 'asking';

export interface ProbeOptions {
  /** Gives the digest of what is in force, or undefined; must end when its signal aborts. */
  readonly ask: (podIp: string, signal: AbortSignal) => Promise<string | undefined>;
  /** Takes the key of the router whose pod has answered, or has not. */
  readonly onNews: (key: string) => void;
  readonly monotonicMs: () => number;
  readonly signal: AbortSignal;
}

/**
 * Asks pods in the background, a few at a time, and only while it does not know that they have what they should:
 * no reconciliation ever waits for a pod.
 */
export class RulesProbe {
  readonly #options: ProbeOptions;
  readonly #answers = new Map<string, Answer>();
  readonly #asking = new Set<string>();
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  /** @param digest of the configuration that the pod of the router `key` should have */
  stateOf(pod: KubernetesObject, digest: string, key: string): RulesState {
    // Nothing is redirected there, and nobody answers.
    if (pod.metadata.annotations?.[simulatedAnnotation] !== undefined) return 'inForce';
    const { uid = '' } = pod.metadata;
    const answer = this.#answers.get(uid);
    // What was in force when it was asked about something else may have given way to that since.
    const isOfThis = answer?.wanted === digest;
    if (isOfThis && answer.inForce === digest) return 'inForce';
    const isFresh = isOfThis && this.#options.monotonicMs() - answer.atMs < pauseMs(answer);
    if (!isFresh && !this.#asking.has(uid)) this.#ask(pod, uid, digest, key);
    if (!isOfThis) return 'asking';
    return answer.inForce === undefined ? 'unknown' : 'pending';
  }

  #ask(pod: KubernetesObject, uid: string, wanted: string, key: string): void {
    const { ask, onNews, monotonicMs, signal } = this.#options;
    this.#asking.add(uid);
    // From now on what it told of others says nothing, whether this is still wanted when it answers or not.
    if (this.#answers.get(uid)?.wanted !== wanted) this.#answers.delete(uid);
    this.#waiting.push(async () => {
      const ip = textAt(pod, 'status', 'podIP');
      const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
      const inForce = ip === undefined ? undefined : await ask(ip, limit);
      this.#asking.delete(uid);
      if (signal.aborted) return;
      const before = this.#answers.get(uid);
      const isNews = before?.wanted !== wanted || before.inForce !== inForce;
      this.#answers.delete(uid);
      this.#answers.set(uid, { inForce, wanted, atMs: monotonicMs() });
      const [oldest] = this.#answers.keys();
      if (this.#answers.size > maxAnswers && oldest !== undefined) this.#answers.delete(oldest);
      if (isNews) onNews(key);
    });
    this.#fill();
  }

  #fill(): void {
    while (this.#running < atOnce) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#running += 1;
      void next().finally(() => {
        this.#running -= 1;
        this.#fill();
      });
    }
  }
}

interface Answer {
  readonly inForce: string | undefined;
  /** What it was asked about. */
  readonly wanted: string;
  readonly atMs: number;
}

/** How long an answer stands that is not the one hoped for. */
function pauseMs({ inForce }: Answer): number {
  return inForce === undefined ? 60_000 : 1_500;
}

const limitMs = 1_000;
const atOnce = 16;
const maxAnswers = 10_000;
