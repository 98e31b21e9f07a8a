import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from '#cluster/connect.ts';
import { Client } from '#sandbox/client.ts';
import { Ipam } from '#sandbox/node/ipam.ts';
import { Kubelet } from '#sandbox/node/kubelet.ts';
import { nodeName, registerNode } from '#sandbox/node/node-object.ts';
import { simulatedRuntime } from '#sandbox/node/simulated-runtime.ts';
import { closeMirrors, createMirrors, startMirrors } from '#sandbox/workloads/mirrors.ts';
import { runWorkloads } from '#sandbox/workloads/run.ts';

/** Controllers and a node beside an API server that has neither, in this process. */
export async function startSimulatedCluster(kubeconfig: string): Promise<AsyncDisposable> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ert-simulated-'));
  const connection = connect({ kubeconfigPaths: [kubeconfig], allowExec: false });
  const client = new Client(connection);
  const mirrors = createMirrors();
  // What they have to say is in the objects, which the tests look at.
  const log = (): void => undefined;
  const workloads = runWorkloads(client, mirrors, log);
  const kubelet = new Kubelet({
    client,
    nodeName,
    hostIp: '192.0.2.1',
    runtime: simulatedRuntime('a test', new Ipam()),
    pods: mirrors.pods,
    configMaps: mirrors.configMaps,
    services: mirrors.services,
    folder,
    volumeDelayMs: 0,
    log,
  });
  await startMirrors(mirrors, connection);
  const heartbeat = await registerNode({ client, kubeletPort: 1, simulated: 'a test', log });
  return {
    [Symbol.asyncDispose]: async () => {
      heartbeat.close();
      await kubelet.close();
      closeMirrors(mirrors);
      await workloads.close();
      connection.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
