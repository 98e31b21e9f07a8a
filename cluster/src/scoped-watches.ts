import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Connection } from './connect.ts';
import { toKept } from './kept-fields.ts';
import type { Pace } from './pace.ts';
import { type ObjectEvent, type Watched, type WatchedKind, watched, watchedKinds } from './store.ts';
import type { ConnectionState, RoutersSnapshot } from './view.ts';
import { watchVisibleNamespaces } from './visible-namespaces.ts';
import { type ObjectWatch, type WatchEvent, watchObjects } from './watch.ts';

export interface ScopedWatchesOptions {
  /** Present: only this one. Absent: all, and where that is forbidden those that can be seen. */
  readonly namespace?: string | undefined;
  readonly pace: Pace;
  /** @param within the namespace that a list is of; absent: all */
  readonly onEvent: (of: WatchedKind, event: ObjectEvent, within: string | undefined) => void;
  /** State, scope, or what has been read of a namespace; absent: of all of them. */
  readonly onChange: (namespace: string | undefined) => void;
}

/**
 * One watch for each kind; a kind that may not be read everywhere has one for each namespace that can be seen, and
 * those of what belongs to routers only where there is a router.
 */
export class ScopedWatches {
  readonly #connection: Connection;
  readonly #options: ScopedWatchesOptions;
  readonly #entries = new Map<string, Entry>();
  /** The kinds that are read by namespace. */
  readonly #narrow = new Set<WatchedKind>();
  /** Of the entries, so many. */
  #unsettled = 0;
  #visible: readonly string[] | undefined;
  #namespaces: ReturnType<typeof watchVisibleNamespaces> | undefined;
  /** Where routers may not be read. */
  readonly #denied = new Set<string>();
  readonly #withRouters = new Set<string>();

  constructor(connection: Connection, options: ScopedWatchesOptions) {
    this.#connection = connection;
    this.#options = options;
    const { namespace } = options;
    for (const of of watchedKinds) {
      if (namespace !== undefined) this.#narrow.add(of);
      this.#start(of, namespace);
    }
  }

