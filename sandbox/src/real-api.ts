import { generateKeyPairSync } from 'node:crypto';
import { access, constants, mkdir, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createAuthority, type KeyPair } from '#sandbox/api/certificates.ts';
import { loopback } from './addressing.ts';
import type { ApiServer } from './api-server.ts';
import { kubeconfigText, subjects } from './kubeconfig-text.ts';
import { Supervised } from './supervised.ts';
import { UndoStack } from './undo.ts';

/** Where the tools of the Kubernetes project put `etcd` and `kube-apiserver`. */
const conventionalFolder = '/usr/local/kubebuilder/bin';
const readyTimeoutMs = 60_000;
const pollMs = 200;

/** @returns the folder that holds etcd and kube-apiserver; undefined where none does. */
export async function findRealApi(
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const folder = env['KUBEBUILDER_ASSETS'] || conventionalFolder;
  try {
    for (const program of ['etcd', 'kube-apiserver']) await access(join(folder, program), constants.X_OK);
    return folder;
  } catch {
    return undefined; // Not there, or not to be run.
  }
}

export interface RealApiOptions {
  /** What `findRealApi` found. */
  readonly assets: string;
  /** For keys, certificates and etcd's data; lost with the sandbox. */
  readonly folder: string;
  readonly onChild: (pid: number) => void;
  readonly log: (line: string) => void;
}

/** A real kube-apiserver with an etcd of its own, both on loopback. */
export async function startRealApi(options: RealApiOptions): Promise<ApiServer> {
  const undo = new UndoStack(options.log);
  try {
    return await start(options, undo);
  } catch (error) {
    await undo.unwind();
    throw error;
  }
}

async function start({ assets, folder, onChild, log }: RealApiOptions, undo: UndoStack): Promise<ApiServer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const authority = await createAuthority('sandbox');
  const admin = await authority.issueClient(subjects.admin);
  const operator = await authority.issueClient(subjects.operator);
  const kubeletClient = await authority.issueClient({ user: 'kube-apiserver', groups: [] });
  const kubelet = { ...(await authority.issueServer('localhost')), clientCa: authority.caCert };
  const files = {
    ca: await write(folder, 'ca.crt', authority.caCert),
    server: await writePair(folder, 'server', await authority.issueServer('kube-apiserver')),
    kubelet: await writePair(folder, 'kubelet-client', kubeletClient),
    accounts: await writePair(folder, 'accounts', accountKeys()),
  };
  const [client, peer, port] = await freePorts();
  const etcdUrl = `http://${loopback}:${client}`;
  const peerUrl = `http://${loopback}:${peer}`;
  const etcd = new Supervised({
    argv: [
      join(assets, 'etcd'),
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=${etcdUrl}`,
      `--advertise-client-urls=${etcdUrl}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
    env: process.env,
    onStart: onChild,
    onLine: (line) => log(`etcd: ${line}`),
  });
  undo.defer('stop etcd', () => etcd.close());
  const apiserver = new Supervised({
    argv: [
      join(assets, 'kube-apiserver'),
      `--etcd-servers=${etcdUrl}`,
      `--bind-address=${loopback}`,
      `--secure-port=${port}`,
      // The Service `kubernetes` would lead to loopback, where no pod finds it.
      '--endpoint-reconciler-type=none',
      `--tls-cert-file=${files.server.cert}`,
      `--tls-private-key-file=${files.server.key}`,
      `--client-ca-file=${files.ca}`,
      '--authorization-mode=RBAC',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${files.accounts.cert}`,
      `--service-account-signing-key-file=${files.accounts.key}`,
      '--service-cluster-ip-range=172.30.0.0/16,fd30::/112',
      `--kubelet-certificate-authority=${files.ca}`,
      `--kubelet-client-certificate=${files.kubelet.cert}`,
      `--kubelet-client-key=${files.kubelet.key}`,
      '--kubelet-preferred-address-types=Hostname',
      '--allow-privileged=true',
    ],
    env: process.env,
    onStart: onChild,
    onLine: (line) => log(`kube-apiserver: ${line}`),
  });
  undo.defer('stop kube-apiserver', () => apiserver.close());
  const url = `https://${loopback}:${port}`;
  await untilReady(`${url}/readyz`, authority.caCert, admin);
  const logins = { admin, operator };
  return {
    url,
    kubeconfigOf: async (login, context) => kubeconfigText(url, authority.caCert, context, logins[login]),
    kubelet,
    close: () => undo.unwind(),
  };
}

async function untilReady(url: string, ca: string, client: KeyPair): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    const status = await statusOf(url, ca, client);
    if (status === 200) return;
    if (Date.now() > deadline) throw new Error(`kube-apiserver was not ready in ${readyTimeoutMs / 1000} s`);
    await delay(pollMs);
  }
}

function statusOf(url: string, ca: string, { key, cert }: KeyPair): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { ca, key, cert, timeout: 2000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    // Not listening yet: no status.
    request.on('error', () => resolve(undefined));
    request.on('timeout', () => request.destroy());
  });
}

function accountKeys(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { key: privateKey, cert: publicKey };
}

async function writePair(folder: string, name: string, { key, cert }: KeyPair): Promise<KeyPair> {
  return { key: await write(folder, `${name}.key`, key), cert: await write(folder, `${name}.crt`, cert) };
}

async function write(folder: string, name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text, { mode: 0o600 });
  return file;
}

/** Three different ones: each stays taken until all are found. */
async function freePorts(): Promise<readonly [number, number, number]> {
  const servers = [createServer(), createServer(), createServer()] as const;
  const find = (server: (typeof servers)[number]): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: loopback, port: 0 }, () => {
        const address = server.address();
        if (address === null || typeof address === 'string') reject(new Error('there is no free port'));
        else resolve(address.port);
      });
    });
  const ports = [await find(servers[0]), await find(servers[1]), await find(servers[2])] as const;
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
