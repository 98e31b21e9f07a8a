import { ApiError, forbidden } from '../api-error.ts';
import type { Store } from '../store.ts';
import { type Attributes, authorize, describe } from './rbac.ts';
import type { User } from './user.ts';

/** @throws ApiError in the words of RBAC, unless the user may do it */
export function admit(store: Store, user: User, attributes: Attributes): void {
  const { isAllowed, reason } = authorize(user, attributes, store);
  if (isAllowed) return;
  const why = `User ${JSON.stringify(user.name)} ${describe(attributes)}${reason === '' ? '' : `: ${reason}`}`;
  if (attributes.kind === 'path') throw new ApiError(403, 'Forbidden', `forbidden: ${why}`, {});
  throw forbidden({ group: attributes.group, plural: attributes.resource }, attributes.name, why);
}
