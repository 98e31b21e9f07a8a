import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ApiServer } from '#sandbox/api-server.ts';
import { startBuiltInApi } from '#sandbox/built-in-api.ts';
import type { KubeletCertificates } from '#sandbox/node/server.ts';
import { findRealApi, startRealApi } from '#sandbox/real-api.ts';

/** The sandbox's own API server, or the real kube-apiserver with an etcd. */
export type TargetKind = 'sandbox' | 'real';

export interface Target {
  /** Path of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** With what a kubelet proves itself to this server, and whom it lets in. */
  readonly kubelet: KubeletCertificates;
  close(): Promise<void>;
}

const assets = await findRealApi(process.env);

/** Every test of the ring passes against each of these. */
export function availableTargets(): readonly TargetKind[] {
  return assets === undefined ? ['sandbox'] : ['sandbox', 'real'];
}

/** An API server with an empty cluster behind it: no controllers and no nodes. */
export async function startTarget(kind: TargetKind): Promise<Target> {
  return openTarget((folder) => startServer(kind, folder));
}

/** One whose Services have IPv4 addresses only. */
export async function startSingleStackTarget(): Promise<Target> {
  return openTarget((folder) => startBuiltInApi({ folder, serviceNetworks: { ip4: '172.30.0.0/16' } }));
}

/** One whose Services have an IPv6 address where they do not say what they want. */
export async function startSixFirstTarget(): Promise<Target> {
  const serviceNetworks = { ip4: '172.30.0.0/16', ip6: 'fd30::/112', first: 6 } as const;
  return openTarget((folder) => startBuiltInApi({ folder, serviceNetworks }));
}

async function openTarget(start: (folder: string) => Promise<ApiServer>): Promise<Target> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ert-target-'));
  const api = await start(path.join(folder, 'api'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  await writeFile(kubeconfig, await api.kubeconfigOf('admin', 'sandbox'));
  return {
    kubeconfig,
    kubelet: api.kubelet,
    close: async () => {
      await api.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function startServer(kind: TargetKind, folder: string): Promise<ApiServer> {
  if (kind === 'sandbox') return startBuiltInApi({ folder });
  if (assets === undefined) throw new Error('There is no kube-apiserver on this machine');
  return startRealApi({ assets, folder, onChild: () => undefined, log: () => undefined });
}
