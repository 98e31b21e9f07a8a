import { cpus, release, totalmem } from 'node:os';
import { setInterval } from 'node:timers';
import { kinds } from '#cluster/kinds.ts';
import { simulatedAnnotation } from '#core/manifest/names.ts';
import { ipOf } from '#core/net/cidr.ts';
import { addressing } from '../addressing.ts';
import type { Client } from '../client.ts';
import { kindOf } from '../client.ts';
import { iso } from './local-container.ts';

export const nodeName = 'sandbox-node';

export interface NodeOptions {
  readonly client: Client;
  /** Where the API server reaches the node's own API. */
  readonly kubeletPort: number;
  readonly simulated: string | undefined;
  readonly log: (line: string) => void;
}

const heartbeatMs = 10_000;

/** Registers the node and keeps it Ready. `close` stops the heartbeat; the object stays. */
export async function registerNode(options: NodeOptions): Promise<{ close(): void }> {
  const { client, kubeletPort, simulated, log } = options;
  const bornAt = iso(new Date());
  const signal = AbortSignal.timeout(30_000);
  const annotations = simulated === undefined ? {} : { [simulatedAnnotation]: simulated };
  const labels = {
    'kubernetes.io/hostname': nodeName,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': process.arch === 'x64' ? 'amd64' : process.arch,
    'node-role.kubernetes.io/worker': '',
  };
  const metadata = { name: nodeName, labels, annotations };
  if ((await client.find(kindOf.node, { name: nodeName }, signal)) === undefined) {
    await client.create(kinds.node, { apiVersion: 'v1', kind: 'Node', metadata, spec: {} }, signal);
  } else {
    await client.patch(kinds.node, { name: nodeName }, { metadata }, signal);
  }
  const beat = async (): Promise<void> => {
    const status = nodeStatus(kubeletPort, bornAt, iso(new Date()));
    await client.patchStatus(kinds.node, { name: nodeName }, status, AbortSignal.timeout(heartbeatMs));
  };
  await beat();
  const timer = setInterval(() => {
    beat().catch((error: unknown) => log(`heartbeat: ${String(error)}`));
  }, heartbeatMs);
  return { close: () => clearInterval(timer) };
}

function nodeStatus(kubeletPort: number, bornAt: string, now: string) {
  const resources = {
    cpu: String(cpus().length),
    memory: `${Math.floor(totalmem() / 1024)}Ki`,
    pods: '110',
  };
  const condition = (type: string, status: 'True' | 'False', reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: bornAt,
  });
  return {
    addresses: [
      { type: 'InternalIP', address: ipOf(addressing.nodeLan4) },
      { type: 'InternalIP', address: ipOf(addressing.nodeLan6) },
      // Where the API server of this sandbox finds the kubelet: the LAN is in a namespace it does not enter.
      { type: 'Hostname', address: 'localhost' },
    ],
    capacity: resources,
    allocatable: resources,
    conditions: [
      condition(
        'MemoryPressure',
        'False',
        'KubeletHasSufficientMemory',
        'kubelet has sufficient memory available',
      ),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
    ],
    // From Kubernetes 1.36 on, this brings `exec` here as a WebSocket; it would come as SPDY, which is not spoken here.
    declaredFeatures: ['ExtendWebSocketsToKubelet'],
    daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    nodeInfo: {
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      bootID: '',
      containerRuntimeVersion: 'sandbox://0.1.0',
      kernelVersion: release(),
      kubeProxyVersion: '',
      kubeletVersion: 'v1.34.0',
      machineID: '',
      operatingSystem: 'linux',
      osImage: 'Egress Router Tools sandbox',
      systemUUID: '',
    },
  };
}
