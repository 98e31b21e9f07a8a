import { KubeConfig, type RequestContext, type User } from '@kubernetes/client-node';
import { Socks5ProxyAgent } from 'undici';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { withAuthority, withCertificate } from './credential-files.ts';
import type { KubeconfigCluster, KubeconfigFile, KubeconfigUser } from './kubeconfig-file.ts';
import type { Login } from './login.ts';

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
  /** Of the last request, in place of what client-node makes for a SOCKS proxy, which knows of no logins. */
  #socks: Socks5ProxyAgent | undefined;

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
    this.#socks = undefined;
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
        // To client-node's SOCKS connections this is the only way of telling it.
        return dispatch(
          { ...options, headers, ...(servername === undefined ? {} : { servername }) },
          handler,
        );
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
    switch (options.type) {
      case 'none':
        return { type: 'agent', connect: { keepAlive: true, ...http1 } };
      case 'agent':
        return { ...options, connect: { ...options.connect, ...http1 } };
      case 'socks':
        if (new URL(options.uri).username !== '') this.#socks = socksWithLogin(options);
        return { ...options, requestTls: { ...options.requestTls, ...http1 } };
      case 'proxy':
        return { ...options, requestTls: { ...options.requestTls, ...http1 } };
    }
  }
}

/** By undici itself, whose `ProxyAgent` would pass on a password as it is encoded in the URL. */
function socksWithLogin({
  uri,
  requestTls,
}: Extract<DispatcherOptions, { type: 'socks' }>): Socks5ProxyAgent {
  const { timeout: _, port: __, ...tls } = requestTls;
  return withoutExperimentalWarning(
    () =>
      new Socks5ProxyAgent(uri.replace('socks5h:', 'socks5:'), { requestTls: { ...tls, allowH2: false } }),
  );
}

/** undici tells whoever looks at stderr that it may change its API, which is not theirs to mend. */
function withoutExperimentalWarning<T>(make: () => T): T {
  const speaker: Speaker = process;
  const { emitWarning } = speaker;
  speaker.emitWarning = (...said) => {
    if (said[1] !== 'ExperimentalWarning') emitWarning(...said);
  };
  try {
    return make();
  } finally {
    speaker.emitWarning = emitWarning;
  }
}

interface Speaker {
  emitWarning: (this: void, warning: string, type: string) => void;
}

type DispatcherOptions = ReturnType<KubeConfig['createDispatcherOptions']>;

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
