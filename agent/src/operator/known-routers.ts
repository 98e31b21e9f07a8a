import { routerLabelValue } from '#core/manifest/router-names.ts';

/** The keys (`namespace/name`) of the routers there are, by namespace. */
export class KnownRouters {
  readonly #byNamespace = new Map<string, Set<string>>();

  add(key: string): string {
    const namespace = namespaceOf(key);
    const keys = this.#byNamespace.get(namespace) ?? new Set();
    this.#byNamespace.set(namespace, keys.add(key));
    return key;
  }

  remove(key: string): void {
    const keys = this.#byNamespace.get(namespaceOf(key));
    keys?.delete(key);
    if (keys?.size === 0) this.#byNamespace.delete(namespaceOf(key));
  }

  replace(keys: readonly string[]): void {
    this.#byNamespace.clear();
    for (const key of keys) this.add(key);
  }

  /** Those that objects with this value of the router label may be of: one, but for very long names. */
  labeled(namespace: string, value: string): Iterable<string> {
    const keys = this.#byNamespace.get(namespace) ?? new Set();
    const key = `${namespace}/${value}`;
    if (keys.has(key)) return [key];
    return [...keys].filter((one) => routerLabelValue(one.slice(namespace.length + 1)) === value);
  }

  inNamespace(namespace: string): Iterable<string> {
    return [...(this.#byNamespace.get(namespace) ?? [])];
  }
}

export function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}
