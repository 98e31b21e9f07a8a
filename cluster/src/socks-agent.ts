import type { KubeConfig } from '@kubernetes/client-node';
import { SocksClient } from 'socks';
import { Agent, buildConnector } from 'undici';

/**
 * Requests by way of a SOCKS 5 proxy, which resolves the names, with a login where its URL has one. What client-node
 * makes for it knows of no logins, what undici makes calls itself experimental on stderr, and both give the address
 * of a server for its name.
 */
export function socksAgent(proxyUrl: string, tls: TlsOptions): Agent {
  const { hostname, port, username, password } = new URL(proxyUrl);
  const login =
    username === '' ? {} : { userId: decodeURIComponent(username), password: decodeURIComponent(password) };
  const proxy = { host: withoutBrackets(hostname), port: Number(port || 1080), type: 5, ...login } as const;
  const { timeout: _, port: __, ...options } = tls;
  const encrypt = buildConnector(options);
  return new Agent({
    connect: (options, callback) => {
      const isEncrypted = options.protocol === 'https:';
      const destination = {
        host: withoutBrackets(options.hostname),
        port: Number(options.port || (isEncrypted ? 443 : 80)),
      };
      SocksClient.createConnection({ proxy, command: 'connect', destination }).then(
        ({ socket }) => {
          socket.setKeepAlive(true, keepAliveMs);
          if (isEncrypted) encrypt({ ...options, httpSocket: socket }, callback);
          else callback(null, socket);
        },
        (cause: unknown) => callback(cause instanceof Error ? cause : new Error(String(cause)), null),
      );
    },
  });
}

/** As client-node has them. */
type TlsOptions = Extract<
  ReturnType<KubeConfig['createDispatcherOptions']>,
  { readonly type: 'socks' }
>['requestTls'];

/** As of the other connections of client-node. */
const keepAliveMs = 30_000;

/** Those of an IPv6 address in a URL. */
function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
