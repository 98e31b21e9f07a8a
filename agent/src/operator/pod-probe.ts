import { textAt } from '#core/json-value.ts';
import { simulatedAnnotation } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { PodReport } from './ask-pod.ts';
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

/** Why a pod that is not ready says that it does not redirect; nothing where it says that it does. */
export type PodFaults =
  | readonly string[]
  /** It says that it redirects, and its kubelet may not have seen that yet. */
  | 'recovering'
  /** It is being asked: `onNews` tells when to look again. */
  | 'asking'
  /** It cannot be asked. */
  | undefined;

export interface ProbeOptions {
  /** Must end when its signal aborts. Absent: no pod can be reached from here. */
  readonly ask: ((podIp: string, signal: AbortSignal) => Promise<PodReport | undefined>) | undefined;
  /** Takes the key of the router whose pod has answered, or has not, or is to be asked again. */
  readonly onNews: (key: string) => void;
  readonly clock: Pick<Clock, 'monotonicMs' | 'after'>;
  readonly signal: AbortSignal;
}

/**
 * Asks pods in the background, a few at a time, and only while it does not know that they have what they should:
 * no reconciliation ever waits for a pod.
 */
export class PodProbe {
  readonly #options: ProbeOptions;
  readonly #answers = new Map<string, Answer>();
  /** Pods that are being asked, and since when. */
  readonly #asking = new Map<string, number>();
  readonly #waiting: (() => Promise<void>)[] = [];
  /** Of pods that are not ready, or were silent when they were asked before: each may take all the time there is. */
  readonly #waitingBehind: (() => Promise<void>)[] = [];
  /** Silent pods that are left alone for a while, and how to end that. */
  readonly #resting = new Map<string, () => void>();
  #running = 0;

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  /** @param digest of the configuration that the pod of the router `key` should have */
  rulesOf(pod: KubernetesObject, digest: string, key: string): RulesState {
    // Nothing is redirected there, and nobody answers.
    if (pod.metadata.annotations?.[simulatedAnnotation] !== undefined) return 'inForce';
    const { ask } = this.#options;
    if (ask === undefined) return 'unknown';
    const { uid = '' } = pod.metadata;
    const answer = this.#answerTo(digest, uid);
    if (answer?.said === digest) return 'inForce';
    this.#askAgain(ask, pod, { uid, wanted: digest, key });
    if (answer === undefined) return 'asking';
    return answer.said === undefined ? 'unknown' : 'pending';
  }

  /**
   * Of a pod that is not ready, as the kubelet does not pass on what a router answers to its probe (Kubernetes 1.36,
   * `pkg/probe/http`). Whoever looks again is told the newest answer, and asks once more. A pod that says something
   * else each time is heard ever less often: what it says is written into a status.
   */
  faultsOf(pod: KubernetesObject, key: string): PodFaults {
    const { ask } = this.#options;
    if (ask === undefined) return undefined;
    const { uid = '' } = pod.metadata;
    this.#askAgain(ask, pod, { uid, wanted: undefined, key });
    const answer = this.#answerTo(undefined, uid);
    const nowMs = this.#options.clock.monotonicMs();
    // Where many pods hang, what else is known of this one is not kept back for its turn.
    if (answer === undefined) return nowMs - (this.#asking.get(uid) ?? 0) < patienceMs ? 'asking' : undefined;
    const isNew = nowMs - answer.sinceMs < recoveringMs;
    return answer.faults?.length === 0 && isNew ? 'recovering' : answer.faults;
  }

  /** What was in force when it was asked about something else may have given way to that since. */
  #answerTo(wanted: string | undefined, uid: string): Answer | undefined {
    const answer = this.#answers.get(uid);
    return answer?.wanted === wanted ? answer : undefined;
  }

  #askAgain(ask: Ask, pod: KubernetesObject, question: Question): void {
    const { uid, wanted } = question;
    if (!this.#stands(uid, this.#answerTo(wanted, uid)) && !this.#asking.has(uid))
      this.#ask(ask, pod, question);
  }

  #stands(uid: string, answer: Answer | undefined): boolean {
    if (answer === undefined) return false;
    if (answer.said === undefined) return this.#resting.has(uid);
    return this.#options.clock.monotonicMs() - answer.atMs < pendingMs;
  }

  #ask(ask: Ask, pod: KubernetesObject, { uid, wanted, key }: Question): void {
    const { onNews, clock, signal } = this.#options;
    this.#asking.set(uid, clock.monotonicMs());
    this.#resting.get(uid)?.();
    // From now on what it told of others says nothing, whether this is still wanted when it answers or not.
    if (this.#answerTo(wanted, uid) === undefined) this.#answers.delete(uid);
    const wasSilent = (this.#answers.get(uid)?.silences ?? 0) > 0;
    (wasSilent || wanted === undefined ? this.#waitingBehind : this.#waiting).push(async () => {
      const ip = textAt(pod, 'status', 'podIP');
      const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
      const report = ip === undefined ? undefined : await ask(ip, limit);
      this.#asking.delete(uid);
      if (signal.aborted) return;
      const said = wanted === undefined ? report?.faults.join('\n') : report?.digest;
      const before = this.#answerTo(wanted, uid);
      const isNews = before === undefined || before.said !== said;
      const silences = said === undefined ? (before?.silences ?? 0) + 1 : 0;
      const atMs = clock.monotonicMs();
      this.#answers.delete(uid);
      const isHeld = isNews && wanted === undefined && before !== undefined;
      if (isHeld && atMs - before.sinceMs < holdMs(before)) {
        this.#answers.set(uid, { ...before, atMs, silences });
        return;
      }
      const [sinceMs, changes] = isNews
        ? [atMs, (before?.changes ?? 0) + 1]
        : [before.sinceMs, before.changes];
      const faults = report?.faults;
      this.#answers.set(uid, { said, faults, wanted, atMs, sinceMs, changes, silences });
      const [oldest] = this.#answers.keys();
      if (this.#answers.size > maxAnswers && oldest !== undefined) this.#answers.delete(oldest);
      if (said === undefined) this.#rest(uid, key, Math.min(leastRestMs * 2 ** (silences - 1), mostRestMs));
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
  /** The digest that should be in force; undefined: why it is not ready. */
  readonly wanted: string | undefined;
  readonly key: string;
}

interface Answer {
  /** The digest in force, or all faults as one text; undefined: nothing of what it was asked about. */
  readonly said: string | undefined;
  readonly faults: PodReport['faults'] | undefined;
  /** What it was asked about. */
  readonly wanted: string | undefined;
  readonly atMs: number;
  /** When it first said just this. */
  readonly sinceMs: number;
  /** How often it has said something else than before. */
  readonly changes: number;
  /** How often it was asked about that in vain. */
  readonly silences: number;
}

/** How long the answer stands of a pod that has other rules yet. */
const pendingMs = 1_500;
/** How long what a pod says of itself holds, whatever else it says meanwhile. */
function holdMs({ changes }: Answer): number {
  return Math.min(500 * 2 ** changes, 60_000);
}

const patienceMs = 2_000;
/** A kubelet asks every 5 s, and tells a moment later. */
const recoveringMs = 15_000;
const leastRestMs = 1_000;
const mostRestMs = 15_000;
const limitMs = 1_000;
const atOnce = 16;
const maxAnswers = 10_000;
