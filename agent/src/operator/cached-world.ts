import type { ObjectCache } from './object-cache.ts';
import type { World } from './world.ts';

/**
 * Reads from the watches what they know. What they do not know of may still exist, so it is read from `direct`
 * before anybody takes it for missing and makes it. Kinds and selections that nobody watches are read there, too.
 *
 * For one reconciliation: what it found missing it does not ask for again before its next write.
 */
export function cachedWorld(direct: World, cache: ObjectCache): World {
  const missing = new Set<string>();
  return {
    ...direct,
    get: async (kind, name, signal) => {
      const known = cache.find(kind, name);
      const key = `${kind.plural} ${name.namespace ?? ''}/${name.name}`;
      if (known !== undefined || missing.has(key)) return known;
      const found = await direct.get(kind, name, signal);
      if (found === undefined) missing.add(key);
      return found;
    },
    apply: async (object, signal) => {
      missing.clear();
      await direct.apply(object, signal);
    },
    list: async (kind, where, signal) =>
      (where.isFresh ? undefined : cache.list(kind, where)) ?? direct.list(kind, where, signal),
  };
}
