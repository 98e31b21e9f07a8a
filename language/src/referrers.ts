/** Which files name places in which others. */
export class Referrers {
  readonly #targets = new Map<string, ReadonlySet<string>>();
  /** The same the other way round. */
  readonly #referrers = new Map<string, Set<string>>();

  /** @param targets in place of what the file named before */
  set(file: string, targets: ReadonlySet<string>): void {
    for (const target of this.#targets.get(file) ?? []) {
      if (targets.has(target)) continue;
      const referrers = this.#referrers.get(target);
      referrers?.delete(file);
      if (referrers?.size === 0) this.#referrers.delete(target);
    }
    for (const target of targets) {
      const referrers = this.#referrers.get(target) ?? new Set();
      this.#referrers.set(target, referrers.add(file));
    }
    if (targets.size === 0) this.#targets.delete(file);
    else this.#targets.set(file, targets);
  }

  delete(file: string): void {
    this.set(file, new Set());
  }

  to(file: string): Iterable<string> {
    return this.#referrers.get(file) ?? [];
  }
}
