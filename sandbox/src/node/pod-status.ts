import type { Condition, Container, ContainerState, ContainerStatus, Pod, PodStatus } from '../objects.ts';
import { conditionOf } from '../objects.ts';

/** What the node knows of one container of a pod. */
export interface ContainerView {
  readonly id?: string;
  readonly state: ContainerState;
  readonly lastState?: ContainerState;
  readonly restartCount: number;
  readonly isReady: boolean;
}

/** What the node knows of a pod. */
export interface PodView {
  readonly hostIp: string;
  readonly startTime: string;
  /** Empty before there is a sandbox. */
  readonly ips: readonly string[];
  readonly containers: ReadonlyMap<string, ContainerView>;
}

/** The status of a pod as a kubelet reports it. Times of conditions that did not turn are kept. */
export function toPodStatus(pod: Pod, view: PodView, now: string): PodStatus {
  const statuses = pod.spec.containers.map((container) => toContainerStatus(container, view));
  const phase = phaseOf(pod, statuses);
  const notReady = statuses.filter((status) => !status.ready).map((status) => status.name);
  const isOver = phase === 'Succeeded' || phase === 'Failed';
  const unready = isOver
    ? { reason: 'PodCompleted' }
    : {
        reason: 'ContainersNotReady',
        message: `containers with unready status: [${notReady.join(' ')}]`,
      };
  const isReady = notReady.length === 0 && !isOver;
  const conditions = [
    { type: 'PodReadyToStartContainers', status: view.ips.length > 0 ? 'True' : 'False' },
    { type: 'Initialized', status: 'True' },
    isReady ? { type: 'Ready', status: 'True' } : { type: 'Ready', status: 'False', ...unready },
    isReady
      ? { type: 'ContainersReady', status: 'True' }
      : { type: 'ContainersReady', status: 'False', ...unready },
    { type: 'PodScheduled', status: 'True' },
  ] as const satisfies readonly Condition[];
  return {
    phase,
    hostIP: view.hostIp,
    startTime: view.startTime,
    ...(view.ips[0] === undefined ? {} : { podIP: view.ips[0], podIPs: view.ips.map((ip) => ({ ip })) }),
    conditions: conditions.map((condition) => turned(pod.status?.conditions, condition, now)),
    containerStatuses: statuses,
  };
}

/** The condition with the time of its last turn. */
export function turned(
  before: readonly Condition[] | undefined,
  condition: Condition,
  now: string,
): Condition {
  const old = conditionOf(before, condition.type);
  const since = old !== undefined && old.status === condition.status ? old.lastTransitionTime : now;
  return { ...condition, lastTransitionTime: since ?? now };
}

function toContainerStatus(container: Container, view: PodView): ContainerStatus {
  const known = view.containers.get(container.name);
  const state = known?.state ?? { waiting: { reason: 'ContainerCreating' } };
  const image = container.image ?? '';
  return {
    name: container.name,
    image,
    imageID: image,
    ...(known?.id === undefined ? {} : { containerID: known.id }),
    ready: known?.isReady ?? false,
    started: 'running' in state,
    restartCount: known?.restartCount ?? 0,
    state,
    lastState: known?.lastState ?? {},
  };
}

function phaseOf(pod: Pod, statuses: readonly ContainerStatus[]): NonNullable<PodStatus['phase']> {
  const restarts = pod.spec.restartPolicy ?? 'Always';
  const codes = statuses.map(({ state }) => ('terminated' in state ? state.terminated.exitCode : undefined));
  const areOver = codes.every((code) => code !== undefined);
  if (areOver && restarts !== 'Always') {
    if (codes.every((code) => code === 0)) return 'Succeeded';
    if (restarts === 'Never') return 'Failed';
  }
  const hasStarted = statuses.every(
    ({ state, restartCount }) => 'running' in state || 'terminated' in state || restartCount > 0,
  );
  return hasStarted ? 'Running' : 'Pending';
}
