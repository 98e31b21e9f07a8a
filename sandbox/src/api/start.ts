import { mkdir, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { Judge } from './admission/judge.ts';
import { noSuchPath } from './api-error.ts';
import { createTokenSigner } from './auth/service-account-token.ts';
import { mastersGroup, type TokenUser } from './auth/user.ts';
import { bootstrap } from './bootstrap.ts';
import { createAuthority, type KeyPair } from './certificates.ts';
import type { Cluster, KubeletAccess } from './cluster.ts';
import { nameOf, textAt } from './json.ts';
import { Registry } from './kinds/registry.ts';
import { toKubeconfig } from './kubeconfig.ts';
import type { ServiceNetworks } from './resource.ts';
import { admitUpgrade, handle } from './routes.ts';
import { sendError, toApiError } from './send.ts';
import { planExec, proxyUpgrade } from './serve/kubelet-proxy.ts';
import { Store } from './store.ts';

export interface ApiOptions {
  readonly host: '127.0.0.1';
  /** Default: one that is free. */
  readonly port?: number;
  /** The authority's certificate is written here, as `ca.crt`. */
  readonly dir: string;
  /** People with a token; `admin` is there anyway. */
  readonly users?: readonly TokenUser[];
  readonly kubelet?: KubeletAccess;
  readonly serviceNetworks?: ServiceNetworks;
  /** How many events watches can go back; default 10,000. */
  readonly historyLimit?: number;
  readonly bookmarkIntervalMs?: number;
  /** Default: printed on stderr. */
  readonly reportFault?: (error: unknown) => void;
  readonly signal?: AbortSignal;
}

export interface Api {
  readonly url: string;
  readonly caCert: string;
  /** A context named `context` (default `sandbox`) for a user, who gets a client certificate or keeps the token. */
  kubeconfigFor(
    who: Identity,
    options?: { readonly context?: string; readonly namespace?: string },
  ): Promise<string>;
  /** Adds a person with a token, or replaces the one of that name. */
  setUser(user: TokenUser): void;
  /** For a kubelet that this server shall meet over TLS, or a client. */
  issueServer(name: string): Promise<KeyPair>;
  close(): Promise<void>;
}

export type Identity =
  | { readonly kind: 'admin' }
  | { readonly kind: 'user'; readonly name: string; readonly groups?: readonly string[] }
  | { readonly kind: 'serviceAccount'; readonly namespace: string; readonly name: string };

/** Starts a Kubernetes API on loopback, with an empty cluster behind it. */
export async function startApi(options: ApiOptions): Promise<Api> {
  options.signal?.throwIfAborted();
  const authority = await createAuthority('sandbox-ca');
  const serving = await authority.issueServer('kube-apiserver');
  const client = await authority.issueClient({
    user: 'kube-apiserver-kubelet-client',
    groups: [mastersGroup],
  });
  const users = new Map((options.users ?? []).map((user) => [user.name, user]));
  const store = new Store(options.historyLimit ?? 10_000);
  const cluster: Cluster = {
    store,
    registry: new Registry(store),
    world: {
      store,
      serviceNetworks: options.serviceNetworks ?? { ip4: '172.30.0.0/16', ip6: 'fd30::/112' },
    },
    judge: new Judge(store),
    signer: createTokenSigner('https://kubernetes.default.svc'),
    users: () => [...users.values()],
    kubelet: { client, ...(options.kubelet ?? { scheme: 'http' }) },
    bookmarkIntervalMs: options.bookmarkIntervalMs ?? 60_000,
    reportFault: options.reportFault ?? ((error) => console.error('api:', error)),
  };
  const server = createServer(
    {
      ...serving,
      ca: authority.caCert,
      requestCert: true,
      rejectUnauthorized: false,
      keepAliveTimeout: 120_000,
    },
    (request, response) => {
      // The client may go at any moment; without a listener that would end the whole process.
      response.on('error', cluster.reportFault);
      handle(cluster, request, response)
        .catch((error: unknown) => sendError(response, error))
        .catch((error: unknown) => {
          cluster.reportFault(error);
          response.destroy();
        });
    },
  );
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    upgrade(cluster, request, socket, head)
      .catch((error: unknown) => refuse(socket, error))
      .catch(cluster.reportFault);
  });
  const port = await listen(server, options.host, options.port ?? 0);
  server.on('error', cluster.reportFault);
  bootstrap(cluster, authority.caCert, port);
  await mkdir(options.dir, { recursive: true });
  await writeFile(join(options.dir, 'ca.crt'), authority.caCert);
  const url = `https://${options.host}:${port}`;
  const close = (): Promise<void> => stop(server);
  options.signal?.addEventListener('abort', () => void close(), { once: true });

  return {
    url,
    caCert: authority.caCert,
    async kubeconfigFor(who, { context = 'sandbox', namespace } = {}) {
      const shared = {
        server: url,
        caCert: authority.caCert,
        context,
        ...(namespace === undefined ? {} : { namespace }),
      };
      if (who.kind === 'serviceAccount') {
        const account = store.get('serviceaccounts', who.namespace, who.name);
        if (account === undefined)
          throw new RangeError(`There is no service account ${who.namespace}/${who.name}`);
        const token = cluster.signer.issue({
          namespace: who.namespace,
          name: nameOf(account),
          uid: textAt(account, 'metadata', 'uid') ?? '',
          expires: new Date(Date.now() + yearMs),
        });
        return toKubeconfig({ ...shared, user: who.name, login: { kind: 'token', token } });
      }
      const name = who.kind === 'admin' ? 'admin' : who.name;
      // Beside the logins of other clusters, who have an admin too.
      const user = who.kind === 'admin' ? context : name;
      const known = users.get(name);
      if (known !== undefined) {
        return toKubeconfig({ ...shared, user, login: { kind: 'token', token: known.token } });
      }
      const groups = who.kind === 'admin' ? [mastersGroup] : (who.groups ?? []);
      const pair = await authority.issueClient({ user: name, groups });
      return toKubeconfig({ ...shared, user, login: { kind: 'certificate', ...pair } });
    },
    setUser: (user) => void users.set(user.name, user),
    issueServer: (name) => authority.issueServer(name),
    close,
  };
}

const yearMs = 365 * 24 * 3600 * 1000;

async function upgrade(
  cluster: Cluster,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const { url, target } = admitUpgrade(cluster, request);
  const resource = cluster.registry.find(target.group, target.version, target.plural);
  const { namespace, name, subresource } = target;
  const isRun = subresource === 'exec' || subresource === 'attach';
  if (resource?.table !== 'pods' || name === undefined || !isRun) throw noSuchPath();
  const plan = planExec(cluster, { resource, namespace, name, subresource }, subresource, url.searchParams);
  await proxyUpgrade(plan, request, socket, head);
}

/** A refused upgrade is an ordinary answer on the raw socket. */
function refuse(socket: Duplex, error: unknown): void {
  const status = toApiError(error);
  const body = JSON.stringify(status.toStatus());
  socket.end(
    [
      `HTTP/1.1 ${status.code} ${status.reason}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address: AddressInfo | string | null = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The server has no port'));
      else resolve(address.port);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
