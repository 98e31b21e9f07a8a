import type { Connection } from './connect.ts';
import { toRouterViews } from './router-view.ts';
import {
  applyEvent,
  emptyStore,
  type Store,
  type Watched,
  type WatchedKind,
  watched,
  watchedKinds,
} from './store.ts';
import type { Subscription } from './subscription.ts';
import type { ConnectionState, RoutersSnapshot } from './view.ts';
import { type WatchEvent, watchObjects } from './watch.ts';

export interface RouterWatchOptions {
  /** Present: only this namespace. Absent: all, and where that is forbidden the connection's own. */
  readonly namespace?: string;
  readonly listener: (snapshot: RoutersSnapshot, store: Store) => void;
}

/**
 * Follows the routers and all that belongs to them. The routers' own watch is the connection that is shown; a kind
 * that cannot be read (no right, not installed) only leaves gaps in the picture.
 */
export function watchRouters(connection: Connection, options: RouterWatchOptions): Subscription {
  let store = emptyStore;
  let state: ConnectionState = { kind: 'connecting' };
  let scope: RoutersSnapshot['scope'] = toScope(options.namespace);
  let closed = false;
  let scheduled = false;
  const settled = new Set<WatchedKind>();
  const watches = new Map<WatchedKind, Subscription>();

  function start(of: WatchedKind, namespace: string | undefined): void {
    const { kind, labelSelector, fieldSelector }: Watched = watched[of];
    const onEvent = (event: WatchEvent): void => receive(of, namespace, event);
    watches.set(of, watchObjects(connection, kind, { namespace, labelSelector, fieldSelector, onEvent }));
  }

  function receive(of: WatchedKind, namespace: string | undefined, event: WatchEvent): void {
    if (closed) return;
    if (event.kind !== 'state') {
      const next = applyEvent(store, of, event);
      store = next.store;
      if (event.kind === 'listed') settle(of);
      if (next.change.kind !== 'nothing') schedule();
      return;
    }
    if (event.state.kind === 'unreachable') {
      if (event.state.reason === 'forbidden' && namespace === undefined) return retreat(of);
      settle(of);
    }
    if (of === 'egressRouter') {
      state = event.state;
      schedule();
    }
  }

  /** From all namespaces to the connection's own. */
  function retreat(of: WatchedKind): void {
    watches.get(of)?.close();
    if (of === 'egressRouter') scope = toScope(connection.namespace);
    start(of, connection.namespace);
  }

  function settle(of: WatchedKind): void {
    if (settled.has(of)) return;
    settled.add(of);
    schedule();
  }

  /** What comes in one turn of the event loop is shown once. */
  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      if (!closed) show();
    });
  }

  function show(): void {
    const routers = toRouterViews(store);
    // Half a picture would flicker: a router is not without pods because they have not been listed yet.
    const isWhole = state.kind !== 'live' || settled.size === watchedKinds.length;
    const connectionState: ConnectionState = isWhole ? state : { kind: 'connecting' };
    options.listener({ context: connection.context, scope, connection: connectionState, routers }, store);
  }

  for (const of of watchedKinds) start(of, options.namespace);
  schedule();
  return {
    close() {
      closed = true;
      for (const watch of watches.values()) watch.close();
    },
  };
}

function toScope(namespace: string | undefined): RoutersSnapshot['scope'] {
  return namespace === undefined ? { kind: 'cluster' } : { kind: 'namespaces', namespaces: [namespace] };
}
