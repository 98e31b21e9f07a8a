import type { IncomingMessage } from 'node:http';
import { badRequest, forbidden } from '../api-error.ts';
import type { Store } from '../store.ts';
import { type Attributes, authorize, describe } from './rbac.ts';
import { authenticatedGroup, serviceAccountUser, type User } from './user.ts';

/**
 * Whom the request is made as: `kubectl --as` sends headers that say so.
 * @throws ApiError 403 for one who may not act as others
 */
export function impersonate(request: IncomingMessage, user: User, store: Store): User {
  const name = request.headers['impersonate-user'];
  const groups = headerValues(request, 'impersonate-group');
  if (typeof name !== 'string' || name === '') {
    if (groups.length === 0) return user;
    throw badRequest('requested [{Group}] without impersonating a user');
  }
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  if (namespace !== undefined && account !== undefined) {
    check(user, { resource: 'serviceaccounts', namespace, name: account }, store);
    return groups.length === 0 ? serviceAccountUser(namespace, account, '') : { name, groups };
  }
  check(user, { resource: 'users', name }, store);
  for (const group of groups) check(user, { resource: 'groups', name: group }, store);
  const isKnown = groups.includes(authenticatedGroup) || name === 'system:anonymous';
  return { name, groups: isKnown ? groups : [...groups, authenticatedGroup] };
}

function check(
  user: User,
  asked: { readonly resource: string; readonly name: string; readonly namespace?: string },
  store: Store,
): void {
  const attributes: Attributes = { kind: 'resource', verb: 'impersonate', group: '', ...asked };
  if (authorize(user, attributes, store).isAllowed) return;
  const why = `User ${JSON.stringify(user.name)} ${describe(attributes)}`;
  throw forbidden({ group: '', plural: asked.resource }, asked.name, why);
}

function headerValues(request: IncomingMessage, name: string): readonly string[] {
  return request.headersDistinct[name] ?? [];
}
