import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { textAt } from '#core/json-value.ts';
import { networksAnnotation } from '#core/manifest/names.ts';
import type { EventText } from '../events.ts';
import type { ConfigMap, Pod, Service, Stored } from '../objects.ts';
import { parseNadConfig } from './cni.ts';
import { toHosts } from './hosts.ts';
import { iso, LocalContainer } from './local-container.ts';
import { parseNetworks } from './networks-annotation.ts';
import type { PodView } from './pod-status.ts';
import type { Network, PodRuntime, PodSandbox } from './runtime.ts';
import { writeConfigMap } from './volumes.ts';

export interface LocalPodOptions {
  readonly pod: Pod;
  readonly runtime: PodRuntime;
  readonly hostIp: string;
  readonly folder: string;
  readonly findConfigMap: (key: string) => ConfigMap | undefined;
  readonly findNad: (key: string) => Promise<Stored | undefined>;
  readonly listServices: () => readonly Service[];
  readonly onChange: () => void;
  readonly onEvent: (event: EventText) => void;
}

/** A pod as this node has it. `sync` brings it up step by step, and may be called at any time. */
export class LocalPod {
  readonly uid: string;
  readonly #options: LocalPodOptions;
  readonly #startTime = iso(new Date());
  readonly #folder: string;
  readonly #containers = new Map<string, LocalContainer>();
  #sandbox: PodSandbox | undefined;
  #attempt = 0;
  #hosts = '';
  #volumes: ReadonlyMap<string, string> = new Map();
  /** How often the volumes were to be written, and which of these times they were. */
  #asked = 0;
  #written = -1;

  constructor(options: LocalPodOptions) {
    this.#options = options;
    this.uid = options.pod.metadata.uid ?? '';
    this.#folder = join(options.folder, this.uid);
  }

  get sandbox(): PodSandbox | undefined {
    return this.#sandbox;
  }

  container(name: string): LocalContainer | undefined {
    return this.#containers.get(name);
  }

  /** The next `sync` shows ConfigMaps as they are then. Without this a pod that has its sandbox keeps what it has. */
  renewVolumes(): void {
    this.#asked++;
  }

  /** @throws PodStartError when a step failed; the next call tries it again. */
  async sync(pod: Pod, signal: AbortSignal): Promise<void> {
    const asked = this.#asked;
    if (this.#sandbox === undefined || this.#written !== asked) {
      this.#volumes = await this.#writeVolumes(pod);
      this.#written = asked;
    }
    const volumes = this.#volumes;
    if (this.#sandbox === undefined) await this.#createSandbox(pod, signal);
    const sandbox = this.#sandbox;
    if (sandbox === undefined) return;
    const hosts = await this.#writeHosts(pod, sandbox.ips);
    for (const spec of pod.spec.containers) {
      if (this.#containers.has(spec.name)) continue;
      const { name, namespace } = pod.metadata;
      const container = new LocalContainer({
        spec,
        pod: `${name}_${namespace}(${this.uid})`,
        sandbox,
        runtimeName: this.#options.runtime.name,
        restarts: pod.spec.restartPolicy ?? 'Always',
        onChange: this.#options.onChange,
        onEvent: (type, reason, message) => this.#options.onEvent({ type, reason, message }),
      });
      this.#containers.set(spec.name, container);
      await container.start({ volumes, hosts });
    }
  }

  view(): PodView {
    return {
      hostIp: this.#options.hostIp,
      startTime: this.#startTime,
      ips: this.#sandbox?.ips ?? [],
      containers: new Map([...this.#containers].map(([name, container]) => [name, container.view()])),
    };
  }

  /** Stops the containers, detaches the networks, removes the namespace and the files. */
  async destroy(graceMs: number): Promise<void> {
    await Promise.all([...this.#containers.values()].map((container) => container.stop(graceMs)));
    await this.#sandbox?.destroy();
    this.#sandbox = undefined;
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #createSandbox(pod: Pod, signal: AbortSignal): Promise<void> {
    const attempt = this.#attempt++;
    try {
      const { runtime } = this.#options;
      this.#sandbox = await runtime.createSandbox(pod, attempt, () => this.#readNetworks(pod), signal);
    } catch (cause) {
      throw new PodStartError('FailedCreatePodSandBox', cause);
    }
    for (const { interface: ifName, ips, name } of this.#sandbox.networkStatus) {
      const message = `Add ${ifName} [${(ips ?? []).join(' ')}] from ${name}`;
      this.#options.onEvent({ type: 'Normal', reason: 'AddedInterface', message });
    }
  }

  /** @throws Error in the words of Multus 4.3 (`TryLoadPodDelegates`, `getKubernetesDelegate`) */
  async #readNetworks(pod: Pod): Promise<readonly Network[]> {
    const { namespace = '', annotations } = pod.metadata;
    const requests = parseNetworks(annotations?.[networksAnnotation] ?? '', namespace);
    const failing =
      'TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: failed getting the delegate: ';
    return Promise.all(
      requests.map(async (request) => {
        const nad = await this.#options.findNad(`${request.namespace}/${request.name}`);
        if (nad === undefined) {
          throw new Error(
            `${failing}getKubernetesDelegate: cannot find a network-attachment-definition (${request.name}) in ` +
              `namespace (${request.namespace}): network-attachment-definitions.k8s.cni.cncf.io "${request.name}" not found`,
          );
        }
        try {
          return { ...request, config: parseNadConfig(textAt(nad, 'spec', 'config') ?? '', request.name) };
        } catch (cause) {
          throw new Error(
            `${failing}GetCNIConfig: err in getCNIConfigFromSpec: ${cause instanceof Error ? cause.message : String(cause)}`,
            { cause },
          );
        }
      }),
    );
  }

  /** In place, as the containers have this very file before them. */
  async #writeHosts(pod: Pod, ips: readonly string[]): Promise<string> {
    const file = join(this.#folder, 'hosts');
    const text = toHosts(pod, ips, this.#options.listServices());
    if (text !== this.#hosts) {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(file, text);
      this.#hosts = text;
    }
    return file;
  }

  async #writeVolumes(pod: Pod): Promise<ReadonlyMap<string, string>> {
    const folders = new Map<string, string>();
    for (const volume of pod.spec.volumes ?? []) {
      if (volume.configMap === undefined) continue;
      const { name, optional } = volume.configMap;
      const configMap = this.#options.findConfigMap(`${pod.metadata.namespace}/${name}`);
      const folder = join(this.#folder, volume.name);
      const isFirst = this.#sandbox === undefined;
      if (configMap === undefined && optional !== true) {
        // A mounted volume keeps its last files when the ConfigMap goes away.
        if (isFirst) {
          const reason = `MountVolume.SetUp failed for volume "${volume.name}" : configmap "${name}" not found`;
          throw new PodStartError('FailedMount', new Error(reason));
        }
      } else {
        await writeConfigMap(folder, volume.configMap, configMap);
      }
      folders.set(volume.name, folder);
    }
    return folders;
  }
}

/** Why a pod does not start yet: `reason` is that of the Event to write. */
export class PodStartError extends Error {
  readonly reason: 'FailedCreatePodSandBox' | 'FailedMount';

  constructor(reason: PodStartError['reason'], cause: unknown) {
    const message = cause instanceof Error ? cause.message : String(cause);
    super(reason === 'FailedMount' ? message : `Failed to create pod sandbox: ${message}`, { cause });
    this.name = 'PodStartError';
    this.reason = reason;
  }
}
