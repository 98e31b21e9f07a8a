import type { ResourceKind } from '#cluster/kinds.ts';
import type { WatchEvent } from '#cluster/watch.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { pack, textOf, unpack } from './packed-object.ts';
import { ShortTexts } from './short-texts.ts';
import type { ObjectName, Selection } from './world.ts';

/**
 * What the watches have told, so that a reconciliation need not ask again. It may lag behind; whatever it lags
 * behind of comes as an event later, and the router is looked at once more.
 */
export class ObjectCache {
  readonly #kinds = new Map<ResourceKind, KindCache>();

  take(kind: ResourceKind, event: WatchEvent): void {
    const cache = this.#kinds.get(kind) ?? new KindCache();
    this.#kinds.set(kind, cache);
    cache.take(event);
  }

  /** The answer to a write: what this process wrote it sees at once. */
  wrote(kind: ResourceKind, object: KubernetesObject): void {
    this.#kinds.get(kind)?.wrote(object);
  }

  /** Undefined also where nothing is known of the kind at present. */
  find(kind: ResourceKind, name: ObjectName): KubernetesObject | undefined {
    return this.#kinds.get(kind)?.find(name);
  }

  /** Undefined where nothing is known of the kind at present, or where it cannot tell what is selected. */
  list(kind: ResourceKind, where: Selection = {}): readonly KubernetesObject[] | undefined {
    return where.fieldSelector === undefined ? this.#kinds.get(kind)?.list(where) : undefined;
  }
}

interface Known {
  readonly version: bigint;
  /** Of the form `,a=b,c=d,`. */
  readonly labels: string;
  /** Shortened. */
  readonly text: string;
}

class KindCache {
  #isLive = false;
  /** Up to here the watch has told everything. */
  #version = 0n;
  readonly #byNamespace = new Map<string, Map<string, Known>>();
  readonly #texts = new ShortTexts();

  take(event: WatchEvent): void {
    switch (event.kind) {
      case 'listed':
        this.#byNamespace.clear();
        for (const object of event.objects) this.#put(object);
        this.#version = toVersion(event.resourceVersion);
        this.#isLive = true;
        return;
      case 'put':
        this.#put(event.object);
        this.#advance(event.object);
        return;
      case 'removed':
        this.#remove(event.object);
        this.#advance(event.object);
        return;
      case 'state':
        // While a watch is down, what it told is of an age that nobody knows.
        this.#isLive = event.state.kind === 'live';
    }
  }

  wrote(object: KubernetesObject): void {
    // An older one was told by the watch already, and may have been removed since.
    if (versionOf(object) > this.#version) this.#put(object);
  }

  find({ namespace = '', name }: ObjectName): KubernetesObject | undefined {
    const known = this.#isLive ? this.#byNamespace.get(namespace)?.get(name) : undefined;
    return known === undefined ? undefined : this.#unpack(known);
  }

  list({ namespace, labelSelector = '' }: Selection): readonly KubernetesObject[] | undefined {
    if (!this.#isLive) return undefined;
    const pairs = labelSelector.split(',').filter((pair) => pair !== '');
    const within =
      namespace === undefined ? this.#byNamespace.values() : [this.#byNamespace.get(namespace) ?? new Map()];
    return [...within]
      .flatMap((objects) => [...objects.values()])
      .filter(({ labels }) => pairs.every((pair) => labels.includes(`,${pair},`)))
      .map((known) => this.#unpack(known));
  }

  #put(object: KubernetesObject): void {
    const { namespace = '', name, labels = {} } = object.metadata;
    const objects = this.#byNamespace.get(namespace) ?? new Map<string, Known>();
    const version = versionOf(object);
    const known = objects.get(name);
    // The same one comes twice: as the answer to a write, and by the watch.
    if (known !== undefined && (known.version > version || (known.version === version && version > 0n)))
      return;
    const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value},`);
    const text = this.#texts.shorten(textOf(pack(object)));
    objects.set(name, { version, labels: `,${pairs.join('')}`, text });
    this.#byNamespace.set(namespace, objects);
  }

  #unpack({ text }: Known): KubernetesObject {
    return unpack(this.#texts.restore(text));
  }

  #remove(object: KubernetesObject): void {
    const { namespace = '', name } = object.metadata;
    const objects = this.#byNamespace.get(namespace);
    const known = objects?.get(name);
    // This process has made another one of that name meanwhile.
    if (known !== undefined && known.version > versionOf(object)) return;
    objects?.delete(name);
    if (objects?.size === 0) this.#byNamespace.delete(namespace);
  }

  #advance(object: KubernetesObject): void {
    const version = versionOf(object);
    if (version > this.#version) this.#version = version;
  }
}

/** Versions of one kind can be compared as numbers, which Kubernetes promises since 1.35 and always kept. */
function versionOf(object: KubernetesObject): bigint {
  return toVersion(object.metadata.resourceVersion);
}

function toVersion(text: string | undefined): bigint {
  return text !== undefined && /^[0-9]+$/.test(text) ? BigInt(text) : 0n;
}
