/**
 * The proxy for a server by HTTPS_PROXY and NO_PROXY, lower case too, as Go programs such as kubectl read them:
 * loopback never goes through a proxy; a NO_PROXY entry is `*`, a host, or a domain with all below it.
 * CIDR entries are not understood.
 */
export function proxyFor(
  server: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const url = new URL(server);
  const proxy =
    url.protocol === 'https:'
      ? (env['HTTPS_PROXY'] ?? env['https_proxy'])
      : (env['HTTP_PROXY'] ?? env['http_proxy']);
  if (proxy === undefined || proxy === '') return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return undefined;
  const exempt = (env['NO_PROXY'] ?? env['no_proxy'] ?? '')
    .split(',')
    .map((entry) => entry.trim().toLowerCase());
  if (exempt.some((entry) => isExempt(entry, host, url.port))) return undefined;
  return /^[a-z0-9]+:\/\//.test(proxy) ? proxy : `http://${proxy}`;
}

function isExempt(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const [, name = '', entryPort] = /^\.?(.*?)(?::([0-9]+))?$/.exec(entry) ?? [];
  if (entryPort !== undefined && entryPort !== (port === '' ? '443' : port)) return false;
  return host === name || host.endsWith(`.${name}`);
}
