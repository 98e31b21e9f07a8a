import { isDeepStrictEqual } from 'node:util';
import { ClusterError } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import { networkStatusAnnotation, simulatedAnnotation } from '#core/manifest/names.ts';
import { type Client, kindOf } from '../client.ts';
import { EventRecorder } from '../events.ts';
import type { Mirror } from '../mirror.ts';
import { type ConfigMap, isPodActive, keyOf, locationOf, type Pod, type Service } from '../objects.ts';
import { type Handled, WorkQueue } from '../queue.ts';
import { iso } from './local-container.ts';
import { LocalPod, PodStartError } from './local-pod.ts';
import { toPodStatus } from './pod-status.ts';
import type { PodRuntime } from './runtime.ts';

export interface KubeletOptions {
  readonly client: Client;
  readonly nodeName: string;
  readonly hostIp: string;
  readonly runtime: PodRuntime;
  readonly pods: Mirror<Pod>;
  readonly configMaps: Mirror<ConfigMap>;
  readonly services: Mirror<Service>;
  readonly folder: string;
  /**
   * How long a changed ConfigMap takes to reach the pods that show it. A kubelet hears of it at once, but renews the
   * volumes of a pod 60 to 90 s after it did so last, or when the pod itself is changed (Kubernetes 1.36,
   * `completeWork` of `pkg/kubelet/pod_workers.go`).
   */
  readonly volumeDelayMs: number;
  readonly log: (line: string) => void;
}

const defaultGraceSeconds = 30;
/** When the sandbox itself ends, nobody waits for the politeness of a pod. */
const shutDownGraceMs = 2000;

/** The node's agent: makes the pods that are bound to it, tells how they are, and takes them down. */
export class Kubelet {
  readonly #options: KubeletOptions;
  readonly #queue: WorkQueue;
  readonly #events: EventRecorder;
  readonly #local = new Map<string, LocalPod>();
  readonly #renewals = new Map<string, NodeJS.Timeout>();