  get scope(): RoutersSnapshot['scope'] {
    const { namespace } = this.#options;
    if (namespace !== undefined) return { kind: 'namespaces', namespaces: [namespace] };
    if (!this.#narrow.has('egressRouter')) return { kind: 'cluster' };
    const permitted = (this.#visible ?? []).filter((one) => !this.#denied.has(one));
    const followed = permitted.filter((one) => this.#entries.has(keyOf('egressRouter', one)));
    const more = permitted.length - followed.length;
    return {
      kind: 'namespaces',
      namespaces: followed.length > 0 ? followed : [this.#connection.namespace],
      ...(more > 0 ? { more } : {}),
    };
  }

  /** That of the routers' own watches: what else cannot be read leaves gaps in the picture. */
  get state(): ConnectionState {
    const states = this.#telling().map(({ state }) => state);
    const lost = states.filter((state) => state.kind === 'unreachable');
    const [first] = lost.toSorted((a, b) => (a.since < b.since ? -1 : 1));
    if (first !== undefined) return first;
    const isLive = states.length > 0 && states.every(({ kind }) => kind === 'live');
    return isLive ? { kind: 'live' } : { kind: 'connecting' };
  }

  /** Of the watches of routers, the one that was silent for longest. */
  heardAt(): string | undefined {
    return this.#telling()
      .flatMap(({ watch }) => watch.heardAt() ?? [])
      .toSorted()[0];
  }

  /** Whether all is known that can be known of the routers of a namespace; absent: of all of them. */
  hasRead(namespace?: string): boolean {
    if (this.#narrow.has('egressRouter') && this.#scopeIsOpen()) return false;
    if (this.#unsettled === 0) return true;
    return [...this.#entries.values()].every(
      (entry) =>
        entry.isSettled ||
        (namespace !== undefined && entry.namespace !== undefined && entry.namespace !== namespace),
    );
  }

  /** To be called where a router is: what belongs to routers is read from then on. */
  needs(namespace: string): void {
    if (this.#withRouters.has(namespace)) return;
    this.#withRouters.add(namespace);
    for (const of of this.#narrow) {
      if (of !== 'egressRouter' && this.#options.namespace === undefined) this.#start(of, namespace);
    }
  }

  /** After sleep: every connection may be dead, and looks alive. */
  renew(): void {
    this.#namespaces?.renew();
    for (const { watch } of this.#entries.values()) watch.renew();
  }

  close(): void {
    this.#namespaces?.close();
    for (const { watch } of this.#entries.values()) watch.close();
    this.#entries.clear();
  }

  /** That one namespace is forbidden does not count where another one is not. */
  #telling(): readonly Entry[] {
    const all = [...this.#entries.values()].filter(({ of }) => of === 'egressRouter');
    const permitted = all.filter(({ namespace }) => namespace === undefined || !this.#denied.has(namespace));
    return permitted.length > 0 ? permitted : all;
  }

  #scopeIsOpen(): boolean {
    return this.#options.namespace === undefined && this.#visible === undefined;
  }

  #start(of: WatchedKind, namespace: string | undefined): void {
    const key = keyOf(of, namespace);
    if (this.#entries.has(key)) return;
    const { kind, labelSelector, fieldSelector }: Watched = watched[of];
    const { pace, onEvent } = this.#options;
    let isFirst = true;
    const watch: ObjectWatch = watchObjects(this.#connection, kind, {
      namespace,
      labelSelector,
      fieldSelector,
      pace,
      keep: (object: KubernetesObject) => toKept(of, object),
      onPage: (objects) => {
        // Shown as they come only where there is nothing to show yet.
        if (isFirst) for (const object of objects) onEvent(of, { kind: 'put', object }, namespace);
      },
      onEvent: (event) => {
        const entry = this.#entries.get(key);
        if (entry === undefined) return;
        // A list that does not come to its end is not shown again and again, as it may be another one each time.
        if (event.kind === 'listed' || (event.kind === 'state' && event.state.kind === 'unreachable')) {
          isFirst = false;
        }
        this.#receive(entry, event);
      },
    });
    this.#unsettled += 1;
    this.#entries.set(key, { of, namespace, watch, isSettled: false, state: { kind: 'connecting' } });
  }

  #receive(entry: Entry, event: WatchEvent): void {
    const { of, namespace } = entry;
    if (event.kind !== 'state') {
      this.#options.onEvent(of, event, namespace);
      if (event.kind === 'listed') this.#settle(entry);
      return;
    }
    entry.state = event.state;
    if (event.state.kind === 'unreachable') {
      if (event.state.reason === 'forbidden') {
        if (namespace === undefined) return this.#narrowDown(entry);
        if (of === 'egressRouter' && this.#options.namespace === undefined) return this.#deny(entry);
        if (of !== 'egressRouter') this.#options.onEvent(of, { kind: 'hidden' }, namespace);
      }
      this.#settle(entry);
    }
    if (of === 'egressRouter') {
      if (event.state.kind === 'live' && namespace !== undefined) this.#denied.delete(namespace);
      this.#options.onChange(namespace);
    }
  }

  #settle(entry: Entry): void {
    if (entry.isSettled) return;
    entry.isSettled = true;
    this.#unsettled -= 1;
    this.#options.onChange(entry.namespace);
  }

  /** From all namespaces to those that can be seen. */
  #narrowDown({ of }: Entry): void {
    this.#stop(of, undefined);
    this.#narrow.add(of);
    // What a right that is gone had shown.
    this.#options.onEvent(of, { kind: 'listed', objects: [] }, undefined);
    if (of === 'egressRouter') {
      const { pace } = this.#options;
      this.#namespaces = watchVisibleNamespaces(this.#connection, pace, (visible) => this.#look(visible));
    } else {
      for (const namespace of this.#withRouters) this.#start(of, namespace);
    }
    this.#options.onChange(undefined);
  }

  #look(visible: readonly string[]): void {
    const gone = (this.#visible ?? []).filter((namespace) => !visible.includes(namespace));
    this.#visible = visible;
    for (const namespace of gone) this.#leave(namespace);
    // A right may have come with whatever has changed.
    this.#fill({ triesDenied: this.#denied.size <= mostNamespaces });
    this.#options.onChange(undefined);
  }

  /** The own namespace first. One where routers may not be read takes no place from another. */
  #fill({ triesDenied = false }: { readonly triesDenied?: boolean } = {}): void {
    const own = this.#connection.namespace;
    const visible = this.#visible ?? [];
    let free = mostNamespaces - this.#followed();
    for (const namespace of [own, ...visible.filter((one) => one !== own)]) {
      if (this.#entries.has(keyOf('egressRouter', namespace))) continue;
      const isDenied = this.#denied.has(namespace);
      if (isDenied ? !triesDenied : free <= 0) continue;
      this.#start('egressRouter', namespace);
      if (!isDenied) free -= 1;
    }
  }

  #followed(): number {
    const all = [...this.#entries.values()].filter(({ of }) => of === 'egressRouter');
    return all.filter(({ namespace = '' }) => !this.#denied.has(namespace)).length;
  }

  #leave(namespace: string): void {
    this.#denied.delete(namespace);
    this.#withRouters.delete(namespace);
    for (const of of this.#narrow) {
      this.#stop(of, namespace);
      this.#options.onEvent(of, { kind: 'listed', objects: [] }, namespace);
    }
  }

  /** The connection's own stays, so that its refusal is shown where nothing else is, and tried again. */
  #deny(entry: Entry): void {
    const { namespace = '' } = entry;
    this.#denied.add(namespace);
    this.#options.onEvent('egressRouter', { kind: 'listed', objects: [] }, namespace);
    // Before this one is told to be settled, as not all is known yet.
    this.#fill();
    this.#settle(entry);
    if (namespace !== this.#connection.namespace) this.#stop('egressRouter', namespace);
    this.#options.onChange(namespace);
  }

  #stop(of: WatchedKind, namespace: string | undefined): void {
    const key = keyOf(of, namespace);
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    entry.watch.close();
    if (!entry.isSettled) this.#unsettled -= 1;
    this.#entries.delete(key);
  }
}

/** A connection each: more are not watched one by one. */
const mostNamespaces = 100;

function keyOf(of: WatchedKind, namespace: string | undefined): string {
  return `${of} ${namespace ?? ''}`;
}

interface Entry {
  readonly of: WatchedKind;
  /** Absent: all. */
  readonly namespace: string | undefined;
  readonly watch: ObjectWatch;
  /** Listed, or known not to be readable. */
  isSettled: boolean;
  state: ConnectionState;
}
