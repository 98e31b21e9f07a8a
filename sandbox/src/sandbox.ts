import { chmod, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Connection, connect } from '#cluster/connect.ts';
import { ipOf } from '#core/net/cidr.ts';
import { addressing } from './addressing.ts';
import type { ApiServer } from './api-server.ts';
import { bootstrap, createClientPod, demoNamespace } from './bootstrap.ts';
import { Client } from './client.ts';
import { startLanServer } from './lan/start-server.ts';
import { buildLan } from './lan/topology.ts';
import type { Netns } from './netns.ts';
import { agentCommandScript, type SandboxImages } from './node/images.ts';
import { Ipam } from './node/ipam.ts';
import { Kubelet } from './node/kubelet.ts';
import { buildNode } from './node/network.ts';
import { nodeName, registerNode } from './node/node-object.ts';
import { startPodProxy } from './node/pod-proxy.ts';
import { runServiceProxy } from './node/proxy.ts';
import { realRuntime } from './node/real-runtime.ts';
import type { PodRuntime } from './node/runtime.ts';
import { startKubeletServer } from './node/server.ts';
import { simulatedRuntime } from './node/simulated-runtime.ts';
import { whyNoNetwork } from './preflight.ts';
import { type Registration, Registry, registryFolder } from './registry.ts';
import { writeSecretFile } from './secret-file.ts';
import { Supervised } from './supervised.ts';
import { UndoStack } from './undo.ts';
import { closeMirrors, createMirrors, startMirrors } from './workloads/mirrors.ts';
import { runWorkloads } from './workloads/run.ts';

export interface SandboxOptions {
  readonly folder: string;
  /** What the context of its kubeconfig is called. */
  readonly context: string;
  readonly isSimulated: boolean;
  /** How long a changed ConfigMap takes to reach the pods that show it. */
  readonly volumeDelayMs: number;
  /** The built programs: this bundle, and the agent's below `agent/`. */
  readonly dist: string;
  /** The files with which the operator is installed on a cluster. */
  readonly manifests: string;
  readonly startApi: StartApi;
  readonly log: (line: string) => void;
}

export type StartApi = (options: {
  readonly folder: string;
  readonly onChild: (pid: number) => void;
  readonly log: (line: string) => void;
}) => Promise<ApiServer>;

export interface Sandbox {
  readonly kubeconfig: string;
  readonly networking: 'real' | 'simulated';
  /** Why the network is simulated. */
  readonly reason?: string;
  close(): Promise<void>;
}

/** The reference of the agent's image in the sandbox, which pulls nothing. */
const agentImage = 'egress-router-agent:sandbox';
const startTimeoutMs = 60_000;

