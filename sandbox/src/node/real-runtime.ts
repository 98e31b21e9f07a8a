import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { textAt } from '#core/json-value.ts';
import { clusterIfName } from '#core/manifest/names.ts';
import { isIp4 } from '#core/net/ip.ts';
import { run } from '../command.ts';
import { ipBatch, type Netns } from '../netns.ts';
import type { Container, Pod } from '../objects.ts';
import { UndoStack } from '../undo.ts';
import { type Attachment, cniAdd, cniDel } from './cni.ts';
import { ContainerProcess, execCommand } from './container.ts';
import { programOf, type SandboxImages } from './images.ts';
import type { Ipam } from './ipam.ts';
import { type NetworkStatus, toNetworkStatuses } from './networks-annotation.ts';
import { buildPodNetwork } from './pod-network.ts';
import { askProbe } from './probe.ts';
import type { Network, PodFiles, PodRuntime, PodSandbox } from './runtime.ts';
import { toNetworksError, toPluginError, toRuntimeError } from './sandbox-failure.ts';

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
    createSandbox: async (pod, attempt, readNetworks, signal) => {
      const id = randomBytes(32).toString('hex');
      const netnsName = `${options.prefix}-pod-${id.slice(0, 10)}`;
      const undo = new UndoStack((message) =>
        options.log(`${pod.metadata.namespace}/${pod.metadata.name}: ${message}`),
      );
      try {
        return await createSandbox(options, { pod, id, netnsName, readNetworks, undo, signal });
      } catch (error) {
        await undo.unwind();
        const about = { pod: identityOf(pod), attempt, id, netns: `/var/run/netns/${netnsName}` };
        throw new Error(toRuntimeError(about, textOf(error)), { cause: error });
      }
    },
  };
}

interface Creation {
  readonly pod: Pod;
  readonly id: string;
  readonly netnsName: string;
  readonly readNetworks: () => Promise<readonly Network[]>;
  readonly undo: UndoStack;
  readonly signal: AbortSignal;
}

async function createSandbox(options: RealRuntimeOptions, creation: Creation): Promise<PodSandbox> {
  const { pod, id, netnsName, readNetworks, undo, signal } = creation;
  const addresses = options.ipam.take();
  undo.defer('give back the addresses', async () => options.ipam.give(addresses));
  const port = `veth${id.slice(0, 10)}`;
  const { netns, mac } = await buildPodNetwork(netnsName, port, options.node, addresses, undo);
  const networks = await readNetworks().catch((cause: unknown) => {
    throw new Error(toNetworksError({ pod: identityOf(pod) }, textOf(cause)), { cause });
  });
  const ips = [addresses.ip4, addresses.ip6];
  const isDefaultMoved = networks.some((network) => network.defaultRoute.length > 0);
  if (isDefaultMoved) await dropDefaultRoutes(netns, clusterIfName);
  const networkStatus: NetworkStatus[] = [
    {
      name: 'cluster-network',
      interface: clusterIfName,
      ips,
      mac,
      default: true,
      dns: {},
    },
  ];
  for (const network of networks) {
    networkStatus.push(...(await attach(options, { pod, id, netns, network, undo, signal })));
    if (isDefaultMoved) await moveDefaultRoute(netns, network);
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
): Promise<readonly NetworkStatus[]> {
  const runtime = { binFolder: cniBinFolder, node };
  try {
    const attachment: Attachment = {
      config: network.config,
      containerId: id,
      netns,
      ifName: network.ifName,
      pod: identityOf(pod),
    };
    undo.defer(`detach ${network.ifName} from ${network.namespace}/${network.name}`, () =>
      cniDel(runtime, attachment, AbortSignal.timeout(cniTimeoutMs)),
    );
    const limit = AbortSignal.any([signal, AbortSignal.timeout(cniTimeoutMs)]);
    const result = await cniAdd(runtime, attachment, limit);
    return toNetworkStatuses(network, result);
  } catch (cause) {
    const name = textAt(network.config, 'name') ?? network.name;
    throw new Error(toPluginError({ pod: identityOf(pod) }, name, textOf(cause)), { cause });
  }
}

function identityOf({ metadata: { namespace = '', name, uid = '' } }: Pod): Attachment['pod'] {
  return { namespace, name, uid };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Multus' own part of `default-route` (`CmdAdd` and `CheckGatewayConfig` of Multus 4.3): where any network of a pod
 * asks for it, each interface loses its default routes of both families as soon as it is attached, so that those of
 * eth0 are gone before the next plugin runs. Then the one that asked gets its own.
 */
async function moveDefaultRoute(netns: Netns, { ifName, defaultRoute }: Network): Promise<void> {
  await dropDefaultRoutes(netns, ifName);
  await ipBatch(
    defaultRoute.map((gateway) => {
      const everywhere = isIp4(gateway) ? '0.0.0.0/0' : '::/0';
      return `route replace ${everywhere} via ${gateway} dev ${ifName}`;
    }),
    netns,
  );
}

async function dropDefaultRoutes(netns: Netns, ifName: string): Promise<void> {
  for (const family of ['-4', '-6']) {
    // A family without one, or a plugin without an interface, has nothing to lose.
    await run(['ip', '-n', netns.name, family, 'route', 'flush', 'default', 'dev', ifName]);
  }
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
      isReadOnly: container.securityContext?.readOnlyRootFilesystem === true,
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
