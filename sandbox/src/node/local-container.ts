import type { Container, ContainerState, Probe } from '../objects.ts';
import type { ContainerEnd } from './container.ts';
import { LogBuffer } from './log-buffer.ts';
import type { ContainerView } from './pod-status.ts';
import { nextProbeState, type ProbeState } from './probe.ts';
import type { PodFiles, PodSandbox, RunningContainer } from './runtime.ts';

export interface LocalContainerOptions {
  readonly spec: Container;
  /** As a kubelet writes it into messages: `name_namespace(uid)`. */
  readonly pod: string;
  readonly sandbox: PodSandbox;
  /** Begins the container's ID in the status. */
  readonly runtimeName: string;
  readonly restarts: 'Always' | 'OnFailure' | 'Never';
  /** Something of `view()` has changed. */
  readonly onChange: () => void;
  readonly onEvent: (type: 'Normal' | 'Warning', reason: string, message: string) => void;
}

/** After a first restart at once, quicker than a kubelet's 10 s to 5 min: nobody waits for a sandbox. */
const firstRestartMs = 1000;
const maxRestartMs = 60_000;
/** A container that ran for so long starts over with the pauses. */
const forgiveAfterMs = 120_000;
const stopGraceMs = 5000;

/** One container of a pod on this node, started, probed and started again until `stop`. */
export class LocalContainer {
  readonly #options: LocalContainerOptions;
  readonly #closing = new AbortController();
  #running: RunningContainer | undefined;
  #state: ContainerState = { waiting: { reason: 'ContainerCreating' } };
  #lastState: ContainerState | undefined;
  #log = new LogBuffer();
  #lastLog: LogBuffer | undefined;
  #restartCount = 0;
  #starts = 0;
  /** The pause before the next restart; absent: none. */
  #restartMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #readiness: ProbeState;
  #probing: AbortController | undefined;

  constructor(options: LocalContainerOptions) {
    this.#options = options;
    this.#readiness = firstReadiness(options.spec);
  }

  async start(files: PodFiles): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const { spec, sandbox, onEvent } = this.#options;
    this.#starts++;
    this.#readiness = firstReadiness(spec);
    if ('terminated' in this.#state) this.#keepRun(this.#state);
    this.#log = new LogBuffer();
    const running = await sandbox.start(spec, files, this.#log);
    const startedAt = new Date();
    this.#running = running;
    this.#state = { running: { startedAt: iso(startedAt) } };
    onEvent('Normal', 'Started', `Started container ${spec.name}`);
    const probing = new AbortController();
    this.#probing = probing;
    if (spec.readinessProbe !== undefined) void this.#watchReadiness(spec.readinessProbe, probing.signal);
    if (spec.livenessProbe !== undefined) void this.#watchLiveness(spec.livenessProbe, probing.signal);
    void running.ended.then((end) => this.#onEnded(end, startedAt, files));
    this.#options.onChange();
  }

  view(): ContainerView {
    const { runtimeName, sandbox, spec } = this.#options;
    const isRunning = 'running' in this.#state;
    return {
      ...(this.#starts === 0
        ? {}
        : { id: `${runtimeName}://${sandbox.id.slice(0, 32)}-${spec.name}-${this.#restartCount}` }),
      state: this.#state,
      ...(this.#lastState === undefined ? {} : { lastState: this.#lastState }),
      restartCount: this.#restartCount,
      isReady: isRunning && this.#readiness.isPassing,
    };
  }

  /**
   * A kubelet keeps a log for each run: that of the present one, or of the last one where none runs, and that of the
   * one before (`validateContainerLogStatus` of Kubernetes 1.36).
   *
   * @returns in a kubelet's words why there is none
   */
  findLog(pod: string, isPrevious: boolean): LogBuffer | string {
    const container = `container "${this.#options.spec.name}" in pod "${pod}"`;
    if (isPrevious) return this.#lastLog ?? `previous terminated ${container} not found`;
    const state = this.#state;
    const isFirst = this.#lastState === undefined && 'waiting' in state;
    return isFirst ? `${container} is waiting to start: ${state.waiting.reason}` : this.#log;
  }

  execCommand(argv: readonly string[]): readonly [string, ...string[]] | undefined {
    return this.#running?.execCommand(argv);
  }

  /** For good. */
  async stop(graceMs: number): Promise<void> {
    this.#closing.abort();
    this.#probing?.abort();
    clearTimeout(this.#timer);
    await this.#running?.stop(graceMs);
    this.#log.end();
  }

  #onEnded(end: ContainerEnd, startedAt: Date, files: PodFiles): void {
    this.#log.end();
    this.#running = undefined;
    this.#probing?.abort();
    const terminated = toTerminated(end, startedAt);
    this.#state = terminated;
    const { restarts, onChange } = this.#options;
    const hasFailed = terminated.terminated.exitCode !== 0;
    if (!this.#closing.signal.aborted && (restarts === 'Always' || (restarts === 'OnFailure' && hasFailed))) {
      if (Date.now() - startedAt.getTime() > forgiveAfterMs) this.#restartMs = undefined;
      const pauseMs = this.#restartMs ?? 0;
      this.#restartMs = Math.min(maxRestartMs, Math.max(firstRestartMs, pauseMs * 2));
      if (pauseMs > 0) this.#backOff(terminated, pauseMs);
      this.#timer = setTimeout(() => {
        this.#restartCount++;
        this.start(files).catch((error: unknown) => {
          this.#state = { waiting: { reason: 'RunContainerError', message: String(error) } };
          onChange();
        });
      }, pauseMs);
    }
    onChange();
  }

  /** In a kubelet's words (`doBackOff` of Kubernetes 1.36). */
  #backOff(terminated: ContainerState, pauseMs: number): void {
    const { pod, spec, onEvent } = this.#options;
    this.#keepRun(terminated);
    const message = `back-off ${goDuration(pauseMs / 1000)} restarting failed container=${spec.name} pod=${pod}`;
    this.#state = { waiting: { reason: 'CrashLoopBackOff', message } };
    onEvent('Warning', 'BackOff', `Back-off restarting failed container ${spec.name} in pod ${pod}`);
  }

