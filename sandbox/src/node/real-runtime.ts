import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterIfName } from '#core/manifest/names.ts';
import type { Ip } from '#core/net/ip.ts';
import { isIp4 } from '#core/net/ip.ts';
import { ipBatch, type Netns } from '../netns.ts';
import type { Container, Pod } from '../objects.ts';
import { UndoStack } from '../undo.ts';
import { type Attachment, cniAdd, cniDel, parseNadConfig } from './cni.ts';
import { ContainerProcess, execCommand } from './container.ts';
import { programOf, type SandboxImages } from './images.ts';
import type { Ipam } from './ipam.ts';
import { type NetworkStatus, toNetworkStatus } from './networks-annotation.ts';
import { buildPodNetwork } from './pod-network.ts';
import { askProbe } from './probe.ts';
import type { Network, PodFiles, PodRuntime, PodSandbox } from './runtime.ts';

export interface RealRuntimeOptions {
  /** Begins the names of this sandbox's namespaces. */
  readonly prefix: string;
  readonly node: Netns;
  readonly ipam: Ipam;
  /** Where the CNI executables are. */
  readonly cniBinFolder: string;
  readonly images: SandboxImages;
  /** For what containers need on disk. */
  readonly folder: string;
  readonly log: (line: string) => void;
}

/** A plugin that says nothing for so long is given up on, as a kubelet does. */
const cniTimeoutMs = 60_000;

/** Pods as network namespaces, attached to their networks by running the CNI executables. */
export function realRuntime(options: RealRuntimeOptions): PodRuntime {
  return {
    name: 'sandbox',
    createSandbox: async (pod, attempt, networks, signal) => {
      const id = randomBytes(32).toString('hex');
      const undo = new UndoStack((message) =>
        options.log(`${pod.metadata.namespace}/${pod.metadata.name}: ${message}`),
      );
      try {
        return await createSandbox(options, { pod, id, networks, undo, signal });
      } catch (error) {
        await undo.unwind();
        const { name, namespace, uid } = pod.metadata;
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(
          `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create pod network sandbox ` +
            `k8s_${name}_${namespace}_${uid}_${attempt}(${id}): error adding pod ${namespace}_${name} to CNI network ` +
            `"multus-cni-network": ${reason}`,
          { cause: error },
        );
      }
    },
  };
}

interface Creation {
  readonly pod: Pod;
  readonly id: string;
  readonly networks: readonly Network[];
  readonly undo: UndoStack;
  readonly signal: AbortSignal;
}

async function createSandbox(options: RealRuntimeOptions, creation: Creation): Promise<PodSandbox> {
  const { pod, id, networks, undo, signal } = creation;
  const addresses = options.ipam.take();
  undo.defer('give back the addresses', async () => options.ipam.give(addresses));
  const short = id.slice(0, 10);
  const { netns, mac } = await buildPodNetwork(
    `${options.prefix}-pod-${short}`,
    `veth${short}`,
    options.node,
    addresses,
    undo,
  );
  const ips = [addresses.ip4, addresses.ip6];
  const ownDefault = !networks.some((network) => network.defaultRoute.length > 0);
  const networkStatus: NetworkStatus[] = [
    {
      name: 'cluster-network',
      interface: clusterIfName,
      ips,
      mac,
      ...(ownDefault ? { default: true } : {}),
      dns: {},
    },
  ];
  for (const network of networks) {
    networkStatus.push(await attach(options, { pod, id, netns, network, undo, signal }));
  }
  const rootFolder = join(options.folder, id);
  undo.defer('remove the root folder', () => rm(rootFolder, { recursive: true, force: true }));
  await mkdir(rootFolder, { recursive: true });
  const place = { netns, rootFolder, env: baseEnv(pod) };
  return {
    id,
    ips,
    networkStatus,
    start: (container, files, log) => startContainer(options.images, place, container, files, log),
    probe: (container, probe, probeSignal) =>
      askProbe(options.node, addresses.ip4, container, probe, probeSignal),
    destroy: () => undo.unwind(),
  };
}

interface Attaching {
  readonly pod: Pod;
  readonly id: string;
  readonly netns: Netns;
  readonly network: Network;
  readonly undo: UndoStack;
  readonly signal: AbortSignal;
}

async function attach(
  { cniBinFolder, node }: RealRuntimeOptions,
  { pod, id, netns, network, undo, signal }: Attaching,
): Promise<NetworkStatus> {
  const { name, namespace = '', uid = '' } = pod.metadata;
  const runtime = { binFolder: cniBinFolder, node };
  try {
    const attachment: Attachment = {
      config: parseNadConfig(network.config, network.name),
      containerId: id,
      netns,
      ifName: network.ifName,
      pod: { namespace, name, uid },
    };
    undo.defer(`detach ${network.ifName} from ${network.namespace}/${network.name}`, () =>
      cniDel(runtime, attachment, AbortSignal.timeout(cniTimeoutMs)),
    );
    const limit = AbortSignal.any([signal, AbortSignal.timeout(cniTimeoutMs)]);
    const result = await cniAdd(runtime, attachment, limit);
    await moveDefaultRoute(netns, network.ifName, network.defaultRoute);
    return toNetworkStatus(network, result);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `plugin type="multus" name="multus-cni-network" failed (add): [${namespace}/${name}/${uid}:${network.name}]: ` +
        `error adding container to network "${network.name}": ${reason}`,
      { cause: error },
    );
  }
}

/** Multus' own part of `default-route`: eth0 loses its default route to the interface that asked for it. */
async function moveDefaultRoute(netns: Netns, ifName: string, gateways: readonly Ip[]): Promise<void> {
  if (gateways.length === 0) return;
  await ipBatch(
    gateways.map((gateway) => {
      const everywhere = isIp4(gateway) ? '0.0.0.0/0' : '::/0';
      return `route replace ${everywhere} via ${gateway} dev ${ifName}`;
    }),
    netns,
  );
}

interface Place {
  readonly netns: Netns;
  readonly rootFolder: string;
  readonly env: Readonly<Record<string, string>>;
}

async function startContainer(
  images: SandboxImages,
  { netns, rootFolder, env }: Place,
  container: Container,
  files: PodFiles,
  log: Parameters<PodSandbox['start']>[2],
): ReturnType<PodSandbox['start']> {
  const { argv, mounts } = programOf(images, container);
  const folder = join(rootFolder, container.name);
  await mkdir(folder, { recursive: true });
  const volumeMounts = (container.volumeMounts ?? []).flatMap(({ name, mountPath }) => {
    const from = files.volumes.get(name);
    return from === undefined ? [] : [{ from, to: mountPath }];
  });
  const ownEnv = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value ?? '']));
  const running = new ContainerProcess(
    {
      netns,
      rootFolder: folder,
      argv,
      env: { ...env, ...ownEnv },
      mounts: [...mounts, { from: files.hosts, to: '/etc/hosts' }, ...volumeMounts],
    },
    log,
  );
  return {
    ended: running.ended,
    stop: (graceMs) => running.stop(graceMs),
    execCommand: (inner) => (running.pid === undefined ? undefined : execCommand(netns, running.pid, inner)),
  };
}

function baseEnv(pod: Pod): Readonly<Record<string, string>> {
  return {
    PATH: '/opt/sandbox/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOSTNAME: pod.metadata.name,
    HOME: '/',
  };
}
