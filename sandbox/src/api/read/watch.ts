import type { ServerResponse } from 'node:http';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { badRequest, expired } from '../api-error.ts';
import type { Cluster } from '../cluster.ts';
import { nameOf, namespaceOf, withValue } from '../json.ts';
import { crdTable } from '../kinds/crd.ts';
import { present } from '../present.ts';
import { isTrue } from '../request/verb.ts';
import { apiVersionOf, type Resource } from '../resource.ts';
import type { StoreEvent } from '../store.ts';
import { invalidRevision } from './list.ts';
import type { Representation } from './representation.ts';
import { readSelection, type Selection } from './selection.ts';

/** Streams what happens to the selected objects until the client goes or its time is up. */
export function watchObjects(
  cluster: Cluster,
  resource: Resource,
  place: { readonly namespace?: string; readonly name?: string },
  query: URLSearchParams,
  representation: Representation,
  response: ServerResponse,
): void {
  const { store } = cluster;
  const isSelected = readSelection(resource, query, place.name);
  const plan = planWatch(query);
  const timeoutMs = readTimeoutMs(query);
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  let isFirst = true;
  const send = (type: string, object: JsonObject): void => {
    if (response.destroyed) return;
    response.write(`${JSON.stringify({ type, object })}\n`);
  };
  const sendObject = (type: string, object: JsonObject): void => {
    send(type, representation.next(object, isFirst));
    isFirst = false;
  };
  const bookmark = (annotations?: JsonObject): void => {
    const metadata = {
      resourceVersion: String(store.revision),
      creationTimestamp: null,
      ...(annotations === undefined ? {} : { annotations }),
    };
    send(
      'BOOKMARK',
      representation.next({ kind: resource.kind, apiVersion: apiVersionOf(resource), metadata }, isFirst),
    );
  };
  const sendEvent = (event: StoreEvent): void => {
    if (place.namespace !== undefined && namespaceOf(event.object) !== place.namespace) return;
    const seen = asSeen(event, resource, isSelected);
    if (seen !== undefined) sendObject(seen.type, seen.object);
  };

  if (plan.kind === 'state') {
    const state = store.list(resource.table, place.namespace).map((object) => present(resource, object));
    for (const object of state.filter(isSelected)) sendObject('ADDED', object);
    if (plan.endsWithBookmark) bookmark({ 'k8s.io/initial-events-end': 'true' });
  } else {
    const missed = store.eventsAfter(resource.table, plan.after);
    if (missed === undefined) {
      const message = `too old resource version: ${plan.after} (${store.oldestRevision})`;
      send('ERROR', expired(message).toStatus());
      response.end();
      return;
    }
    for (const event of missed) sendEvent(event);
  }
  response.flushHeaders();
  /** Whoever puts an object, or whatever timer runs, must not pay for a fault of this one watch. */
  const guard =
    <Arguments extends unknown[]>(run: (...values: Arguments) => void) =>
    (...values: Arguments): void => {
      try {
        run(...values);
      } catch (error) {
        stop();
        response.destroy();
        cluster.reportFault(error);
      }
    };
  const unsubscribe = store.subscribe(resource.table, guard(sendEvent));
  // Of a kind that is no longer served nothing more will come.
  const unsubscribeCrd = store.subscribe(
    crdTable,
    guard(({ type, object }) => {
      if (type !== 'DELETED' || nameOf(object) !== resource.table) return;
      stop();
      response.end();
    }),
  );
  const wantsBookmarks = isTrue(query.get('allowWatchBookmarks'));
  const beat = wantsBookmarks
    ? setInterval(
        guard(() => bookmark()),
        cluster.bookmarkIntervalMs,
      )
    : undefined;
  const timer = setTimeout(
    guard(() => {
      if (wantsBookmarks) bookmark();
      // Now, not at 'close': until the client has read the rest, a beat would write after the end.
      stop();
      response.end();
    }),
    timeoutMs,
  );
  const stop = (): void => {
    unsubscribe();
    unsubscribeCrd();
    clearInterval(beat);
    clearTimeout(timer);
  };
  response.on('close', stop);
}

type WatchPlan =
  | { readonly kind: 'state'; readonly endsWithBookmark: boolean }
  | { readonly kind: 'after'; readonly after: number };

/** Without a revision, or with 0, a watch begins with the present state. */
function planWatch(query: URLSearchParams): WatchPlan {
  const revision = query.get('resourceVersion') ?? '';
  if (revision !== '' && !/^[0-9]+$/.test(revision)) {
    throw badRequest(invalidRevision(revision));
  }
  if (isTrue(query.get('sendInitialEvents'))) return { kind: 'state', endsWithBookmark: true };
  if (revision === '' || revision === '0') return { kind: 'state', endsWithBookmark: false };
  return { kind: 'after', after: Number(revision) };
}

/** Half an hour to an hour where the client does not say, so that clients do not all come back at once. */
function readTimeoutMs(query: URLSearchParams): number {
  const seconds = Number(query.get('timeoutSeconds') ?? 0);
  return seconds > 0 ? seconds * 1000 : (1800 + Math.random() * 1800) * 1000;
}

/** An object that comes into the selection is added to this watch, one that leaves it is deleted. */
function asSeen(
  event: StoreEvent,
  resource: Resource,
  isSelected: Selection,
): { readonly type: string; readonly object: JsonObject } | undefined {
  const object = present(resource, event.object);
  const previous = event.previous === undefined ? undefined : present(resource, event.previous);
  const was = previous !== undefined && isSelected(previous);
  const is = event.type !== 'DELETED' && isSelected(object);
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', object };
  if (!was || previous === undefined) return undefined;
  if (event.type === 'DELETED') return { type: 'DELETED', object };
  // The watcher gets the last state that it could see, at the revision at which it lost sight.
  return {
    type: 'DELETED',
    object: withValue(previous, ['metadata', 'resourceVersion'], String(event.revision)),
  };
}