  #keepRun(terminated: ContainerState): void {
    this.#lastState = terminated;
    this.#lastLog = this.#log;
  }

  async #watchReadiness(probe: Probe, signal: AbortSignal): Promise<void> {
    const periodMs = (probe.periodSeconds ?? 10) * 1000;
    let complainedMs = Number.NEGATIVE_INFINITY;
    await this.#each(probe, signal, async () => {
      const { spec, sandbox, onChange, onEvent } = this.#options;
      const answer = await sandbox.probe(spec, probe, signal);
      if (signal.aborted) return;
      const before = this.#readiness;
      this.#readiness = nextProbeState(before, probe, answer);
      // While it comes up we look more often than a kubelet would, which is no reason to complain as often.
      if (!answer.isSuccess && performance.now() - complainedMs >= periodMs) {
        complainedMs = performance.now();
        onEvent('Warning', 'Unhealthy', `Readiness probe failed: ${answer.message}`);
      }
      if (before.isPassing !== this.#readiness.isPassing) onChange();
    });
  }

  async #watchLiveness(probe: Probe, signal: AbortSignal): Promise<void> {
    let state: ProbeState = { isPassing: true, contradictions: 0, message: '' };
    await this.#each(probe, signal, async () => {
      const { spec, sandbox, onEvent } = this.#options;
      const answer = await sandbox.probe(spec, probe, signal);
      if (signal.aborted) return;
      state = nextProbeState(state, probe, answer);
      if (answer.isSuccess) return;
      onEvent('Warning', 'Unhealthy', `Liveness probe failed: ${answer.message}`);
      if (state.isPassing) return;
      onEvent('Normal', 'Killing', `Container ${spec.name} failed liveness probe, will be restarted`);
      await this.#running?.stop(stopGraceMs);
    });
  }

  /** A kubelet's first look comes after `initialDelaySeconds`; ours looks sooner again until it has passed once. */
  async #each(probe: Probe, signal: AbortSignal, ask: () => Promise<void>): Promise<void> {
    const periodMs = (probe.periodSeconds ?? 10) * 1000;
    await pause((probe.initialDelaySeconds ?? 0) * 1000, signal);
    while (!signal.aborted) {
      await ask();
      const isComing = probe === this.#options.spec.readinessProbe && !this.#readiness.isPassing;
      await pause(isComing ? Math.min(periodMs, 500) : periodMs, signal);
    }
  }
}

function firstReadiness(spec: Container): ProbeState {
  return { isPassing: spec.readinessProbe === undefined, contradictions: 0, message: '' };
}

function toTerminated(end: ContainerEnd, startedAt: Date): Extract<ContainerState, { terminated: object }> {
  const times = { startedAt: iso(startedAt), finishedAt: iso(new Date()) };
  switch (end.kind) {
    case 'exited':
      return {
        terminated: { exitCode: end.code, reason: end.code === 0 ? 'Completed' : 'Error', ...times },
      };
    case 'signalled':
      return { terminated: { exitCode: end.signal === 'SIGTERM' ? 143 : 137, reason: 'Error', ...times } };
    case 'not-started':
      return { terminated: { exitCode: 128, reason: 'StartError', ...times } };
  }
}

/** As Go writes a number of seconds: `1m20s`. */
function goDuration(seconds: number): string {
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

/** Kubernetes' times have whole seconds. */
export function iso(date: Date): string {
  return date.toISOString().replace(/\.[0-9]+Z$/, 'Z');
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