/** Starts everything; when a step fails, or `close` is called, takes back every step that was taken. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const undo = new UndoStack(options.log);
  try {
    return await start(options, undo);
  } catch (error) {
    await undo.unwind();
    throw error;
  }
}

async function start(options: SandboxOptions, undo: UndoStack): Promise<Sandbox> {
  const { log } = options;
  const signal = AbortSignal.timeout(startTimeoutMs);
  const folder = resolve(options.folder);
  const registry = new Registry(registryFolder(process.env));
  await registry.removeDead();
  const registration = await registry.register(folder);
  undo.defer('remove the record of this sandbox', () => registration.remove());
  const prefix = `ert-${registration.id}`;
  const cni = join(options.dist, 'agent', 'egress-router');
  const reason = options.isSimulated ? 'asked for with --simulate' : await whyNoNetwork(prefix, cni);

  const api = await options.startApi({
    folder: join(registration.folder, 'api'),
    onChild: (pid) => registration.addChild(pid),
    log,
  });
  undo.defer('stop the API', () => api.close());
  const kubeconfigText = await api.kubeconfigOf('admin', options.context);
  const kubeconfig = await writeSecretFile(folder, 'kubeconfig', kubeconfigText);
  const connection = connectTo(kubeconfig, undo);
  const client = new Client(connection);
  await bootstrap(connection, options.manifests, signal);

  const mirrors = createMirrors();
  undo.defer('stop watching', async () => closeMirrors(mirrors));
  const workloads = runWorkloads(client, mirrors, log);
  undo.defer('stop the controllers', () => workloads.close());
  const node = reason === undefined ? await startNetwork(prefix, options, registration, undo) : undefined;
  const runtime =
    node === undefined
      ? simulatedRuntime(reason ?? '', new Ipam())
      : await makeRuntime(prefix, node, options, registration);
  const kubelet = new Kubelet({
    client,
    nodeName,
    hostIp: ipOf(addressing.nodeLan4),
    runtime,
    pods: mirrors.pods,
    configMaps: mirrors.configMaps,
    services: mirrors.services,
    folder: join(registration.folder, 'pods'),
    volumeDelayMs: options.volumeDelayMs,
    log: (line) => log(`kubelet: ${line}`),
  });
  undo.defer('take down the pods', () => kubelet.close());
  if (node !== undefined) {
    const proxy = runServiceProxy(node, mirrors.services, mirrors.endpointSlices, log);
    undo.defer('stop the service proxy', () => proxy.close());
  }
  const server = await startKubeletServer({
    ...api.kubelet,
    findContainer: (pod, container) => kubelet.find(pod)?.container(container),
  });
  undo.defer("stop the node's API", () => server.close());
  await startMirrors(mirrors, connection);
  const heartbeat = await registerNode({ client, kubeletPort: server.port, simulated: reason, log });
  undo.defer('stop the heartbeat', async () => heartbeat.close());
  const podSocket = node === undefined ? undefined : await startProxy(node, registration, undo);
  await startOperator(options, registration, { api, podSocket }, undo);
  await createClientPod(connection, signal);
  await untilClientRuns(kubelet, signal);
  return {
    kubeconfig,
    networking: reason === undefined ? 'real' : 'simulated',
    ...(reason === undefined ? {} : { reason }),
    close: () => undo.unwind(),
  };
}

async function startNetwork(
  prefix: string,
  options: SandboxOptions,
  registration: Registration,
  undo: UndoStack,
): Promise<Netns> {
  const lan = await buildLan(prefix, undo);
  const server = await startLanServer({
    netns: lan.outside,
    program: [process.execPath, join(options.dist, 'sandbox.mjs')],
    addresses: addressing.outsideServers.map(ipOf),
    onStart: (pid) => registration.addChild(pid),
    log: (line) => options.log(`outside server: ${line}`),
  });
  undo.defer('stop the outside servers', () => server.close());
  return buildNode(prefix, lan, undo);
}

async function makeRuntime(
  prefix: string,
  node: Netns,
  { dist, log }: SandboxOptions,
  registration: Registration,
): Promise<PodRuntime> {
  const agentCommand = join(registration.folder, 'egress-router-agent');
  await writeFile(agentCommand, agentCommandScript);
  await chmod(agentCommand, 0o755);
  const images: SandboxImages = {
    agentImage,
    nodeExecutable: process.execPath,
    routerProgram: join(dist, 'agent', 'router.mjs'),
    agentCommand,
  };
  return realRuntime({
    prefix,
    node,
    ipam: new Ipam(),
    cniBinFolder: join(dist, 'agent'),
    images,
    folder: join(registration.folder, 'roots'),
    log,
  });
}

/** Gives the socket. */
async function startProxy(node: Netns, registration: Registration, undo: UndoStack): Promise<string> {
  const socket = join(registration.folder, 'pods.sock');
  const proxy = await startPodProxy(node, socket);
  undo.defer('stop asking pods', () => proxy.close());
  return socket;
}

async function startOperator(
  { dist, log }: SandboxOptions,
  registration: Registration,
  { api, podSocket }: { readonly api: ApiServer; readonly podSocket: string | undefined },
  undo: UndoStack,
): Promise<void> {
  const kubeconfig = await writeSecretFile(
    registration.folder,
    'operator.kubeconfig',
    await api.kubeconfigOf('operator', 'sandbox'),
  );
  const program = join(dist, 'sandbox', 'operator.mjs');
  const operator = new Supervised({
    // It runs beside the sandbox's network, where the addresses of pods are somebody else's.
    argv: [
      process.execPath,
      program,
      `--kubeconfig=${kubeconfig}`,
      `--image=${agentImage}`,
      `--ask-pods=${podSocket ?? 'false'}`,
    ],
    env: process.env,
    onStart: (pid) => registration.addChild(pid),
    onLine: (line) => log(`operator: ${line}`),
  });
  undo.defer('stop the operator', () => operator.close());
}

function connectTo(kubeconfig: string, undo: UndoStack): Connection {
  const connection = connect({
    kubeconfigPaths: [kubeconfig],
    namespace: demoNamespace,
    allowExec: false,
  });
  undo.defer('close the connection', async () => connection.close());
  return connection;
}

async function untilClientRuns(kubelet: Kubelet, signal: AbortSignal): Promise<void> {
  await kubelet.untilRunning(`${demoNamespace}/client`, signal);
}
