import type { Client } from '../client.ts';
import type { EventRecorder } from '../events.ts';
import type { Handled } from '../queue.ts';
import type { Mirrors } from './mirrors.ts';

/** What every controller is given. */
export interface ControllerContext {
  readonly client: Client;
  readonly mirrors: Mirrors;
  readonly events: EventRecorder;
  readonly now: () => string;
}

/** A reconciler of one kind of key. It reads the world each time and remembers nothing. */
export interface Controller {
  readonly name: string;
  /** Calls `enqueue` for every key that a change of the world may concern. */
  readonly listen: (enqueue: (key: string) => void) => void;
  readonly reconcile: (key: string, signal: AbortSignal) => Promise<Handled>;
}
