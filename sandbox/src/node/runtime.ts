import type { Container, Pod, Probe } from '../objects.ts';
import type { ContainerEnd } from './container.ts';
import type { LogBuffer } from './log-buffer.ts';
import type { NetworkRequest, NetworkStatus } from './networks-annotation.ts';
import type { ProbeAnswer } from './probe.ts';

/** How pods come to be on this node: for real, in network namespaces, or only in name. */
export interface PodRuntime {
  /** Why pods are only simulated; absent where they are real. */
  readonly simulated?: string;
  /** The prefix of a container's ID in a pod's status. */
  readonly name: string;
  /**
   * Leaves nothing behind when it fails.
   *
   * @param readNetworks rejects in Multus' words
   * @throws Error in the words that a runtime answers a kubelet with
   */
  createSandbox(
    pod: Pod,
    attempt: number,
    readNetworks: () => Promise<readonly Network[]>,
    signal: AbortSignal,
  ): Promise<PodSandbox>;
}

/** A network that a pod wants, and its NAD's `spec.config` with a `name`. */
export interface Network extends NetworkRequest {
  readonly config: Readonly<Record<string, unknown>>;
}

/** A pod's place: its network, in which containers can be started. */
export interface PodSandbox {
  readonly id: string;
  /** The first one is `status.podIP`. */
  readonly ips: readonly string[];
  readonly networkStatus: readonly NetworkStatus[];
  start(container: Container, files: PodFiles, log: LogBuffer): Promise<RunningContainer>;
  probe(container: Container, probe: Probe, signal: AbortSignal): Promise<ProbeAnswer>;
  /** Takes down everything, whatever fails on the way. Containers are stopped by then. */
  destroy(): Promise<void>;
}

/** What the node keeps on disk for a pod. */
export interface PodFiles {
  /** The folder of each volume, by its name. */
  readonly volumes: ReadonlyMap<string, string>;
  /** Shown as /etc/hosts. */
  readonly hosts: string;
}

export interface RunningContainer {
  readonly ended: Promise<ContainerEnd>;
  stop(graceMs: number): Promise<void>;
  /** The command that runs `argv` inside; undefined where nothing can be run. */
  execCommand(argv: readonly string[]): readonly [string, ...string[]] | undefined;
}
