import { textAt } from '#core/json-value.ts';
import { simulatedAnnotation } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Clock } from './leader-election.ts';

/** Whether a pod redirects by a given configuration. */
export type RulesState =
  | 'inForce'
  /** It redirects by another one. */
  | 'pending'
  /** It cannot be asked: `onNews` tells when to look again, sooner at first and ever less often. */
  | 'unknown'
  /** It is being asked: `onNews` tells when to look again. */
  | 'asking';

export interface ProbeOptions {
  /**
   * Gives the digest of what is in force, or undefined; must end when its signal aborts. Absent: no pod can be reached
   * from here.
   */
  readonly ask: ((podIp: string, signal: AbortSignal) => Promise<string | undefined>) | undefined;
  /** Takes the key of the router whose pod has answered, or has not, or is to be asked again. */
  readonly onNews: (key: string) => void;
  readonly clock: Pick<Clock, 'monotonicMs' | 'after'>;
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
  /** Of pods that were silent when they were asked before: each of these may take all the time there is. */
  readonly #waitingBehind: (() => Promise<void>)[] = [];
  /** Silent pods that are left alone for a while, and how to end that. */
  readonly #resting = new Map<string, () => void>();
  #running = 0;

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  /** @param digest of the configuration that the pod of the router `key` should have */
  stateOf(pod: KubernetesObject, digest: string, key: string): RulesState {
    // Nothing is redirected there, and nobody answers.
    if (pod.metadata.annotations?.[simulatedAnnotation] !== undefined) return 'inForce';
    const { ask } = this.#options;
    if (ask === undefined) return 'unknown';
    const { uid = '' } = pod.metadata;
    const answer = this.#answers.get(uid);
    // What was in force when it was asked about something else may have given way to that since.
    const isOfThis = answer?.wanted === digest;
    if (isOfThis && answer.inForce === digest) return 'inForce';
    if (!(isOfThis && this.#stands(uid, answer)) && !this.#asking.has(uid)) {
      this.#ask(ask, pod, { uid, wanted: digest, key });
    }
    if (!isOfThis) return 'asking';
    return answer.inForce === undefined ? 'unknown' : 'pending';
  }

  #stands(uid: string, { inForce, atMs }: Answer): boolean {
    if (inForce === undefined) return this.#resting.has(uid);
    return this.#options.clock.monotonicMs() - atMs < pendingMs;
  }

  #ask(ask: Ask, pod: KubernetesObject, { uid, wanted, key }: Question): void {
    const { onNews, clock, signal } = this.#options;
    this.#asking.add(uid);
    this.#resting.get(uid)?.();
    // From now on what it told of others says nothing, whether this is still wanted when it answers or not.
    if (this.#answers.get(uid)?.wanted !== wanted) this.#answers.delete(uid);
    const wasSilent = (this.#answers.get(uid)?.silences ?? 0) > 0;
    (wasSilent ? this.#waitingBehind : this.#waiting).push(async () => {
      const ip = textAt(pod, 'status', 'podIP');
      const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
      const inForce = ip === undefined ? undefined : await ask(ip, limit);
      this.#asking.delete(uid);
      if (signal.aborted) return;
      const before = this.#answers.get(uid);
      const isNews = before?.wanted !== wanted || before.inForce !== inForce;
      const silences = inForce === undefined ? (before?.silences ?? 0) + 1 : 0;
      this.#answers.delete(uid);
      this.#answers.set(uid, { inForce, wanted, atMs: clock.monotonicMs(), silences });
      const [oldest] = this.#answers.keys();
      if (this.#answers.size > maxAnswers && oldest !== undefined) this.#answers.delete(oldest);
      if (inForce === undefined)
        this.#rest(uid, key, Math.min(leastRestMs * 2 ** (silences - 1), mostRestMs));
      if (isNews) onNews(key);
    });
    this.#fill();
  }

  /** A pod that is gone by then is not asked about again: that is the reconciliation's to say. */
  #rest(uid: string, key: string, ms: number): void {
    const { onNews, clock, signal } = this.#options;
    const end = (): void => {
      callOff();
      signal.removeEventListener('abort', end);
      this.#resting.delete(uid);
    };
    const callOff = clock.after(ms, () => {
      end();
      onNews(key);
    });
    signal.addEventListener('abort', end, { once: true });
    this.#resting.set(uid, end);
  }

  #fill(): void {
    while (this.#running < atOnce) {
      const next = this.#waiting.shift() ?? this.#waitingBehind.shift();
      if (next === undefined) return;
      this.#running += 1;
      void next().finally(() => {
        this.#running -= 1;
        this.#fill();
      });
    }
  }
}

type Ask = NonNullable<ProbeOptions['ask']>;

interface Question {
  readonly uid: string;
  readonly wanted: string;
  readonly key: string;
}

interface Answer {
  readonly inForce: string | undefined;
  /** What it was asked about. */
  readonly wanted: string;
  readonly atMs: number;
  /** How often it was asked about that in vain. */
  readonly silences: number;
}

/** How long the answer stands of a pod that has other rules yet. */
const pendingMs = 1_500;
const leastRestMs = 1_000;
const mostRestMs = 15_000;
const limitMs = 1_000;
const atOnce = 16;
const maxAnswers = 10_000;
