import { createHash } from 'node:crypto';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { routerLabelValue } from '#core/manifest/router-names.ts';
import { pack, textOf, unpack } from './packed-object.ts';

/** The keys (`namespace/name`) of the routers there are, by namespace, with a digest of what was asked for. */
export class KnownRouters {
  readonly #byNamespace = new Map<string, Map<string, string>>();

  /** @returns false where all that a person may ask for is as it was: if anything changed, it is the status */
  add(router: KubernetesObject): boolean {
    const key = keyOf(router);
    const namespace = namespaceOf(key);
    const digests = this.#byNamespace.get(namespace) ?? new Map<string, string>();
    this.#byNamespace.set(namespace, digests);
    const before = digests.get(key);
    const digest = digestOf(router);
    digests.set(key, digest);
    return digest !== before;
  }

  remove(key: string): void {
    const keys = this.#byNamespace.get(namespaceOf(key));
    keys?.delete(key);
    if (keys?.size === 0) this.#byNamespace.delete(namespaceOf(key));
  }

  clear(): void {
    this.#byNamespace.clear();
  }

  /** Those that objects with this value of the router label may be of: one, but for very long names. */
  labeled(namespace: string, value: string): Iterable<string> {
    const keys = this.#byNamespace.get(namespace) ?? new Map<string, string>();
    const key = `${namespace}/${value}`;
    if (keys.has(key)) return [key];
    return [...keys.keys()].filter((one) => routerLabelValue(one.slice(namespace.length + 1)) === value);
  }

  inNamespace(namespace: string): Iterable<string> {
    return [...(this.#byNamespace.get(namespace)?.keys() ?? [])];
  }
}

export function keyOf({ metadata: { namespace = '', name } }: KubernetesObject): string {
  return `${namespace}/${name}`;
}

export function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

/** The API server counts up `generation` with each change of the spec, and with none of the status. */
function digestOf(router: KubernetesObject): string {
  const { metadata, ...rest } = unpack(textOf(pack(router)));
  const { uid, generation, deletionTimestamp, labels, annotations } = metadata;
  const asked = [uid, generation ?? rest['spec'], deletionTimestamp, labels, annotations];
  return createHash('sha256').update(JSON.stringify(asked)).digest('base64').slice(0, 16);
}
