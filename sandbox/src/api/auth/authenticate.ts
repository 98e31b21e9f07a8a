import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { unauthorized } from '../api-error.ts';
import { textAt } from '../json.ts';
import type { Store } from '../store.ts';
import type { TokenSigner } from './service-account-token.ts';
import { anonymous, authenticatedGroup, serviceAccountUser, type TokenUser, type User } from './user.ts';

export interface Credentials {
  readonly users: () => readonly TokenUser[];
  readonly signer: TokenSigner;
  readonly store: Store;
}

/**
 * A client certificate comes first, then a bearer token; with neither the caller is anonymous.
 * @throws ApiError 401 for a credential that is wrong or has expired.
 */
export function authenticate(request: IncomingMessage, credentials: Credentials): User {
  const fromCertificate = certificateUser(request);
  if (fromCertificate !== undefined) return fromCertificate;
  const { authorization } = request.headers;
  if (authorization === undefined) return anonymous;
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  const user = token === undefined ? undefined : tokenUser(token, credentials);
  if (user === undefined) throw unauthorized();
  return user;
}

/** @returns undefined for a token that nobody has, or no longer has. */
export function tokenUser(token: string, { users, signer, store }: Credentials): User | undefined {
  const person = users().find((user) => user.token === token);
  if (person !== undefined) {
    const isExpired = person.expires !== undefined && person.expires.getTime() <= Date.now();
    return isExpired ? undefined : { name: person.name, groups: [...person.groups, authenticatedGroup] };
  }
  const claims = signer.read(token);
  if (claims === undefined) return undefined;
  const account = store.get('serviceaccounts', claims.namespace, claims.name);
  if (account === undefined || textAt(account, 'metadata', 'uid') !== claims.uid) return undefined;
  return serviceAccountUser(claims.namespace, claims.name, claims.uid);
}

function certificateUser({ socket }: IncomingMessage): User | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const { subject } = socket.getPeerCertificate();
  if (subject === undefined) return undefined;
  // TLS asks for a certificate but leaves the verdict to us, so that a bad one gets a Status.
  if (!socket.authorized) throw unauthorized();
  const organizations = asList(subject.O);
  return { name: asList(subject.CN)[0] ?? '', groups: [...organizations, authenticatedGroup] };
}

function asList(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((item) => typeof item === 'string');
}
