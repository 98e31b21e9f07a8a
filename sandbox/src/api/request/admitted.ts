import type { IncomingMessage } from 'node:http';
import type { User } from '../auth/user.ts';

/** A request whose sender is known and may do what is asked. */
export interface Admitted {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly user: User;
}
