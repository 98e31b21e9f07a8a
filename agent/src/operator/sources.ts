import type { Connection } from '#cluster/connect.ts';
import { kinds, type ResourceKind } from '#cluster/kinds.ts';
import type { ConnectionState } from '#cluster/view.ts';
import { type WatchEvent, watchObjects } from '#cluster/watch.ts';
import { egressRouterKind } from '#core/egress-router/wire.ts';
import { routerLabel } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { KnownRouters, keyOf } from './known-routers.ts';
import { pack } from './packed-object.ts';

export interface SourceOptions {
  readonly connection: Connection;
  /** Absent: every namespace. */
  readonly namespace?: string;
  /** Takes the key of a router that is worth a look. */
  readonly onKey: (key: string) => void;
  /** Takes the key of a router of which the status changed and nothing else: most often by the operator's own hand. */
  readonly onStatus: (key: string) => void;
  readonly onState: (kind: ResourceKind, state: ConnectionState) => void;
  /** Told of each event before its keys are. */
  readonly onEvent: (kind: ResourceKind, event: WatchEvent) => void;
}

/**
 * Watches routers and all that their conditions speak of. An event says which routers to look at, and what it
 * holds goes to `onEvent`.
 */
export function watchSources({ connection, namespace, onKey, onStatus, onState, onEvent }: SourceOptions): {
  close(): void;
} {
  const known = new KnownRouters();
  const addAll = (keys: Iterable<string>): void => {
    for (const key of keys) onKey(key);
  };
  const watch = (
    kind: ResourceKind,
    selectors: { readonly labelSelector?: string; readonly fieldSelector?: string },
    keysOf: (object: KubernetesObject, isGone: boolean) => Iterable<string>,
  ) =>
    watchObjects(connection, kind, {
      namespace,
      ...selectors,
      // Several lists are read at once, and each page of them stands in memory as it came, too.
      pageSize: 100,
      keep: pack,
      maxBackOffMs: 5_000,
      onEvent: (event) => {
        onEvent(kind, event);
        switch (event.kind) {
          case 'listed':
            if (kind === kinds.egressRouter) known.clear();
            for (const object of event.objects) addAll(keysOf(object, false));
            return;
          case 'put':
            return addAll(keysOf(event.object, false));
          case 'removed':
            return addAll(keysOf(event.object, true));
          case 'state':
            return onState(kind, event.state);
        }
      },
    });
  const inNamespace = (object: KubernetesObject) => known.inNamespace(object.metadata.namespace ?? '');
  const labeled = ({ metadata: { namespace = '', labels } }: KubernetesObject) =>
    known.labeled(namespace, labels?.[routerLabel] ?? '');
  // A label that was taken off looks like an object that is gone: the owners tell then.
  const owned = (object: KubernetesObject) => new Set([...ownersOf(object), ...labeled(object)]);
  const made = { labelSelector: routerLabel };
  const subscriptions = [
    watch(kinds.egressRouter, {}, (object, isGone) => {
      const key = keyOf(object);
      if (isGone) known.remove(key);
      else if (known.add(object)) return [key];
      else onStatus(key);
      return [];
    }),
    watch(kinds.nad, made, owned),
    watch(kinds.configMap, made, owned),
    watch(kinds.deployment, made, owned),
    watch(kinds.service, made, owned),
    watch(kinds.pod, made, labeled),
    watch(
      kinds.event,
      { fieldSelector: 'involvedObject.kind=Pod,reason=FailedCreatePodSandBox' },
      inNamespace,
    ),
  ];
  return { close: () => subscriptions.forEach((subscription) => subscription.close()) };
}

function ownersOf({
  metadata: { namespace = '', ownerReferences = [] },
}: KubernetesObject): readonly string[] {
  return ownerReferences
    .filter((owner) => owner.kind === egressRouterKind)
    .map((owner) => `${namespace}/${owner.name}`);
}
