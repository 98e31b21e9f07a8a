import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { KubeConfig, type RequestContext, type User } from '@kubernetes/client-node';
import type { Agent } from 'undici';
import { parseIp } from '#core/net/ip.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { withAuthority, withCertificate } from './credential-files.ts';
import type { KubeconfigCluster, KubeconfigFile, KubeconfigUser } from './kubeconfig-file.ts';
import type { Login } from './login.ts';
import { socksAgent } from './socks-agent.ts';

/**
 * One context of a kubeconfig for client-node, which is left the TLS and the proxies. Who we are is asked of `login`
 * for each request: what client-node has for that knows neither `KUBERNETES_EXEC_INFO` nor `tokenFile` nor groups,
 * and runs a program once for each request that waits for it.
 *
 * HTTP/1.1 only. Over HTTP/2 a real API server answers a refused login with GOAWAY, which undici takes for the
 * end of every request on the connection, the refused one included (kube-apiserver 1.36, undici 8.12): an
 * expired login then reads as an unreachable cluster.
 */
export class ClientConfig extends KubeConfig {
  readonly login: Login;
  readonly cluster: KubeconfigCluster;
  readonly impersonation: KubeconfigUser['impersonation'];
  /** Of the latest request, in place of what client-node makes for a SOCKS proxy. */
  #socks: Agent | undefined;

  constructor(parts: {
    readonly login: Login;
    readonly cluster: KubeconfigCluster;
    readonly user: KubeconfigUser;
    readonly context: string;
    readonly contexts: KubeconfigFile['contexts'];
  }) {
    super();
    const { login, cluster, user, context, contexts } = parts;
    this.login = login;
    this.cluster = cluster;
    this.impersonation = user.impersonation;
    this.clusters = [cluster];
    this.contexts = contexts.map((entry) => ({
      ...entry,
      // Without a user, client-node would not even pass on the cluster's certificate authority.
      user: entry.name === context ? user.name : entry.user,
    }));
    this.currentContext = context;
  }

  /** @returns as whom `context` now asks */
  async logIn(context: RequestContext): Promise<User> {
    const user = await this.login.current();
    // Read before anybody else has a turn, who may be somebody else by then.
    this.#use(user);
    await this.applySecurityAuthentication(context);
    return user;
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    const { impersonation } = this;
    const { server, tlsServerName: servername } = this.cluster;
    const dispatcher = this.#socks ?? context.getDispatcher();
    if (dispatcher === undefined) return;
    context.setDispatcher(
      dispatcher.compose((dispatch) => (options, handler) => {
        refuseOtherHost(String(options.origin), server);
        // `fetch` would join the values of a header, and the API server takes each line for one group.
        const headers = { ...plain(options.headers), ...impersonation };
        // To SOCKS connections this is the only way of telling it.
        const isName = servername !== undefined && parseIp(servername) === undefined;
        return dispatch({ ...options, headers, ...(isName ? { servername } : {}) }, handler);
      }),
    );
  }

  override async applyToHTTPSOptions(
    ...parameters: Parameters<KubeConfig['applyToHTTPSOptions']>
  ): ReturnType<KubeConfig['applyToHTTPSOptions']> {
    this.#use(await this.login.current());
    const [options] = parameters;
    await super.applyToHTTPSOptions(options);
    options.headers = { ...plain(options.headers), ...this.impersonation };
  }

  #use(user: User): void {
    this.users = [withCertificate(user)];
    this.clusters = [withAuthority(this.cluster)];
  }

  override createDispatcherOptions(
    ...parameters: Parameters<KubeConfig['createDispatcherOptions']>
  ): ReturnType<KubeConfig['createDispatcherOptions']> {
    const options = super.createDispatcherOptions(...parameters);
    const http1 = { allowH2: false };
    const { tlsServerName } = this.cluster;
    switch (options.type) {
      case 'none':
        return { type: 'agent', connect: { keepAlive: true, ...http1 } };
      case 'agent':
        return { ...options, connect: { ...withAddressChecked(options.connect, tlsServerName), ...http1 } };
      case 'socks': {
        const requestTls = { ...withAddressChecked(options.requestTls, tlsServerName), ...http1 };
        this.#socks = socksAgent(options.uri, requestTls);
        return { ...options, requestTls };
      }
      case 'proxy':
        return {
          ...options,
          requestTls: { ...withAddressChecked(options.requestTls, tlsServerName), ...http1 },
        };
    }
  }
}

/**
 * By an address no server can be asked for, only known: Go sends none, and Node warns whoever looks at stderr.
 *
 * @param name as which the server is to prove itself, where it is another than that of its URL
 */
function withAddressChecked<T extends { readonly servername?: unknown }>(
  tls: T,
  name: string | undefined,
): Omit<T, 'servername'> & Pick<ConnectionOptions, 'checkServerIdentity'> {
  if (name === undefined || parseIp(name) === undefined) return tls;
  const { servername: _, ...others } = tls;
  return { ...others, checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate) };
}

/** `fetch` follows redirects wherever they lead, with the body, the client certificate and whom we ask as. */
function refuseOtherHost(origin: string, server: string): void {
  const [to, from] = [new URL(origin), new URL(server)];
  if (to.hostname === from.hostname && (to.protocol === from.protocol || to.protocol === 'https:')) return;
  throw new Error(`it sends requests on to ${to.origin}, where they are not meant to go`);
}

/** As `fetch` and client-node hand them on: names with one value each. */
function plain(headers: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(isJsonObject(headers) ? headers : {});
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
