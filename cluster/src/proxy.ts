import { containsIp, parseCidr } from '#core/net/cidr.ts';
import { parseIp } from '#core/net/ip.ts';

/**
 * The proxy for a server by HTTPS_PROXY and NO_PROXY, lower case too, as Go programs such as kubectl read them:
 * loopback never goes through a proxy; a NO_PROXY entry is `*`, an address, a network (`10.0.0.0/8`), a host with
 * all below it, or `.domain` for only those below it, each but a network with `:port` where only that is meant.
 */
export function proxyFor(
  server: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const url = new URL(server);
  const proxy = firstOf(env, url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (proxy === undefined) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host === '::1' || /^127(\.[0-9]+){3}$/.test(host)) return undefined;
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const exempt = (firstOf(env, 'NO_PROXY') ?? '').split(',').map((entry) => entry.trim().toLowerCase());
  if (exempt.some((entry) => isExempt(entry, host, port))) return undefined;
  return /^[a-z0-9]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

/** Whose `name` is not empty: in Go an empty variable is none. */
function firstOf(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return [env[name], env[name.toLowerCase()]].find((value) => value !== undefined && value !== '');
}

function isExempt(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const ip = parseIp(host);
  const network = parseCidr(entry);
  if (network !== undefined) return ip !== undefined && containsIp(network, ip);
  const [, bracketed, bare = '', entryPort] =
    /^(?:\[([^\]]*)\]|(.*?))(?::([0-9]+))?$/.exec(
      // Of an IPv6 address without brackets the last part is no port.
      parseIp(entry)?.includes(':') === true ? `[${entry}]` : entry,
    ) ?? [];
  if (entryPort !== undefined && entryPort !== port) return false;
  const name = (bracketed ?? bare).replace(/^\*(?=\.)/, '');
  if (ip !== undefined) return parseIp(name) === ip;
  return name.startsWith('.') ? host.endsWith(name) : host === name || host.endsWith(`.${name}`);
}
