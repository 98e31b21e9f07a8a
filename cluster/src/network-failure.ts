import { textAt } from '#core/json-value.ts';
import type { Failure } from './errors.ts';

/**
 * What it means that no answer came at all. `fetch` hides the cause one or more levels down, and a host with
 * several addresses gives an AggregateError.
 */
export function networkFailure(error: unknown, server: string, proxyUrl?: string): Failure {
  const codes = causeCodes(error);
  const code = codes.find((candidate) => candidate in sentences) ?? codes[0];
  if (codes.some(isRefusedCertificate)) {
    return {
      reason: 'unauthorized',
      message: `The cluster at ${server} refused the client certificate (${code}). It may have expired: log in again.`,
    };
  }
  if (codes.some(isOwnCertificate)) {
    return {
      reason: 'login-failed',
      message: `The client certificate or its key in the kubeconfig cannot be read (${code}). Log in to the cluster again.`,
    };
  }
  const tls = codes.find(isTls);
  if (tls !== undefined)
    return { reason: 'tls', message: `${tlsWords(tls, server, error)} (${tls}). ${tlsAdvice(tls)}` };
  if (proxyUrl !== undefined) {
    const fault = proxyFault(error, code);
    if (fault !== undefined) {
      const message = `Cannot reach the cluster at ${server}: the proxy ${withoutPassword(proxyUrl)} ${fault} Check proxy-url in the kubeconfig, or HTTPS_PROXY and NO_PROXY.`;
      return { reason: 'unreachable', message };
    }
  }
  const why =
    code === undefined ? lastMessage(error) : `${sentences[code] ?? 'the connection failed'} (${code})`;
  return {
    reason: 'unreachable',
    message: `Cannot reach the cluster at ${server}: ${why}. Check that it runs and that the kubeconfig names it.`,
  };
}

/** The connection ended before an answer began. */
export function wasCut(error: unknown): boolean {
  return causeCodes(error).some(
    (code) => code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE',
  );
}

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to this host',
  ENETUNREACH: 'there is no way to this network',
  ENOTFOUND: 'the name does not resolve',
  EAI_AGAIN: 'the name server does not answer',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  UND_ERR_HEADERS_TIMEOUT: 'it does not answer',
  UND_ERR_BODY_TIMEOUT: 'it stopped answering',
  UND_ERR_SOCKET: 'the connection was cut',
};

/** What went wrong before the cluster was asked at all; with a proxy, every connection is one to the proxy. */
function proxyFault(error: unknown, code: string | undefined): string | undefined {
  const message = lastMessage(error);
  const status = /Proxy response \((\d+)\)|\((407)\)/.exec(message)?.slice(1).find(Boolean);
  if (status === '407') return 'wants a login (407).';
  if (status !== undefined) return `refuses to connect to it (${status}).`;
  if (code?.startsWith('UND_ERR_SOCKS5') === true || /\bsocks5\b/i.test(message)) {
    return `refuses to connect to it (${message}).`;
  }
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `cannot be reached: ${sentences[code]} (${code}).`;
  }
  return undefined;
}

function withoutPassword(proxyUrl: string): string {
  const url = new URL(proxyUrl);
  return `${url.protocol}//${url.host}`;
}

function isTls(code: string): boolean {
  return /CERT|^ERR_TLS|^ERR_SSL|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|EPROTO|HOSTNAME_MISMATCH/.test(code);
}

function tlsWords(code: string, server: string, error: unknown): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `The certificate of ${server} has expired`;
    case 'CERT_NOT_YET_VALID':
      return `The certificate of ${server} is not yet valid`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `The certificate of ${server} is for ${certifiedNames(error)}`;
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return `What listens at ${server} does not speak TLS`;
    default:
      return `The certificate of ${server} is not trusted`;
  }
}

/** The names in the certificate that Node puts into its error. */
function certifiedNames(error: unknown): string {
  if (!(error instanceof Error)) return 'another name';
  const names = 'cert' in error ? textAt(error.cert, 'subjectaltname') : undefined;
  return names?.replaceAll(/(?:^|(?<= ))(?:DNS|IP Address):/g, '') ?? certifiedNames(error.cause);
}

function tlsAdvice(code: string): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return 'Look at the clock of this machine, then have the certificate of the cluster renewed.';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'Use such a name as server in the kubeconfig, or set tls-server-name to it.';
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return 'Check address and port in the kubeconfig, and whether something stands between you and the cluster.';
    default:
      return 'Check certificate-authority in the kubeconfig, or whether something stands between you and the cluster.';
  }
}

/** The server's TLS alert about the certificate that we showed. */
function isRefusedCertificate(code: string): boolean {
  return /^ERR_SSL_.*ALERT_(BAD_CERTIFICATE|CERTIFICATE_|UNKNOWN_CA)/.test(code);
}

/** Our certificate or key, which is no PEM or not of one pair. */
function isOwnCertificate(code: string): boolean {
  return /^ERR_OSSL_|^ERR_SSL_EE_KEY|KEY_VALUES_MISMATCH/.test(code);
}

function causeCodes(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const inner = error instanceof AggregateError ? error.errors.flatMap(causeCodes) : [];
  return [...own, ...inner, ...causeCodes(error.cause)];
}

function lastMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? lastMessage(error.cause) : error.message;
}