  constructor(options: KubeletOptions) {
    this.#options = options;
    this.#events = new EventRecorder(options.client, 'kubelet', options.log);
    this.#queue = new WorkQueue({
      handle: (key, signal) => this.#sync(key, signal),
      onError: (key, error) => this.#onError(key, error),
      maxBackOffMs: 10_000,
    });
    options.pods.onChange(({ object }) => this.#queue.add(keyOf(object)));
    options.services.onChange(() => {
      for (const key of this.#local.keys()) this.#queue.add(key);
    });
    options.configMaps.onChange(({ object }) => {
      const { namespace, name } = object.metadata;
      for (const pod of options.pods.list(namespace)) {
        if (pod.spec.volumes?.some((volume) => volume.configMap?.name === name) === true) {
          this.#renewLater(keyOf(pod));
        }
      }
    });
  }

  #renewLater(key: string): void {
    const { volumeDelayMs } = this.#options;
    const renew = (): void => {
      this.#renewals.delete(key);
      this.#local.get(key)?.renewVolumes();
      this.#queue.add(key);
    };
    // One that waits for its first files gets them now; a renewal that is to come shows the newest of them.
    if (volumeDelayMs === 0 || this.#local.get(key)?.sandbox === undefined) renew();
    else if (!this.#renewals.has(key)) this.#renewals.set(key, setTimeout(renew, volumeDelayMs));
  }

  /** Resolves when every container of the pod runs. */
  async untilRunning(key: string, signal: AbortSignal): Promise<void> {
    const { pods } = this.#options;
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (pods.get(key)?.status?.phase === 'Running') resolve();
      };
      pods.onChange(look);
      signal.addEventListener('abort', () => reject(new Error(`pod ${key} did not start in time`)), {
        once: true,
      });
      look();
    });
  }

  /** The pod that runs here under this key (`namespace/name`). */
  find(key: string): LocalPod | undefined {
    return this.#local.get(key);
  }

  /** Takes down every pod; their objects stay as they are. */
  async close(): Promise<void> {
    for (const renewal of this.#renewals.values()) clearTimeout(renewal);
    await this.#queue.close();
    await Promise.all([...this.#local.values()].map((local) => local.destroy(shutDownGraceMs)));
    this.#local.clear();
  }

  async #sync(key: string, signal: AbortSignal): Promise<Handled> {
    const pod = this.#options.pods.get(key);
    const local = this.#local.get(key);
    if (local !== undefined && local.uid !== pod?.metadata.uid) {
      await local.destroy(shutDownGraceMs);
      this.#local.delete(key);
    }
    if (pod === undefined || pod.spec.nodeName !== this.#options.nodeName) return undefined;
    if (pod.metadata.deletionTimestamp !== undefined) return this.#terminate(key, pod, signal);
    if (!isPodActive(pod)) return undefined;
    const current = this.#local.get(key) ?? this.#admit(key, pod);
    try {
      await current.sync(pod, signal);
      await this.#annotate(pod, current, signal);
    } finally {
      await this.#report(pod, current, signal);
    }
    return undefined;
  }

  #admit(key: string, pod: Pod): LocalPod {
    const { client, runtime, hostIp, folder, configMaps } = this.#options;
    const local = new LocalPod({
      pod,
      runtime,
      hostIp,
      folder,
      findConfigMap: (name) => configMaps.get(name),
      listServices: () => this.#options.services.list(),
      findNad: (name) => client.find(kindOf.nad, locationOf(name), AbortSignal.timeout(10_000)),
      onChange: () => this.#queue.add(key),
      onEvent: (event) => this.#events.record(pod, event),
    });
    this.#local.set(key, local);
    return local;
  }

  async #terminate(key: string, pod: Pod, signal: AbortSignal): Promise<Handled> {
    const local = this.#local.get(key);
    const graceSeconds = pod.metadata.deletionGracePeriodSeconds ?? defaultGraceSeconds;
    if (local !== undefined) {
      for (const { name } of pod.spec.containers) {
        this.#events.record(pod, {
          type: 'Normal',
          reason: 'Killing',
          message: `Stopping container ${name}`,
        });
      }
      await local.destroy(graceSeconds * 1000);
      this.#local.delete(key);
    }
    const { client } = this.#options;
    const options = { gracePeriodSeconds: 0, uid: pod.metadata.uid, signal };
    await client.remove(kinds.pod, locationOf(key), options);
    return undefined;
  }

  /** What Multus writes: the networks that the pod got. */
  async #annotate(pod: Pod, local: LocalPod, signal: AbortSignal): Promise<void> {
    const { client, runtime } = this.#options;
    if (local.sandbox === undefined) return;
    const annotations = {
      [networkStatusAnnotation]: JSON.stringify(local.sandbox.networkStatus, null, 4),
      ...(runtime.simulated === undefined ? {} : { [simulatedAnnotation]: runtime.simulated }),
    };
    const current = pod.metadata.annotations ?? {};
    if (Object.entries(annotations).every(([name, value]) => current[name] === value)) return;
    await client.patch(kinds.pod, locationOf(keyOf(pod)), { metadata: { annotations } }, signal);
  }

  async #report(pod: Pod, local: LocalPod, signal: AbortSignal): Promise<void> {
    const status = toPodStatus(pod, local.view(), iso(new Date()));
    if (includes(pod.status ?? {}, status)) return;
    try {
      await this.#options.client.patchStatus(kinds.pod, locationOf(keyOf(pod)), { ...status }, signal);
    } catch (error) {
      if (!ClusterError.is(error, 'not-found')) throw error;
    }
  }

  #onError(key: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#options.log(`pod ${key}: ${message}`);
    const pod = this.#options.pods.get(key);
    if (pod === undefined || !(error instanceof PodStartError)) return;
    this.#events.record(pod, { type: 'Warning', reason: error.reason, message });
  }
}

/** True where every field of `part` is in `whole` already; other fields of `whole` are someone else's. */
function includes(whole: object, part: object): boolean {
  const fields = new Map(Object.entries(whole));
  return Object.entries(part).every(([name, value]) => isDeepStrictEqual(fields.get(name), value));
}
