import { expect, test } from 'vitest';
import { networkFailure } from '#cluster/network-failure.ts';

const server = 'https://api:6443';

function withCode(code: string): Error {
  return Object.assign(new Error(`failed ${code}`), { code });
}

test.each([
  [withCode('ECONNREFUSED'), 'unreachable', 'nothing listens there (ECONNREFUSED)'],
  [withCode('ENOTFOUND'), 'unreachable', 'the name does not resolve (ENOTFOUND)'],
  [withCode('UND_ERR_CONNECT_TIMEOUT'), 'unreachable', 'it does not answer (UND_ERR_CONNECT_TIMEOUT)'],
  [withCode('EPIPE'), 'unreachable', 'the connection failed (EPIPE)'],
  [new AggregateError([withCode('ECONNREFUSED'), withCode('ENETUNREACH')]), 'unreachable', 'nothing listens'],
  [new Error('other side closed'), 'unreachable', 'other side closed'],
  [withCode('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls', 'not trusted'],
  [withCode('ERR_TLS_CERT_ALTNAME_INVALID'), 'tls', 'is for another name'],
  [withCode('CERT_HAS_EXPIRED'), 'tls', 'has expired'],
  [withCode('ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED'), 'unauthorized', 'log in again'],
] as const)('%s: %s, %s', (cause, reason, part) => {
  const failure = networkFailure(new TypeError('fetch failed', { cause }), server);
  expect(failure.reason).toBe(reason);
  expect(failure.message).toContain(part);
  expect(failure.message).toContain(server);
});
