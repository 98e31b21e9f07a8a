import type { Connection } from './connect.ts';
import { Pace } from './pace.ts';
import { RouterViews } from './router-views.ts';
import { ScopedWatches } from './scoped-watches.ts';
import { type ObjectEvent, Store, type WatchedKind } from './store.ts';
import type { HeardSubscription } from './subscription.ts';
import type { RoutersSnapshot } from './view.ts';
import { watchWake } from './wake.ts';

export interface RouterWatchOptions {
  /** Present: only this namespace. Absent: all, and where that is forbidden those that can be seen. */
  readonly namespace?: string;
  /** Called at once, and then at most once in `pauseMs`. */
  readonly listener: (snapshot: RoutersSnapshot, store: Store) => void;
  /** Absent: 100 ms. */
  readonly pauseMs?: number;
}

/**
 * Follows the routers and all that belongs to them. Views are made anew for the namespaces that have changed, a few
 * in each turn of the event loop; between two snapshots a router that looks the same is the same object, and with
 * no router changed `routers` is the same array.
 */
export function watchRouters(connection: Connection, options: RouterWatchOptions): HeardSubscription {
  const { namespace, listener, pauseMs = 100 } = options;
  const store = new Store();
  const views = new RouterViews(store);
  const pace = new Pace();
  const dirty = new Set<string>();
  let isWhole = false;
  let closed = false;
  /** Takes back the paint that is to come; there while one is to come or under way. */
  let cancel: (() => void) | undefined;
  /** Something has changed since the last paint began. */
  let isAsked = false;
  let shownMs = Number.NEGATIVE_INFINITY;

  function receive(of: WatchedKind, event: ObjectEvent, within: string | undefined): void {
    const changed = store.apply(of, event, within);
    if (changed.size === 0) return;
    // Of a router of which not all is known nothing else is shown.
    for (const one of changed) if (of === 'egressRouter' || watches.hasRead(one)) dirty.add(one);
    if (of === 'egressRouter' && (event.kind === 'put' || event.kind === 'listed')) {
      const found = event.kind === 'put' ? [event.object] : event.objects;
      for (const { metadata } of found) watches.needs(metadata.namespace ?? '');
    }
    schedule();
  }

  /** What has been read of a namespace decides how its routers look. */
  function onChange(within: string | undefined): void {
    for (const one of within === undefined ? store.namespaces : [within]) {
      if (watches.hasRead(one)) dirty.add(one);
    }
    schedule();
  }

  function schedule(): void {
    isAsked = true;
    if (cancel !== undefined || closed) return;
    const waitMs = shownMs + pauseMs - performance.now();
    if (waitMs > 0) {
      const timer = setTimeout(paint, waitMs);
      cancel = () => clearTimeout(timer);
    } else {
      const immediate = setImmediate(paint);
      cancel = () => clearImmediate(immediate);
    }
  }

  function paint(): void {
    const startedMs = performance.now();
    isAsked = false;
    // Then all namespaces are among those that are made anew now.
    const hasRead = watches.hasRead();
    void update(startedMs + pauseMs).then(() => {
      cancel = undefined;
      if (closed) return;
      shownMs = startedMs;
      show(hasRead);
      if (isAsked || dirty.size > 0) schedule();
    });
  }

  /** What is not done in time is for the next snapshot, but for the first whole one. */
  async function update(untilMs: number): Promise<void> {
    const changed = [...dirty];
    for (const one of changed) {
      await pace.turn();
      if (closed) return;
      dirty.delete(one);
      views.update(one, watches.hasRead(one));
      if (isWhole && performance.now() > untilMs) return;
    }
  }

  function show(hasRead: boolean): void {
    const { state, scope } = watches;
    // Half a picture would flicker: nobody has seen a whole one yet.
    isWhole ||= state.kind === 'live' && hasRead;
    const isReading = state.kind === 'live' && !isWhole;
    listener(
      {
        context: connection.context,
        scope,
        connection: isReading ? { kind: 'connecting' } : state,
        routers: views.all,
      },
      store,
    );
  }

  const watches = new ScopedWatches(connection, { namespace, pace, onEvent: receive, onChange });
  const wake = watchWake(() => watches.renew());
  schedule();
  return {
    heardAt: () => watches.heardAt(),
    close() {
      closed = true;
      cancel?.();
      wake.close();
      watches.close();
    },
  };
}
