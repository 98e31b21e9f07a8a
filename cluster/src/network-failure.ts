import type { Failure } from './errors.ts';

/**
 * What it means that no answer came at all. `fetch` hides the cause one or more levels down, and a host with
 * several addresses gives an AggregateError.
 */
export function networkFailure(error: unknown, server: string): Failure {
  const codes = causeCodes(error);
  const code = codes.find((candidate) => candidate in sentences) ?? codes[0];
  if (codes.some(isRefusedCertificate)) {
    return {
      reason: 'unauthorized',
      message: `The cluster at ${server} refused the client certificate (${code}). It may have expired: log in again.`,
    };
  }
  if (codes.some(isTls)) {
    return {
      reason: 'tls',
      message:
        `The certificate of ${server} is not trusted (${code}). Check certificate-authority in the kubeconfig, ` +
        'or whether something stands between you and the cluster.',
    };
  }
  const why =
    code === undefined ? lastMessage(error) : `${sentences[code] ?? 'the connection failed'} (${code})`;
  return {
    reason: 'unreachable',
    message: `Cannot reach the cluster at ${server}: ${why}. Check that it runs and that the kubeconfig names it.`,
  };
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

function isTls(code: string): boolean {
  return /CERT|^ERR_TLS|^ERR_SSL|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|EPROTO/.test(code);
}

/** The server's TLS alert about the certificate that we showed. */
function isRefusedCertificate(code: string): boolean {
  return /^ERR_SSL_.*ALERT_(BAD_CERTIFICATE|CERTIFICATE_|UNKNOWN_CA)/.test(code);
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
