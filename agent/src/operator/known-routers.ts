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

  /** @returns those worth a look as a router of their namespace has gone. */
  replace(keys: readonly string[]): readonly string[] {
    const before = [...this.#byNamespace.values()].flatMap((set) => [...set]);
    this.#byNamespace.clear();
    for (const key of keys) this.add(key);
    const gone = before.filter((key) => !this.#byNamespace.get(namespaceOf(key))?.has(key));
    return [...new Set(gone.map(namespaceOf))].flatMap((namespace) => [...this.inNamespace(namespace)]);
  }

  inNamespace(namespace: string): Iterable<string> {
    return [...(this.#byNamespace.get(namespace) ?? [])];
  }
}

export function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}
